using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text.Json.Nodes;

namespace Anocir.Bench;

/// <summary>One runtime under test.</summary>
internal sealed class Target(string name, string path, string bundle)
{
    private readonly List<string> _live = [];
    private int _next;

    public string Name => name;

    public string Path => path;

    public string Bundle => bundle;

    private string Root => "/run/anocir-bench/" + name;

    /// <summary>A container id that was not used before.</summary>
    public string NewId()
    {
        string id = string.Create(CultureInfo.InvariantCulture, $"bench-{name}-{Environment.ProcessId}-{_next++}");
        _live.Add(id);
        return id;
    }

    /// <summary>Runs a command of the runtime to its end.</summary>
    public Sample Run(params string[] arguments) => Child.Run(path, Arguments(arguments));

    /// <summary>Starts a command that stays.</summary>
    public int Spawn(params string[] arguments) => Child.Spawn(path, Arguments(arguments));

    /// <summary>Peak resident set of a command in KiB.</summary>
    public double PeakRss(params string[] arguments) => Child.PeakRss(path, Arguments(arguments));

    /// <summary>The command line of a command, without the program.</summary>
    public string[] Arguments(params string[] arguments) => ["--root", Root, .. arguments];

    /// <summary>The PID of a container's init, as <c>state</c> prints it.</summary>
    public int PidOf(string id)
    {
        string file = System.IO.Path.GetTempFileName();
        Child.RunTo(path, Arguments("state", id), file);
        int pid = (int)JsonNode.Parse(File.ReadAllText(file))!["pid"]!;
        File.Delete(file);
        return pid;
    }

    /// <summary>Removes a container; from several threads, too.</summary>
    public void Remove(string id)
    {
        Run("delete", "--force", id);
        lock (_live)
        {
            _live.Remove(id);
        }
    }

    /// <summary>The container is gone by itself (run without --detach).</summary>
    public void Forget(string id) => _live.Remove(id);

    /// <summary>Removes what a failed run left.</summary>
    public void RemoveAll()
    {
        foreach (string id in _live.ToArray())
        {
            if (Directory.Exists(System.IO.Path.Combine(Root, id)))
            {
                Remove(id);
            }
        }
    }
}
