using System;
using System.Collections.Generic;
using System.Text;
using Anocir.Linux;

namespace Anocir.Runtime.Cgroups.Systemd;

/// <summary>
/// A connection to a message bus, or to systemd itself: one thread, no events. Calls may be sent ahead; an answer is taken by the serial of its call.
/// Every wait has a deadline.
/// </summary>
internal sealed class DbusConnection : IDisposable
{
    private const string Bus = "org.freedesktop.DBus";
    private readonly Fd _socket;
    private readonly List<DbusMessage> _signals = [];
    private byte[] _buffer = new byte[4096];
    private int _start;
    private int _end;
    private uint _serial;
    private bool _authenticated;

    private DbusConnection(Fd socket) => _socket = socket;

    /// <summary>Connects and sends, without waiting for an answer, who we are and (to a bus) the greeting.</summary>
    /// <returns>The connection, or the error of connect(2).</returns>
    /// <exception cref="DbusClosedException">The peer hung up.</exception>
    public static (DbusConnection? Connection, Errno Error) Open(DbusAddress address)
    {
        SysResult connected = Sys.ConnectUnix(address.Path, address.IsAbstract);
        if (connected.IsError)
        {
            return (null, connected.Errno);
        }

        var connection = new DbusConnection(new Fd(connected.Int));

        try
        {
            // No name of ours: the peer takes the credentials of the socket, which are right inside a user namespace too.
            connection.SendAll("\0AUTH EXTERNAL\r\nDATA\r\nBEGIN\r\n"u8);
            if (address.IsBus)
            {
                _ = connection.Send(Bus, "/org/freedesktop/DBus", Bus, "Hello");
            }

            return (connection, default);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Asks a bus for the signals that this rule names; the answer is not waited for.</summary>
    public void AddMatch(string rule) => _ = Send(Bus, "/org/freedesktop/DBus", Bus, "AddMatch", DbusValue.String(rule));

    /// <summary>Sends a call; the result is its serial, which its answer names.</summary>
    public uint Send(string destination, string path, string @interface, string member, params DbusValue[] body)
    {
        var message = new DbusMessage
        {
            Type = DbusMessageType.Call,
            Serial = ++_serial,
            Destination = destination,
            Path = path,
            Interface = @interface,
            Member = member,
            Body = body,
        };
        SendAll(message.Marshal());
        return _serial;
    }

    /// <summary>
    /// The next message that <paramref name="isWanted"/>. Other signals are kept for later: the one that a job is done may come before the
    /// answer that names the job. Other answers, those to calls sent ahead, are dropped.
    /// </summary>
    /// <param name="isWanted">Chooses.</param>
    /// <param name="deadline">In milliseconds of <see cref="Environment.TickCount64"/>.</param>
    /// <returns>The message, or null when time is up.</returns>
    /// <exception cref="DbusClosedException">The peer hung up, refused us, or does not speak D-Bus.</exception>
    public DbusMessage? Receive(Predicate<DbusMessage> isWanted, long deadline)
    {
        if (_signals.Find(isWanted) is { } kept)
        {
            _ = _signals.Remove(kept);
            return kept;
        }

        try
        {
            while (true)
            {
                if (!_authenticated && !Authenticate(deadline))
                {
                    return null;
                }

                if (!Fill(DbusMessage.FixedLength, deadline))
                {
                    return null;
                }

                int length = DbusMessage.LengthOf(_buffer.AsSpan(_start));
                if (!Fill(length, deadline))
                {
                    return null;
                }

                DbusMessage message = DbusMessage.Parse(_buffer.AsSpan(_start, length));
                _start += length;
                if (isWanted(message))
                {
                    return message;
                }

                if (message.Type == DbusMessageType.Signal)
                {
                    _signals.Add(message);
                }
            }
        }
        catch (DbusProtocolException e)
        {
            throw new DbusClosedException("it sent " + e.Message);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    // "OK" somewhere among the answers; systemd of before version 250 answers "ERROR" to the empty DATA, which it did not ask for.
    private bool Authenticate(long deadline)
    {
        bool accepted = false;
        while (true)
        {
            if (!Fill(1, deadline))
            {
                return false;
            }

            if (accepted && (_buffer[_start] is (byte)'l' or (byte)'B'))
            {
                _authenticated = true;
                return true;
            }

            int end;
            while ((end = _buffer.AsSpan(_start.._end).IndexOf("\r\n"u8)) < 0)
            {
                if (!Fill(_end - _start + 1, deadline))
                {
                    return false;
                }
            }

            ReadOnlySpan<byte> line = _buffer.AsSpan(_start, end);
            accepted |= line.StartsWith("OK"u8);
            if (line.StartsWith("REJECTED"u8))
            {
                throw new DbusClosedException("it refused this user (" + Encoding.UTF8.GetString(line) + ")");
            }

            _start += end + 2;
        }
    }

    // At least this many bytes in the buffer; false when time is up.
    private bool Fill(int count, long deadline)
    {
        while (_end - _start < count)
        {
            if (_buffer.Length - _start < count)
            {
                byte[] room = new byte[Math.Max(_buffer.Length, count)];
                _buffer.AsSpan(_start.._end).CopyTo(room);
                (_buffer, _start, _end) = (room, 0, _end - _start);
            }

            long left = deadline - Environment.TickCount64;
            SysResult ready = left <= 0 ? new SysResult(0) : Sys.PollInput(_socket.Number, -1, (int)Math.Min(left, int.MaxValue));
            if (ready.IsError || ready.Value == 0)
            {
                return ready.IsError ? throw new DbusClosedException(ready.Errno.ToString()) : false;
            }

            SysResult read = Sys.Read(_socket.Number, _buffer.AsSpan(_end));
            _end += read.IsError || read.Value == 0
                ? throw new DbusClosedException(read.IsError ? read.Errno.ToString() : "it closed the connection")
                : read.Int;
        }

        return true;
    }

    private void SendAll(ReadOnlySpan<byte> data)
    {
        while (!data.IsEmpty)
        {
            SysResult sent = Sys.Send(_socket.Number, data);
            data = sent.IsError ? throw new DbusClosedException(sent.Errno.ToString()) : data[sent.Int..];
        }
    }
}

/// <summary>The peer is gone or will not talk to us.</summary>
internal sealed class DbusClosedException(string why, bool isAway = false) : Exception(why)
{
    /// <summary>The bus is there, but whom we spoke to has left it.</summary>
    public bool IsAway => isAway;
}
