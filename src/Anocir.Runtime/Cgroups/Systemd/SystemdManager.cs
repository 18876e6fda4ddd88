using System;
using System.Collections.Generic;
using System.Globalization;
using System.Threading;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Logging;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Cgroups.Systemd;

/// <summary>
/// The few calls of org.freedesktop.systemd1.Manager that a container needs. Nothing waits for ever; a bus that goes away is connected to
/// again, as far as that makes sense.
/// </summary>
public sealed class SystemdManager : IDisposable
{
    private const string Service = "org.freedesktop.systemd1";
    private const string ManagerPath = "/org/freedesktop/systemd1";
    private const string Manager = "org.freedesktop.systemd1.Manager";
    private const string Properties = "org.freedesktop.DBus.Properties";
    private const int DefaultMilliseconds = 30_000; // of runc
    private readonly SystemdBus _bus;
    private readonly DbusAddress[] _addresses;
    private readonly int _milliseconds;
    private readonly Logger? _log;
    private DbusConnection? _connection;
    private string? _watched;
    private int? _version;

    /// <summary>Connects at the first call.</summary>
    /// <param name="bus">Whom to speak to.</param>
    /// <param name="log">Gets a warning when systemd's version cannot be read.</param>
    public SystemdManager(SystemdBus bus, Logger? log = null)
        : this(bus, bus.Addresses(), DefaultMilliseconds, log)
    {
    }

    /// <summary>With a peer and a deadline of a test's.</summary>
    internal SystemdManager(SystemdBus bus, DbusAddress[] addresses, int milliseconds, Logger? log = null)
    {
        _log = log;
        _bus = bus;
        _addresses = addresses;
        _milliseconds = milliseconds;
    }

    /// <summary>Whether somebody listens.</summary>
    public bool IsReachable
    {
        get
        {
            try
            {
                if (_connection is null)
                {
                    Connect(out _, out _);
                }
            }
            catch (DbusClosedException)
            {
            }

            return _connection is not null;
        }
    }

    /// <summary>
    /// systemd's version, for properties that came later than others. One that cannot be read is 0, older than all, after a warning: the limits
    /// are in the cgroup's files whatever systemd is told. Asked for once.
    /// </summary>
    public int Version() => _version ??= AskVersion();

    /// <summary>The cgroup of the manager: <c>/</c> or <c>/user.slice/user-1000.slice/user@1000.service</c>.</summary>
    public string ControlGroup() => Property(ManagerPath, Manager, "ControlGroup");

    /// <summary>Sends the order to start a transient unit; <see cref="FinishStart"/> takes the answer.</summary>
    public StartingUnit BeginStart(string unit, IReadOnlyList<UnitProperty> properties)
    {
        var start = new StartingUnit(unit, Marshal(properties), Environment.TickCount64 + _milliseconds);
        Again(() =>
        {
            Watch(unit);
            start.Serial = SendStart(start);
            return true;
        });
        return start;
    }

    /// <summary>Waits until the unit is started. A failed unit of the same name, left by a container before, is put away first.</summary>
    /// <param name="start">What <see cref="BeginStart"/> returned.</param>
    /// <param name="isIn">Whether the process that was to be put in is in the unit's cgroup: decides when the answer was lost.</param>
    /// <exception cref="ContainerException">systemd refuses, the job fails, or 30 seconds pass.</exception>
    public void FinishStart(StartingUnit start, Func<bool> isIn)
    {
        var losses = new BusLosses(5);
        bool reset = false, lost = false;
        while (true)
        {
            try
            {
                if (lost)
                {
                    Watch(start.Unit);
                    start.Serial = SendStart(start);
                    lost = false;
                }

                DbusMessage answer = Reply(start.Serial, start.Deadline, "start", start.Unit);
                if (answer.Type == DbusMessageType.Reply)
                {
                    start.IsStarted = true;
                    WaitForJob(start, answer.FirstText, isIn);
                    return;
                }

                if (answer.ErrorName.EndsWith(".UnitExists", StringComparison.Ordinal) && !isIn() && !reset)
                {
                    reset = true;
                    _ = Call("ResetFailedUnit", DbusValue.String(start.Unit));
                    start.Serial = SendStart(start);
                    continue;
                }

                if (isIn())
                {
                    start.IsStarted = true;
                    return;
                }

                start.IsRefused = true;
                throw UnitState.Refused("start", start.Unit, answer.ErrorName, answer.FirstText);
            }
            catch (DbusClosedException e)
            {
                if (!losses.MayRetry(e))
                {
                    throw Lost(e);
                }

                // The bus was restarted, or systemd. Whether systemd heard us is seen by where the process is; asked twice, it says UnitExists.
                Reconnect(start.Deadline);
                if (isIn())
                {
                    start.IsStarted = true;
                    return;
                }

                lost = true;
            }
        }
    }

