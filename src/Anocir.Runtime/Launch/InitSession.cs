using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Anocir.Linux;
using Anocir.Plan;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Planning;

namespace Anocir.Runtime.Launch;

/// <summary>The controller's end of the conversation drawn at <see cref="SyncKind"/>.</summary>
internal sealed class InitSession(Fd socket, PlanWriter plan) : IDisposable
{
    /// <summary>Longest silence of init: no single step takes that long unless a file system or the kernel hangs.</summary>
    private const int SilenceMilliseconds = 120_000;

    /// <summary>The plan that failures of steps are told by.</summary>
    public PlanWriter Plan { get; set; } = plan;

    /// <summary>PID of init, once its message arrived, else 0.</summary>
    public int Pid { get; private set; }

    /// <summary>PID of the second helper of exec, once its message arrived, else 0.</summary>
    public int Helper { get; private set; }

    /// <summary>Kind of the step that failed, or None.</summary>
    public StepKind FailedStep { get; private set; }

    /// <summary>Whether a step failed, or the plan was refused.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Error number of that step.</summary>
    public Errno FailedErrno { get; private set; }

    /// <summary>Whether that step was to put a process into a cgroup.</summary>
    public bool FailedCgroup { get; private set; }

    /// <summary>Whether init may be silent for as long as it likes: a frozen one (exec --ignore-paused) is.</summary>
    public bool IsPatient { get; init; }

    /// <summary>The next message; a descriptor that comes along goes to <paramref name="fd"/>.</summary>
    /// <exception cref="ContainerException">A step failed; init died; nothing came for two minutes.</exception>
    public SyncKind Receive(out int fd)
    {
        SysResult ready = Sys.PollInput(socket.Number, -1, IsPatient ? -1 : SilenceMilliseconds);
        if (ready.Value == 0)
        {
            throw new ContainerException("waited 120 s for init " + ProcessState.Describe(Pid) + "; hint: a hanging file system (NFS, FUSE) looks like this");
        }

        Span<byte> buffer = stackalloc byte[Unsafe.SizeOf<SyncMessage>() + SyncMessage.MaxText];
        SysResult received = Sys.Receive(socket.Number, buffer, out fd);
        if (received.IsError || received.Int < Unsafe.SizeOf<SyncMessage>())
        {
            throw new InitDiedException();
        }

        SyncMessage message = MemoryMarshal.Read<SyncMessage>(buffer);
        var kind = (SyncKind)message.Kind;
        if (kind == SyncKind.Failed)
        {
            int length = Math.Min((int)message.TextLength, received.Int - Unsafe.SizeOf<SyncMessage>());
            string text = Encoding.UTF8.GetString(buffer.Slice(Unsafe.SizeOf<SyncMessage>(), Math.Max(0, length)));
            int index = message.Step == SyncMessage.InvalidPlan ? -1 : (int)message.Step;
            HasFailed = true;
            FailedErrno = (Errno)message.Errno;
            FailedStep = index < 0 ? StepKind.None : (StepKind)Plan.At(index).Kind;
            FailedCgroup = FailedStep == StepKind.CloneInit && Plan.At(index).SlotA == Slots.Cgroup;
            throw new ContainerException(StepText.Describe(Plan, index, (Errno)message.Errno, message.Value, text));
        }

        if (kind == SyncKind.Pid)
        {
            Pid = (int)message.Value;
        }
        else if (kind == SyncKind.Helper)
        {
            Helper = (int)message.Value;
        }

        return kind;
    }

    /// <summary>Sends a message; init learns its PID from it.</summary>
    public void Send(SyncKind kind)
    {
        var message = new SyncMessage { Kind = (uint)kind, Value = Pid };
        SysResult sent = Sys.Send(socket.Number, MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(ref message, 1)));
        if (sent.IsError)
        {
            // init closed its end: it either reported why, or died.
            _ = Receive(out _);
            throw new InitDiedException();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();
}

/// <summary>init or the helper ended without a word; the launcher finds out how.</summary>
internal sealed class InitDiedException : Exception;
