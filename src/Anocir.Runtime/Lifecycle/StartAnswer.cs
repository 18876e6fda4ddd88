using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Anocir.Linux;
using Anocir.Plan;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Launch;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>What init answers to the start byte: 'G' and end of file (exec happened), 'G' and a record (it failed), or nothing (it died).</summary>
internal static class StartAnswer
{
    /// <summary>Waits for the whole answer; returns when the program runs. <paramref name="record"/> helps to explain a failure.</summary>
    /// <exception cref="ContainerException">The program could not be executed, init died, or time ran out.</exception>
    public static void Await(Fd reply, Fd pidfd, int milliseconds, ContainerRecord record)
    {
        Span<byte> buffer = stackalloc byte[1 + Unsafe.SizeOf<StartFailure>() + StartFailure.MaxText];
        int length = 0;
        while (true)
        {
            SysResult ready = Sys.PollInput(reply.Number, pidfd.Number, milliseconds);
            if (ready.Value == 0)
            {
                throw InitText.NotStarted(ProcessState.Describe(record.Pid));
            }

            SysResult read = Sys.Read(reply.Number, buffer[length..]);
            if (read.Is(Errno.EAGAIN))
            {
                if ((ready.Int & 2) != 0)
                {
                    break; // dead, yet the FIFO is still open elsewhere: a child of a hook may hold it
                }

                continue;
            }

            if (read.IsError || read.Int == 0)
            {
                break;
            }

            length += read.Int;
        }

        Interpret(buffer[..length], record.Rootfs);
    }

    /// <summary>Throws unless the answer is a bare 'G'.</summary>
    public static void Interpret(ReadOnlySpan<byte> answer, string? root)
    {
        if (answer.Length == 1 && answer[0] == StartFailure.Going)
        {
            return;
        }

        if (answer.Length <= Unsafe.SizeOf<StartFailure>() || answer[0] != StartFailure.Going)
        {
            throw InitText.Died();
        }

        throw Failed(answer[1..], root);
    }

    /// <summary>The error for a failure record and its text; <paramref name="root"/> is the container's root on the host, if known.</summary>
    public static ContainerException Failed(ReadOnlySpan<byte> record, string? root)
    {
        StartFailure failure = MemoryMarshal.Read<StartFailure>(record);
        ReadOnlySpan<byte> rest = record[Unsafe.SizeOf<StartFailure>()..];
        string text = Encoding.UTF8.GetString(rest[..(int)Math.Min(failure.TextLength, rest.Length)]);
        return new ContainerException(StartFailureText.Describe(failure, text, root))
        {
            InitLine = (StepKind)failure.StepKind == StepKind.Exec ? ProgramText.ExecLine(text, (Errno)failure.Errno) : null,
        };
    }
}
