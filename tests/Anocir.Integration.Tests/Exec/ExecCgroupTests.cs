using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Exec;

/// <summary>The process is in every cgroup of the container, or in the ones below it that --cgroup names.</summary>
public sealed class ExecCgroupTests : ExecTest
{
    [Fact]
    public void Sub_cgroups()
    {
        using Spawned container = Container(NewBundle().WithoutNamespace("cgroup"));
        string[] own = Paths();
        string[] made = [.. own.Select(static path => path + "/sub")];
        Array.ForEach(made, static path => Directory.CreateDirectory(path));
        FillCpusets(made);

        string[] plain = Groups([]);
        Assert.Equal(plain, Groups(["--cgroup", "/"]));
        Assert.Equal(plain.Select(static line => line + "/sub"), Groups(["--cgroup", "sub"]));
        Assert.Equal(plain.Select(static line => line + "/sub"), Groups(["--cgroup", "./x/../sub/"]));

        Refused("bad sub cgroup path: '..' leads out of the container's cgroup (option --cgroup)", ["--cgroup", ".."], "/bin/true");
        Refused($"bad sub cgroup path: 'sub/../../{Id}2' leads out of the container's cgroup (option --cgroup)", ["--cgroup", $"sub/../../{Id}2"], "/bin/true");
        Refused("unknown controller whaaat in --cgroup; hint: on cgroup v2 give one path without a controller", ["--cgroup", "whaaat:/"], "/bin/true");
        Refused(
            "invalid --cgroup argument(s): controller pids specified multiple times", ["--cgroup", "pids:a", "--cgroup", "cpu,pids:b"], "/bin/true");
        CliResult missing = Exec(["--cgroup", "nonexistent"], "/bin/true");
        Assert.Equal(255, missing.Code);
        Assert.StartsWith("exec failed: error adding pid ", missing.Error, StringComparison.Ordinal);
        Assert.EndsWith(
            "/nonexistent': no such file or directory (ENOENT); hint: it does not exist, or was removed meanwhile", missing.Error, StringComparison.Ordinal);
        Array.ForEach(made, static path => Directory.Delete(path));
        DeleteContainer();
    }

    [Fact]
    public void Sub_cgroups_of_single_controllers()
    {
        using Spawned container = Container(NewBundle().WithoutNamespace("cgroup"));
        if (Paths().Length == 1)
        {
            Refused("unknown controller pids in --cgroup; hint: on cgroup v2 give one path without a controller", ["--cgroup", "pids:sub"], "/bin/true");
            DeleteContainer();
            return;
        }

        string sub = Paths().Single(static path => path.Contains("/pids/", StringComparison.Ordinal)) + "/sub";
        _ = Directory.CreateDirectory(sub);

        string[] groups = Groups(["--cgroup", "pids:sub"]);

        Assert.Equal([groups.Single(static line => line.Contains(":pids:", StringComparison.Ordinal))], groups.Where(static line => line.EndsWith("/sub", StringComparison.Ordinal)));
        Directory.Delete(sub);
        DeleteContainer();
    }

    // A cgroup that gives a controller to its children cannot hold processes.
    [Fact]
    public void Where_the_containers_cgroup_can_hold_no_process_it_is_the_one_of_init()
    {
        using Spawned container = Container(NewBundle().WithoutNamespace("cgroup"));
        string own = Paths()[^1];
        if (Paths().Length > 1)
        {
            // v1 has no such rule: every cgroup takes processes, whatever there is below it.
            string below = Directory.CreateDirectory(Paths().Single(static path => path.Contains("/pids/", StringComparison.Ordinal)) + "/sub").FullName;
            File.WriteAllText(below + "/cgroup.procs", Number(Pid()));
            Assert.DoesNotContain(Groups([]), static line => line.EndsWith("/sub", StringComparison.Ordinal));
            DeleteContainer();
            return;
        }

        _ = Directory.CreateDirectory(own + "/init");
        File.WriteAllText(own + "/init/cgroup.procs", Number(Pid()));
        string plain = Groups([]).Single();
        File.WriteAllText(own + "/cgroup.subtree_control", "+memory");

        Assert.Equal([plain + "/init"], Groups([]));
        Assert.Equal([plain + "/init"], Groups(["--cgroup", "init"]));
        CliResult busy = Exec(["--cgroup", "/"], "/bin/true");
        Assert.Equal(255, busy.Code);
        Assert.StartsWith("exec failed: error adding pid ", busy.Error, StringComparison.Ordinal);
        Assert.Contains(" to cgroups: '" + own + "': device or resource busy (EBUSY)", busy.Error, StringComparison.Ordinal);
        DeleteContainer();
    }

    private string[] Paths() =>
        [.. JsonNode.Parse(File.ReadAllText($"{Root}/{Id}/state.json"))!["cgroup"]!["paths"]!.AsArray().Select(static path => (string)path!)];

    // One line a hierarchy that has one of the container's directories; others are the caller's business.
    private string[] Groups(string[] flags) =>
        [.. Inside(flags, "cgroup").All("cgroup").Where(line => line.Contains(Id, StringComparison.Ordinal))];

    private static void FillCpusets(IEnumerable<string> directories)
    {
        foreach (string directory in directories)
        {
            foreach (string file in (string[])["cpuset.cpus", "cpuset.mems"])
            {
                string parent = Path.Combine(Path.GetDirectoryName(directory)!, file);
                if (File.Exists(parent) && File.Exists($"{directory}/tasks"))
                {
                    File.WriteAllText($"{directory}/{file}", File.ReadAllText(parent));
                }
            }
        }
    }
}
