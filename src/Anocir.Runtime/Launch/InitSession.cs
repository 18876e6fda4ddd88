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
    // How long the helper may be dead before that is noticed while init, which has the same end of the socket, still lives.
    private const int HelperMilliseconds = 250;

    /// <summary>
    /// Longest silence of init: no single step but a hook takes two minutes unless a file system or the kernel hangs.
    /// </summary>
    public int SilenceMilliseconds { get; set; } = 120_000;

    /// <summary>PID of the helper that makes init, 0 when nobody has to be looked after until <see cref="Pid"/> is known.</summary>
    public int Helper { get; set; }

    /// <summary>Whether a second helper is still to be told, which may come after what the process made by it says.</summary>
    public bool AwaitsSecondHelper { get; set; }

    /// <summary>The plan that failures of steps are told by.</summary>
    public PlanWriter Plan { get; set; } = plan;

    /// <summary>The container's root on the host, for a program that cannot be executed; null without an explanation.</summary>
    public string? Root { get; set; }

    /// <summary>PID of init, once its message arrived, else 0.</summary>
    public int Pid { get; private set; }

    /// <summary>PID of the second helper of exec, once its message arrived, else 0.</summary>
    public int SecondHelper { get; private set; }

    /// <summary>Kind of the step that failed, or None.</summary>
    public StepKind FailedStep { get; private set; }

    /// <summary>Whether a step failed, or the plan was refused.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Error number of that step.</summary>
    public Errno FailedErrno { get; private set; }

    /// <summary>Whether that step was to put a process into a cgroup.</summary>
    public bool FailedCgroup { get; private set; }

    /// <summary>
    /// The next message; a descriptor that comes along goes to <paramref name="fd"/>, with <see cref="SyncKind.SeccompListener"/> the number of one that is
    /// init's still.
    /// </summary>
    /// <exception cref="ContainerException">A step failed, or nothing came for <see cref="SilenceMilliseconds"/>.</exception>
    /// <exception cref="InitDiedException">The other end is closed, or the helper ended without having told init's PID.</exception>
    public SyncKind Receive(out int fd)
    {
        WaitForMessage();

        Span<byte> buffer = stackalloc byte[Unsafe.SizeOf<SyncMessage>() + SyncMessage.MaxText];
        SysResult received = Sys.Receive(socket.Number, buffer, out fd);
        if (received.Is(Errno.ECONNRESET))
        {
            // It ended without having read all we sent. The kernel says that first, and only then hands out what it sent before.
            received = Sys.Receive(socket.Number, buffer, out fd);
        }

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
            throw new ContainerException(StepText.Describe(Plan, index, FailedErrno, message.Value, text, Root)) { Errno = FailedErrno };
        }

        if (kind == SyncKind.Pid)
        {
            Pid = (int)message.Value;
        }
        else if (kind == SyncKind.Helper)
        {
            SecondHelper = (int)message.Value;
            AwaitsSecondHelper = false;
            Helper = SecondHelper; // the first has done its part
        }

        if (kind == SyncKind.SeccompListener)
        {
            fd = (int)message.Value;
        }

        return kind;
    }

    /// <summary>Sends a message.</summary>
    public void Send(SyncKind kind)
    {
        var message = new SyncMessage { Kind = (uint)kind };
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

    private void WaitForMessage()
    {
        int waited = 0;
        while (Helper != 0 && (Pid == 0 || AwaitsSecondHelper) && waited < SilenceMilliseconds)
        {
            if (Sys.PollInput(socket.Number, -1, HelperMilliseconds).Value != 0)
            {
                return;
            }

            // Dead first, then the socket: what it said before its end is there.
            if (Sys.HasEnded(Helper))
            {
                if (Sys.PollInput(socket.Number, -1, 0).Value != 0)
                {
                    return;
                }

                throw new InitDiedException();
            }

            waited += HelperMilliseconds;
        }

        if (Sys.PollInput(socket.Number, -1, Math.Max(SilenceMilliseconds - waited, 0)).Value == 0)
        {
            throw InitText.Silent(SilenceMilliseconds, ProcessState.Describe(Pid != 0 ? Pid : Helper));
        }
    }
}

/// <summary>init or the helper ended without a word; the launcher finds out how.</summary>
internal sealed class InitDiedException : Exception;
