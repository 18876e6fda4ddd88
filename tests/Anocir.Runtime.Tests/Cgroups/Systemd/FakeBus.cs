using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using Anocir.Runtime.Cgroups.Systemd;
using Anocir.Runtime.Logging;
using Anocir.Runtime.Tests.State;

namespace Anocir.Runtime.Tests.Cgroups.Systemd;

/// <summary>
/// A bus with systemd on it, on a socket in a directory of its own. Each call is put to the script; what it returns is sent, null hangs up.
/// </summary>
internal sealed class FakeBus : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Func<DbusMessage, DbusMessage[]?> _script;
    private readonly Thread _thread;

    public FakeBus(Func<DbusMessage, DbusMessage[]?> script, string greeting = "DATA\r\nOK 0123456789abcdef\r\n")
    {
        _script = script;
        Greeting = greeting;
        _listener.Bind(new UnixDomainSocketEndPoint(_directory["bus"]));
        _listener.Listen();
        _thread = new Thread(Serve) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>What it answers to AUTH and BEGIN.</summary>
    public string Greeting { get; }

    /// <summary>So many of the next connections are closed at once.</summary>
    public int HangUps { get; set; }

    /// <summary>What was called, in order.</summary>
    public ConcurrentQueue<DbusMessage> Calls { get; } = new();

    /// <summary>A manager that speaks to it.</summary>
    public SystemdManager Manager(int milliseconds = 20_000, Logger? log = null) =>
        new(new SystemdBus(false, ""), [new DbusAddress(_directory["bus"])], milliseconds, log);

    public static DbusMessage Reply(DbusMessage call, params DbusValue[] body) =>
        new() { Type = DbusMessageType.Reply, Serial = 1000 + call.Serial, ReplySerial = call.Serial, Body = body };

    public static DbusMessage Error(DbusMessage call, string name, string text) =>
        new() { Type = DbusMessageType.Error, Serial = 1000 + call.Serial, ReplySerial = call.Serial, ErrorName = name, Body = [DbusValue.String(text)] };

    public static DbusMessage JobRemoved(string job, string unit, string result) => new()
    {
        Type = DbusMessageType.Signal,
        Serial = 5,
        Path = "/org/freedesktop/systemd1",
        Interface = "org.freedesktop.systemd1.Manager",
        Member = "JobRemoved",
        Body = [DbusValue.UInt32(7), DbusValue.OfText('o', job), DbusValue.String(unit), DbusValue.String(result)],
    };

    public void Dispose()
    {
        _listener.Dispose();
        _thread.Join();
        _directory.Dispose();
    }

    private void Serve()
    {
        try
        {
            while (true)
            {
                using Socket client = _listener.Accept();
                if (HangUps > 0)
                {
                    HangUps--;
                    continue;
                }

                try
                {
                    ServeOne(client);
                }
                catch (SocketException)
                {
                    // It went away before the answer: the next one is served.
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // disposed
        }
    }

    private void ServeOne(Socket client)
    {
        List<byte> got = [];
        byte[] buffer = new byte[4096];
        bool greeted = false;
        int read;
        while ((read = client.Receive(buffer)) > 0)
        {
            got.AddRange(buffer.AsSpan(0, read));
            if (!greeted)
            {
                int begin = Encoding.Latin1.GetString([.. got]).IndexOf("BEGIN\r\n", StringComparison.Ordinal);
                if (begin < 0)
                {
                    continue;
                }

                got.RemoveRange(0, begin + 7);
                greeted = true;
                _ = client.Send(Encoding.ASCII.GetBytes(Greeting));
            }

            while (got.Count >= DbusMessage.FixedLength && DbusMessage.LengthOf([.. got]) is int length && got.Count >= length)
            {
                var call = DbusMessage.Parse([.. got[..length]]);
                got.RemoveRange(0, length);
                Calls.Enqueue(call);
                DbusMessage[]? answers = call.Member is "Hello" or "AddMatch" or "Subscribe" ? [Reply(call)] : _script(call);
                if (answers is null)
                {
                    return;
                }

                foreach (DbusMessage answer in answers)
                {
                    _ = client.Send(answer.Marshal());
                }
            }
        }
    }
}
