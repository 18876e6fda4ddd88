using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Anocir.Integration.Tests.Fixture;
using Anocir.Integration.Tests.Properties;
using Xunit;

namespace Anocir.Integration.Tests.Crash;

/// <summary>
/// SIGKILL at a system call, of the controller or of whoever makes it (helper, init, attendant, hook): afterwards every command answers, and
/// <c>delete --force</c> leaves nothing. $ANOCIR_CRASH_POINTS sets how many of a command's some thousand system calls are tried, evenly spread.
/// </summary>
public sealed class CrashTests : ContainerTest
{
    private static readonly int s_points =
        int.Parse(Environment.GetEnvironmentVariable("ANOCIR_CRASH_POINTS") ?? "8", CultureInfo.InvariantCulture);

    [Fact]
    public void Creation() => KillEverywhere(WithHooks(NewBundle()), (id, bundle) => ["create", "--bundle", bundle.Dir, id], prepare: null);

    [Fact]
    public void Creation_in_a_user_namespace()
    {
        Bundle bundle = NewBundle().UserNamespace().Mount("/tmp", "bind", Temp, "rbind");
        KillEverywhere(bundle, (id, bundle) => ["create", "--bundle", bundle.Dir, id], prepare: null);
    }

    [Fact]
    public void Starting() => KillEverywhere(WithHooks(NewBundle()), (id, _) => ["start", id], id => _ = CreateAs(id, _created!));

    [Fact]
    public void Running() => KillEverywhere(
        WithHooks(NewBundle().Shell("echo hello")), (id, bundle) => ["run", "--bundle", bundle.Dir, id], prepare: null);

    [Fact]
    public void Running_without_a_mount_namespace()
    {
        Bundle bundle = NewBundle().WithoutNamespace("mount").WithoutPaths().Args("/bin/true");
        bundle.Config["mounts"] = new System.Text.Json.Nodes.JsonArray();
        KillEverywhere(bundle.Writable(), (id, bundle) => ["run", "--bundle", bundle.Dir, id], prepare: null);
    }

    [Fact]
    public void Deletion_of_a_running_container() => KillEverywhere(
        WithHooks(NewBundle().Probe("block")),
        (id, _) => ["delete", "--force", id],
        id =>
        {
            _ = CreateAs(id, _created!);
            _ = Ok("start", id);
        });

    private Bundle? _created;

    private static Bundle WithHooks(Bundle bundle)
    {
        foreach (string kind in (string[])["createRuntime", "createContainer", "startContainer", "poststart", "poststop"])
        {
            _ = bundle.Hook(kind, "/bin/busybox", ["true"]);
        }

        return bundle;
    }

    private void KillEverywhere(Bundle bundle, Func<string, Bundle, string[]> command, Action<string>? prepare)
    {
        _created = bundle;
        bundle.Write();
        string first = Id + "-0";
        prepare?.Invoke(first);
        string counted = Crash(0, "caller", command(first, bundle)).End;
        Assert.StartsWith("calls ", counted, StringComparison.Ordinal);
        Assert.EndsWith(" ended nobody 0", counted, StringComparison.Ordinal);
        int calls = int.Parse(counted.Split(' ')[1], CultureInfo.InvariantCulture);
        Delete(first);

        List<string> failures = [];
        int kills = 0;
        for (int i = 0; i < s_points; i++)
        {
            int at = 1 + (int)((long)calls * (2 * i + 1) / (2 * s_points));
            string whom = i % 2 == 0 ? "caller" : "program";
            string id = $"{Id}-{at}";
            var leaks = new LeakCheck(Tag, Root);
            prepare?.Invoke(id);
            (string end, CliResult result) = Crash(at, whom, command(id, bundle));
            kills += end.Contains(" killed ", StringComparison.Ordinal) ? 1 : 0;
            List<string> wrong = Judge(id, leaks);
            if (end.Contains(" descendant 256", StringComparison.Ordinal) && result.Error.Length == 0)
            {
                wrong.Add("the command did not say why it failed: " + result); // its helper, init or hook was killed, not the command
            }

            failures.AddRange(wrong.Select(what => $"call {at} of {calls}, {whom} killed ({end}): {what}"));
            if (wrong.Count > 0)
            {
                break; // what is left would be seen again and again
            }
        }

        Assert.True(failures.Count == 0, string.Join("\n", failures));
        Assert.True(kills > s_points / 2, $"only {kills} of {s_points} were killed"); // threads make the count vary a little
    }

    // The last line, and what went wrong without one.
    private (string End, CliResult Result) Crash(int at, string whom, string[] command)
    {
        CliResult result = Cli.Execute(
            [Paths.Crash, at.ToString(CultureInfo.InvariantCulture), whom, Paths.Anocir, "--root", Root, .. command], new());
        string[] lines = result.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return (lines.LastOrDefault(static line => line.StartsWith("calls ", StringComparison.Ordinal)) ?? result.ToString(), result);
    }

    private List<string> Judge(string id, LeakCheck leaks)
    {
        List<string> wrong = [];
        CliResult list = Anocir("list");
        bool interrupted = list.Stderr.Contains($"the creation of '{id}' was interrupted", StringComparison.Ordinal); // before there was a record
        if (list.Code != 0 || list.Stderr.AsSpan().Count('\n') != (interrupted ? 1 : 0))
        {
            wrong.Add("list: " + list);
        }

        CliResult state = Anocir("state", id);
        bool known = state.Code == 0 && state.Stderr.Length == 0 && state.Stdout.Contains("\"status\": \"", StringComparison.Ordinal);
        if (!known && !(state.Code == 1 && state.Error.StartsWith("container does not exist", StringComparison.Ordinal)))
        {
            wrong.Add("state: " + state);
        }

        CliResult deleted = Anocir("delete", "--force", id);
        if (deleted != new CliResult(0, "", ""))
        {
            wrong.Add("delete --force: " + deleted);
        }

        wrong.AddRange(leaks.Find());
        return wrong;
    }
}