    /// <summary>Stops a unit, waits for that, and puts away what failed. One that does not exist is fine.</summary>
    /// <exception cref="ContainerException">systemd refuses, or 30 seconds pass.</exception>
    public void Stop(string unit)
    {
        long deadline = Environment.TickCount64 + _milliseconds;
        Again(() =>
        {
            Watch(unit);
            while (true)
            {
                uint serial = Connection().Send(Service, ManagerPath, Manager, "StopUnit", DbusValue.String(unit), DbusValue.String("replace"));
                DbusMessage answer = Reply(serial, deadline, "stop", unit);
                if (answer.Type != DbusMessageType.Reply)
                {
                    return answer.ErrorName.EndsWith(".NoSuchUnit", StringComparison.Ordinal)
                        ? true
                        : throw UnitState.Refused("stop", unit, answer.ErrorName, answer.FirstText);
                }

                // Asked again after a while: a systemd that began anew tells nobody, and has nothing to do then, or the same job.
                if (WaitForResult(answer.FirstText, deadline) is not null)
                {
                    return true;
                }

                ThrowAfter(deadline, "stop", unit);
            }
        });
        _ = Call("ResetFailedUnit", DbusValue.String(unit)); // refused for one that has not failed
    }

    /// <summary>Changes properties of a unit until the next boot.</summary>
    /// <exception cref="ContainerException">systemd refuses.</exception>
    public void SetProperties(string unit, IReadOnlyList<UnitProperty> properties)
    {
        DbusMessage answer = Call("SetUnitProperties", DbusValue.String(unit), DbusValue.Boolean(true), Marshal(properties));
        if (answer.Type == DbusMessageType.Error)
        {
            throw UnitState.Refused("set properties of", unit, answer.ErrorName, answer.FirstText);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _connection?.Dispose();

    private static DbusValue Marshal(IReadOnlyList<UnitProperty> properties)
    {
        var items = new DbusValue[properties.Count];
        for (int i = 0; i < items.Length; i++)
        {
            items[i] = properties[i].Marshalled;
        }

        return DbusValue.Array("(sv)", items);
    }

    private uint SendStart(StartingUnit start) => Connection().Send(
        Service, ManagerPath, Manager, "StartTransientUnit",
        DbusValue.String(start.Unit), DbusValue.String("replace"), start.Properties, DbusValue.Array("(sa(sv))"));

    private void WaitForJob(StartingUnit start, string job, Func<bool> isIn)
    {
        string? result;
        while ((result = WaitForResult(job, start.Deadline)) is null && !isIn())
        {
            ThrowAfter(start.Deadline, "start", start.Unit);
        }

        if (result is not (null or "done"))
        {
            _ = Call("ResetFailedUnit", DbusValue.String(start.Unit));
            throw new ContainerException(
                $"cannot start systemd unit '{start.Unit}': its job ended with the result '{result}'; hint: {UnitState.HintFor(result, start.Unit, _bus.IsUser)}");
        }
    }

    // JobRemoved: number, object path, unit, result. Null when it did not come for a while.
    private string? WaitForResult(string job, long deadline)
    {
        const int AWhile = 2_000;
        return Connection().Receive(
            message => message is { Type: DbusMessageType.Signal, Member: "JobRemoved", Body: [_, { } path, _, { Signature: "s" }] } && path.Text == job,
            Math.Min(deadline, Environment.TickCount64 + AWhile))?.Body[3].Text;
    }

    private int AskVersion()
    {
        string why;
        try
        {
            string text = Property(ManagerPath, Manager, "Version");
            if (UnitState.ParseVersion(text) is > 0 and int version)
            {
                return version;
            }

            why = $"'{Printable.Escape(text)}' is none";
        }
        catch (ContainerException e)
        {
            why = e.Message;
        }

        _log?.Warn($"unable to get systemd version, leaving out properties that not every version has: {why}");
        return 0;
    }

    private string Property(string path, string @interface, string name)
    {
        DbusMessage answer = Again(() =>
        {
            long deadline = Environment.TickCount64 + _milliseconds;
            uint serial = Connection().Send(Service, path, Properties, "Get", DbusValue.String(@interface), DbusValue.String(name));
            return Reply(serial, deadline, "ask", name);
        });
        return answer is { Type: DbusMessageType.Reply, Body: [{ Signature: "v", Items: [{ Signature: "s" } value] }] }
            ? value.Text
            : throw UnitState.NoProperty(name, answer.ErrorName, answer.FirstText);
    }

    private DbusMessage Call(string member, params DbusValue[] body) => Again(() =>
    {
        long deadline = Environment.TickCount64 + _milliseconds;
        return Reply(Connection().Send(Service, ManagerPath, Manager, member, body), deadline, member, body[0].Text);
    });

    private DbusMessage Reply(uint serial, long deadline, string verb, string unit)
    {
        DbusMessage answer = Connection().Receive(
            message => message.ReplySerial == serial && message.Type is DbusMessageType.Reply or DbusMessageType.Error, deadline)
            ?? throw TimeIsUp(verb, unit);
        return answer.Type == DbusMessageType.Error && BusLosses.IsAway(answer.ErrorName)
            ? throw new DbusClosedException($"systemd left it ({Printable.Escape(answer.FirstText)})", isAway: true)
            : answer;
    }

    private void ThrowAfter(long deadline, string verb, string unit)
    {
        if (Environment.TickCount64 >= deadline)
        {
            throw TimeIsUp(verb, unit);
        }
    }

    private ContainerException TimeIsUp(string verb, string unit) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"waited {_milliseconds / 1000.0:0.#} s for systemd to {verb} unit '{unit}' ({_bus.Name}); hint: systemctl {(_bus.IsUser ? "--user " : "")}list-jobs"));

