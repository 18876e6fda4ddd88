using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text.Json.Nodes;
using System.Threading;
using Xunit;

namespace Anocir.Integration.Tests.Fixture;

/// <summary>
/// Base of every test class: a state root and a directory per test, short ways to run commands, and at the end the leak check. A test
/// deletes its containers itself (<see cref="Delete"/>); what is left fails it, and is then cleared away for the next one.
/// </summary>
public abstract class ContainerTest : IDisposable
{
    private static int s_count;
    private readonly LeakCheck _leaks;
    private int _bundles;

    protected ContainerTest()
    {
        Require.Root();
        _ = (Paths.Probe, Paths.Spec);
        Tag = string.Create(CultureInfo.InvariantCulture, $"it{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}");
        Temp = Directory.CreateDirectory(Path.Combine(Paths.Run, Tag)).FullName;
        Root = Path.Combine(Temp, "root");
        _leaks = new LeakCheck(Tag, Root);
    }

    /// <summary>In the name of everything this test makes; unique on the machine.</summary>
    protected string Tag { get; }

    /// <summary>A container id.</summary>
    protected string Id => Tag;

    /// <summary>A directory for the test's files.</summary>
    protected string Temp { get; }

    /// <summary>The --root of all commands.</summary>
    protected string Root { get; }

    /// <summary>A new bundle, with a config that runs the probe.</summary>
    internal Bundle NewBundle()
    {
        string directory = Directory.CreateDirectory($"{Temp}/bundle{++_bundles}").FullName;
        return new Bundle(directory);
    }

    /// <summary>Runs <c>anocir --root ROOT ARGS</c> to its end.</summary>
    internal CliResult Anocir(params string[] args) => Anocir(new SpawnOptions(), args);

    internal CliResult Anocir(SpawnOptions options, params string[] args) => Cli.Execute([Paths.Anocir, "--root", Root, .. args], options);

    /// <summary>Starts <c>anocir --root ROOT ARGS</c>; dispose what it returns.</summary>
    internal Spawned Start(params string[] args) => Start(new SpawnOptions(), args);

    internal Spawned Start(SpawnOptions options, params string[] args) => Cli.Start([Paths.Anocir, "--root", Root, .. args], options);

    /// <summary>The same, and asserts success.</summary>
    internal CliResult Ok(params string[] args) => Success(Anocir(args), 0);

    /// <summary>Writes the config, runs the bundle in the foreground, asserts the exit code and silence on stderr.</summary>
    internal CliResult RunBundle(Bundle bundle, int code = 0, params string[] flags)
    {
        bundle.Write();
        CliResult result = Success(Anocir(["run", "--bundle", bundle.Dir, .. flags, Id]), code);
        Assert.Equal("", result.Stderr);
        return result;
    }

    /// <summary>What the probe, run in a container, prints.</summary>
    internal Report Probe(Bundle bundle, params string[] words) => new(RunBundle(bundle.Probe(words)).Stdout);

    /// <summary>Writes the config and creates a container.</summary>
    internal string Create(Bundle bundle, params string[] flags) => CreateAs(Id, bundle, flags);

    internal string CreateAs(string id, Bundle bundle, params string[] flags)
    {
        bundle.Write();
        CliResult result = Ok(["create", "--bundle", bundle.Dir, .. flags, id]);
        Assert.Equal("", result.Stdout + result.Stderr);
        return id;
    }

    /// <summary>Creates a container and keeps its standard output and error readable: dispose what it returns.</summary>
    internal Spawned CreateWithOutput(Bundle bundle, SpawnOptions? options = null, params string[] flags)
    {
        bundle.Write();
        Spawned created = Start(options ?? new(), ["create", "--bundle", bundle.Dir, .. flags, Id]);
        _ = Success(created.Wait(), 0);
        return created;
    }

    /// <summary>Runs a command, asserts that it fails with exit code 1, one error line that contains this message, and nothing on stdout.</summary>
    internal CliResult Fails(string message, params string[] args)
    {
        CliResult result = Success(Anocir(args), 1);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Equal(("", 1), (result.Stdout, result.Stderr.AsSpan().Count('\n')));
        return result;
    }

    /// <summary>The parsed output of <c>state</c>.</summary>
    internal JsonObject State(string? id = null) => JsonNode.Parse(Ok("state", id ?? Id).Stdout)!.AsObject();

    internal string Status(string? id = null) => (string)State(id)["status"]!;

    internal int Pid(string? id = null) => (int)State(id)["pid"]!;

    internal void WaitForStatus(string status, string? id = null) =>
        Deadline.WaitFor(() => Status(id) == status, $"container {id ?? Id} to be {status}");

    /// <summary>delete --force, which must succeed and say nothing.</summary>
    internal void Delete(string? id = null)
    {
        CliResult result = Ok("delete", "--force", id ?? Id);
        Assert.Equal("", result.Stdout + result.Stderr);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        List<string> leaks = _leaks.Find();
        ClearAway(leaks.Count > 0);
        GC.SuppressFinalize(this);
        Assert.True(leaks.Count == 0, "the test left behind:\n  " + string.Join("\n  ", leaks));
    }

    private static CliResult Success(CliResult result, int code)
    {
        Assert.True(result.Code == code, $"expected exit code {code}, got {result}");
        return result;
    }

    private void ClearAway(bool leaked)
    {
        if (leaked)
        {
            if (Directory.Exists(Root))
            {
                foreach (string path in Directory.GetDirectories(Root))
                {
                    _ = Anocir("delete", "--force", Path.GetFileName(path));
                }
            }

            Proc.Descendants(Environment.ProcessId).ForEach(static pid => Native.kill(pid, 9));
            _ = Deadline.TryWaitFor(static () => { LeakCheck.ReapOrphans(); return Proc.Descendants(Environment.ProcessId).Count == 0; }, Deadline.Default);
            foreach (string line in Proc.Lines("/proc/self/mountinfo"))
            {
                string target = line.Split(' ')[4];
                if (target.StartsWith(Temp, StringComparison.Ordinal))
                {
                    _ = Native.umount2(target, 2);
                }
            }

            Cgroups.Named(Tag).ForEach(static path => { try { Directory.Delete(path); } catch (IOException) { } });
        }

        Directory.Delete(Temp, recursive: true);
    }
}
