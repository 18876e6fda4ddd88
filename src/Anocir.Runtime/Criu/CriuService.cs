using System;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.HookPrograms;
using Anocir.Runtime.Launch;

namespace Anocir.Runtime.Criu;

/// <summary>The conversation with one <c>criu swrk</c>: a request, notifications that each want an answer, the answer to the request.</summary>
/// <param name="socket">Our end of its socket.</param>
/// <param name="pid">The process, a child of this one.</param>
/// <param name="path">The program, for messages.</param>
/// <param name="output">A memfd with what it prints; not open when that is the caller's.</param>
internal sealed class CriuService(Fd socket, int pid, string path, Fd output) : IDisposable
{
    private const int MaxMessage = 64 * 1024;
    private const int QuestionMilliseconds = 60_000;
    private const int GivingUpMilliseconds = 10_000;

    // Between two words about a container CRIU may have to write all its memory: as long as a hook may take.
    private const int WorkMilliseconds = HookTime.Usual * 1000;
    private bool _reaped;

    /// <summary>The process.</summary>
    public int Pid { get; } = pid;

    /// <summary>What a notification tells: its name, the PID in it, and a descriptor that came along or -1, which the callee owns.</summary>
    public delegate void Notified(string script, int pid, int fd);

    /// <summary>Sends a question and returns its answer.</summary>
    /// <param name="request">The message.</param>
    /// <param name="what">What CRIU shall do, for messages: <c>tell its version</c>.</param>
    public CriuResponse Ask(ProtobufWriter request, string what)
    {
        Send(request);
        CriuResponse response = Receive(QuestionMilliseconds, out int fd);
        using var unwanted = new Fd(fd);
        return response.Success
            ? response
            : throw new ContainerException($"criu cannot {what}" + (response.Errno != 0 ? ": " + ErrnoText.Describe((Errno)response.Errno) : "") + Printed());
    }

    /// <summary>Sends a request about a container and returns its answer, which may say that it failed.</summary>
    /// <param name="type">What to do.</param>
    /// <param name="options">Its options.</param>
    /// <param name="notified">Called for each notification. When it throws, CRIU is told to give up, and has done so when this throws.</param>
    public CriuResponse Work(CriuRequestType type, CriuOptions options, Notified notified)
    {
        // What an earlier failure left there is not the cause of this one.
        _ = Sys.UnlinkAt(options.WorkFd >= 0 ? options.WorkFd : options.ImagesFd, options.LogFile);
        var request = new ProtobufWriter();
        request.Number(1, (long)type);
        request.Message(2, options.Write());
        Send(request);

        // Pages for another machine take as long as that wants; then this ends with CRIU.
        int silence = options.Choices.LazyPages || options.Choices.PageServer is not null ? -1 : WorkMilliseconds;
        while (true)
        {
            CriuResponse response = Receive(silence, out int fd);
            if (response.Type != CriuRequestType.Notify)
            {
                return response;
            }

            try
            {
                notified(response.Script, response.Pid, fd);
            }
            catch
            {
                Answer(success: false);
                AwaitGivingUp();
                throw;
            }

            Answer(success: true);
        }
    }

    /// <summary>Waits for its end; false when it did not end well.</summary>
    public bool Finish()
    {
        socket.Dispose();
        return Reap() == 0;
    }

    /// <summary>
    /// Lets it end: one that still works stops with the next thing it wants to tell, and takes back what it has done. Killed, it could not; so that is only for one
    /// that hangs, and only for a restore, where nothing is lost.
    /// </summary>
    /// <param name="kill">Whether to kill one that is still there after ten seconds.</param>
    public void End(bool kill)
    {
        socket.Dispose();
        if (!_reaped && Reap() is null && kill)
        {
            _ = ChildEnd.Kill(Pid); // not reaped: the PID is its own
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        End(kill: false);
        output.Dispose();
    }

    private int? Reap()
    {
        int? status = ChildEnd.Wait(Pid);
        _reaped = status is not null;
        return status;
    }

    private void AwaitGivingUp()
    {
        byte[] buffer = new byte[MaxMessage];
        while (Sys.PollInput(socket.Number, -1, GivingUpMilliseconds).Value > 0)
        {
            SysResult received = Sys.Receive(socket.Number, buffer, out int fd);
            using var unwanted = new Fd(fd);
            bool isNotification = !received.IsError && received.Int > 0
                && CriuResponse.Read(buffer.AsSpan(0, received.Int)) is { Type: CriuRequestType.Notify };
            if (!isNotification)
            {
                return;
            }

            Answer(success: true); // such as network-unlock: it is undoing things
        }
    }

    private void Answer(bool success)
    {
        var answer = new ProtobufWriter();
        answer.Number(1, (long)CriuRequestType.Notify);
        answer.Number(3, success ? 1 : 0);
        _ = Sys.Send(socket.Number, answer.Written);
    }

    private void Send(ProtobufWriter message)
    {
        SysResult sent = Sys.Send(socket.Number, message.Written);
        if (sent.IsError)
        {
            throw Ended();
        }
    }

    private CriuResponse Receive(int milliseconds, out int fd)
    {
        fd = -1;
        if (Sys.PollInput(socket.Number, -1, milliseconds).Value == 0)
        {
            throw new ContainerException($"criu has said nothing for {milliseconds / 1000} s {ProcessState.Describe(Pid)}");
        }

        byte[] buffer = new byte[MaxMessage];
        SysResult received = Sys.Receive(socket.Number, buffer, out fd);
        return received.IsError || received.Int == 0 || CriuResponse.Read(buffer.AsSpan(0, received.Int)) is not { } response ? throw Ended() : response;
    }

    private ContainerException Ended() => new(
        $"'{path}' ended without an answer: " + (Reap() is { } status ? WaitStatusText.Describe(status) : ProcessState.Describe(Pid)) + Printed());

    /// <summary>What it printed, with a colon before it; empty without anything. Where its log says nothing, this does.</summary>
    public string Printed() => output.IsOpen && HookFile.Shown(output) is { Length: > 0 } text ? ": " + text : "";
}
