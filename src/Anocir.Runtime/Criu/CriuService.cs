using System;
using Anocir.Linux;
using Anocir.Runtime.Cgroups;
using Anocir.Runtime.Errors;
using Anocir.Runtime.HookPrograms;
using Anocir.Runtime.Launch;

namespace Anocir.Runtime.Criu;

/// <summary>The conversation with one <c>criu swrk</c>: a request, notifications that each want an answer, the answer to the request.</summary>
internal sealed class CriuService(Fd socket, int pid) : IDisposable
{
    private const int MaxMessage = 64 * 1024;

    private const int QuestionMilliseconds = 60_000;

    // Between two words about a container CRIU may have to write all its memory, or to wait for another machine: as long as a hook may take.
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
            : throw new ContainerException($"criu cannot {what}" + (response.Errno != 0 ? ": " + ErrnoText.Describe((Errno)response.Errno) : ""));
    }

    /// <summary>Sends a request about a container and returns its answer, which may say that it failed.</summary>
    /// <param name="type">What to do.</param>
    /// <param name="options">Its options.</param>
    /// <param name="notified">Called for each notification. When it throws, CRIU is told to give up.</param>
    public CriuResponse Work(CriuRequestType type, CriuOptions options, Notified notified)
    {
        var cgroups = new UnifiedOptions();
        try
        {
            return Converse(type, options, notified);
        }
        finally
        {
            cgroups.Restore();
        }
    }

    private CriuResponse Converse(CriuRequestType type, CriuOptions options, Notified notified)
    {
        var request = new ProtobufWriter();
        request.Number(1, (long)type);
        request.Message(2, options.Write());
        Send(request);
        while (true)
        {
            CriuResponse response = Receive(WorkMilliseconds, out int fd);
            if (response.Type != CriuRequestType.Notify)
            {
                return response;
            }

            bool success = false;
            try
            {
                notified(response.Script, response.Pid, fd);
                success = true;
            }
            finally
            {
                Answer(success);
            }
        }
    }

    /// <summary>Waits for its end; false when it did not end well.</summary>
    public bool Finish()
    {
        socket.Dispose();
        _reaped = true;
        return ChildEnd.Wait(Pid) == 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // One that still works stops with the next thing it wants to tell, and lets the processes go on; killed, it could not.
        socket.Dispose();
        if (!_reaped)
        {
            _reaped = true;
            _ = ChildEnd.Wait(Pid);
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

    private ContainerException Ended()
    {
        _reaped = true;
        return new ContainerException("criu ended without an answer"
            + (ChildEnd.Wait(Pid) is { } status ? ": " + WaitStatusText.Describe(status) : " " + ProcessState.Describe(Pid)));
    }
}
