using System;
using Anocir.Linux;
using Anocir.Runtime.Cgroups;
using Anocir.Runtime.Cgroups.Statistics;
using Anocir.Runtime.Errors;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>
/// Tells when a container ran out of memory: v2 announces changes of memory.events, in which kills are counted; v1 counts in an eventfd
/// that is registered in cgroup.event_control, also where the killer is switched off.
/// </summary>
internal sealed class OomWatch : IDisposable
{
    private const string EventControl = "cgroup.event_control";
    private readonly bool _isUnified;
    private readonly string? _directory;
    private Fd _file = new(-1);
    private Fd _populated = new(-1);
    private Fd _counter = new(-1);
    private ulong _seen;

    /// <summary>Begins to watch; without a memory controller nothing is ever told.</summary>
    public OomWatch(CgroupDirectories directories)
    {
        _isUnified = directories.IsUnified;
        _directory = directories.Find("memory");
        if (_isUnified)
        {
            _file = Open("memory.events");
            _populated = Open("cgroup.events");
        }
        else if (_directory is not null)
        {
            _file = Open("memory.oom_control");
            RegisterCounter();
        }

        _seen = Kills();
    }

    /// <summary>v2: memory.events; else -1.</summary>
    public int ChangingFile => _isUnified ? _file.Number : -1;

    /// <summary>v2: cgroup.events, which changes when the last process is gone; else -1.</summary>
    public int PopulatedFile => _populated.Number;

    /// <summary>v1: the eventfd; else -1.</summary>
    public int Counter => _counter.Number;

    /// <summary>Whether memory ran out since the last call: processes were killed, or (v1 with disableOOMKiller) wait for memory.</summary>
    public bool Take()
    {
        if (_counter.IsOpen)
        {
            // The kernel counts here when the cgroup is removed, too.
            Span<byte> count = stackalloc byte[8];
            return !Sys.Read(_counter.Number, count).IsError && !Sys.AccessAt(At.FDCWD, _directory + "/" + EventControl, 0).IsError;
        }

        ulong kills = Kills();
        bool isNews = kills > _seen;
        _seen = Math.Max(_seen, kills);
        return isNews;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        _populated.Dispose();
        _counter.Dispose();
    }

    private ulong Kills()
    {
        if (_isUnified && _populated.IsOpen)
        {
            // Reading is what makes the next change an event.
            Span<byte> text = stackalloc byte[128];
            _ = Sys.Seek(_populated.Number, 0);
            _ = Sys.Read(_populated.Number, text);
        }

        return Value(_file);
    }

    private static ulong Value(Fd file)
    {
        if (!file.IsOpen)
        {
            return 0;
        }

        _ = Sys.Seek(file.Number, 0);
        return SmallFile.Read(file.Number, out byte[] content).IsError ? 0 : OomKills.Count(content);
    }

    private void RegisterCounter()
    {
        if (!_file.IsOpen)
        {
            return;
        }

        SysResult made = Sys.EventFd();
        if (made.IsError)
        {
            return;
        }

        _counter = new Fd(made.Int);
        string control = _directory + "/" + EventControl;
        SysResult written = CgroupFile.Write(control, System.Text.Encoding.ASCII.GetBytes($"{_counter.Number} {_file.Number}"));
        if (written.IsError)
        {
            throw ContainerException.System("watch for out-of-memory kills through", control, written.Errno);
        }
    }

    private Fd Open(string file)
    {
        SysResult opened = Sys.Open(_directory + "/" + file, O.RDONLY | O.CLOEXEC);
        return new Fd(opened.IsError ? -1 : opened.Int);
    }
}
