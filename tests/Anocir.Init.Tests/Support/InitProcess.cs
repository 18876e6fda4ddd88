using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Text;
using Anocir.Plan;

namespace Anocir.Init.Tests;

/// <summary>The real anocir-init, running a plan. The test is its controller.</summary>
internal sealed unsafe class InitProcess : IDisposable
{
    /// <summary>Where the fds of a plan appear in init: above everything the test process has open, which Start checks.</summary>
    public const int FirstFd = 900;

    private int _socket;
    private bool _reaped;

    private InitProcess(int pid, int socket)
    {
        Pid = pid;
        _socket = socket;
    }

    public int Pid { get; private set; }

    public static string Program { get; } = Path.GetFullPath(Path.Combine(
        Path.GetDirectoryName(ThisFile())!, "../../../artifacts/bin/Anocir.Init/anocir-init"));

    /// <summary>Starts init with a plan whose slots name fds of this process, and a socket in <see cref="Slots.Sync"/>.</summary>
    public static InitProcess Start(TestPlan plan, bool withSocket = true, params (int From, int To)[] stdio)
    {
        (int ours, int theirs) = withSocket ? Os.SocketPair() : (-1, -1);
        if (withSocket)
        {
            plan.SlotTable[Slots.Sync] = theirs;
        }

        var fds = new List<(int From, int To)>(stdio);
        for (int i = 0; i < plan.SlotTable.Count; i++)
        {
            if (plan.SlotTable[i] >= 0)
            {
                fds.Add((plan.SlotTable[i], FirstFd + i));
                plan.SlotTable[i] = FirstFd + i;
            }
        }

        InitProcess process = Start(plan.Build(), ours, fds);
        if (withSocket)
        {
            Os.Close(theirs);
        }

        return process;
    }

    /// <summary>Starts init with any image as its plan.</summary>
    public static InitProcess Start(byte[] image, int socket = -1, IEnumerable<(int From, int To)>? fds = null)
    {
        const int PlanFd = FirstFd - 1;
        int plan = Os.Memfd(image);
        if (plan >= PlanFd)
        {
            throw new InvalidOperationException($"fd {plan} of the test process is in the way of init's: tests leave descriptors open");
        }

        try
        {
            int pid = Spawn.Start(
                Program, ["anocir", "init"], [$"PLAN={PlanFd}"], (fds ?? []).Append((plan, PlanFd)));
            return new InitProcess(pid, socket);
        }
        finally
        {
            Os.Close(plan);
        }
    }

    /// <summary>Receives one packet within the deadline; null at end of file.</summary>
    public SyncMessage? Receive(out string text)
    {
        text = "";
        if (!Os.WaitFor(_socket))
        {
            throw new TimeoutException("no message from init");
        }

        byte[] packet = Os.Read(_socket);
        if (packet.Length == 0)
        {
            return null;
        }

        text = Encoding.UTF8.GetString(packet[sizeof(SyncMessage)..]);
        fixed (byte* p = packet)
        {
            return *(SyncMessage*)p;
        }
    }

    /// <summary>Receives a message of this kind.</summary>
    public SyncMessage Expect(SyncKind kind)
    {
        SyncMessage? message = Receive(out string text);
        return message?.Kind == (uint)kind
            ? message.Value
            : throw new InvalidOperationException($"got {Describe(message)} '{text}' instead of {kind}");
    }

    /// <summary>Receives a message of this kind with an fd.</summary>
    public int ExpectFd(SyncKind kind) =>
        Os.WaitFor(_socket) ? Os.Check(Socket.ReceiveFd(_socket, (uint)kind)) : throw new TimeoutException("no fd from init");

    public void Send(SyncKind kind, long value = 0) => Os.Check(Socket.Send(_socket, (uint)kind, value));

    /// <summary>Waits for the end and returns the exit code, or 128 + signal.</summary>
    public int WaitExit()
    {
        int status = Os.WaitExit(Pid);
        _reaped = true;
        return (status & 0x7F) == 0 ? status >> 8 : 128 + (status & 0x7F);
    }

    /// <summary>Takes over a process that init cloned, as the one to wait for.</summary>
    public void Follow(int pid)
    {
        Pid = pid;
        _reaped = false;
    }

    /// <summary>What a controller's death looks like.</summary>
    public void CloseSocket()
    {
        if (_socket >= 0)
        {
            Os.Close(_socket);
            _socket = -1;
        }
    }

    /// <summary>A file below /proc/PID.</summary>
    public string Proc(string name) => File.ReadAllText($"/proc/{Pid}/{name}");

    /// <summary>The value behind "Name:" in /proc/PID/status.</summary>
    public string Status(string name) => Proc("status").Split('\n')
        .First(l => l.StartsWith(name + ":", StringComparison.Ordinal))[(name.Length + 1)..].Trim();

    public void Dispose()
    {
        CloseSocket();
        if (!_reaped)
        {
            Os.Kill(Pid, Sig.KILL);
            WaitExit();
        }
    }

    private static string Describe(SyncMessage? message) => message is not { } m
        ? "end of file"
        : $"{(SyncKind)m.Kind} step {m.Step} errno {m.Errno} value {m.Value}";

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