    // Once more on a new connection when the bus went away: none of these calls does harm when it is made twice.
    private T Again<T>(Func<T> call)
    {
        var losses = new BusLosses(1);
        while (true)
        {
            try
            {
                _ = Connection();
                return call();
            }
            catch (DbusClosedException e)
            {
                if (!losses.MayRetry(e))
                {
                    throw Lost(e);
                }

                Reconnect(Environment.TickCount64 + _milliseconds);
            }
        }
    }

    private DbusConnection Connection()
    {
        if (_connection is null)
        {
            Connect(out DbusAddress tried, out Errno error);
            if (_connection is null)
            {
                throw CannotConnect(tried, error);
            }
        }

        return _connection;
    }

    private void Connect(out DbusAddress tried, out Errno error)
    {
        (tried, error) = (_addresses[0], default);
        foreach (DbusAddress address in _addresses)
        {
            (_connection, Errno failed) = DbusConnection.Open(address);
            if (_connection is not null)
            {
                return;
            }

            error = error == default ? failed : error;
        }
    }

    private void Reconnect(long deadline)
    {
        const int PauseMilliseconds = 50;
        _connection?.Dispose();
        _connection = null;
        _watched = null;
        while (true)
        {
            Errno error = Errno.ECONNRESET;
            DbusAddress tried = _addresses[0];
            try
            {
                Connect(out tried, out error);
            }
            catch (DbusClosedException)
            {
            }

            if (_connection is not null)
            {
                return;
            }

            if (Environment.TickCount64 >= deadline)
            {
                throw CannotConnect(tried, error);
            }

#pragma warning disable RS0030 // a socket that somebody else will make announces itself in no way
            Thread.Sleep(PauseMilliseconds);
#pragma warning restore RS0030
        }
    }

    // Before the order, so that the end of its job cannot be missed. Signals about other units do not even reach us from a bus.
    private void Watch(string unit)
    {
        if (_watched == unit)
        {
            return;
        }

        DbusConnection connection = Connection();
        connection.AddMatch($"type='signal',sender='{Service}',path='{ManagerPath}',interface='{Manager}',member='JobRemoved',arg2='{unit}'");
        _ = connection.Send(Service, ManagerPath, Manager, "Subscribe");
        _watched = unit;
    }

    private ContainerException Lost(DbusClosedException e) => new($"lost {_bus.Name}: {e.Message}");

    private ContainerException CannotConnect(DbusAddress address, Errno errno)
    {
        string hint = _bus.IsUser
            ? "is the user's systemd running (loginctl enable-linger USER), and is DBUS_SESSION_BUS_ADDRESS or XDG_RUNTIME_DIR right?"
            : errno == Errno.EACCES ? "run as root" : "systemctl start dbus.socket, or use --cgroup-manager cgroupfs";
        return ContainerException.System($"connect to {_bus.Name}", address.ToString(), errno, hint);
    }
}
