using System;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Exec;

/// <summary>Which containers take a process, and what becomes of an exec when one of the two ends on the way.</summary>
public sealed class ExecStateTests : ExecTest
{
    [Fact]
    public void One_that_waits_for_start_does()
    {
        _ = Create(NewBundle());

        Assert.Equal("2\n", Output([], 0, "/bin/sh", "-c", "echo $$"));

        Assert.Equal("created", Status());
        Delete();
    }

    [Fact]
    public void Others_do_not()
    {
        Refused("container does not exist", [], "/bin/true");
        using (Container(NewBundle(), []))
        {
            string record = $"{Root}/{Id}/state.json";
            string saved = File.ReadAllText(record);

            // Another process than the one that was recorded has the PID now.
            JsonObject foreign = JsonNode.Parse(saved)!.AsObject();
            foreign["pid"] = Environment.ProcessId;
            File.WriteAllText(record, foreign.ToJsonString());
            Refused("cannot exec in a stopped container", [], "/bin/true");

            File.WriteAllText(record, "{}");
            Refused(
                $"cannot read the state of container '{Id}': a member is missing (version, id, bundle, status); hint: remove it with 'anocir delete --force {Id}'",
                [],
                "/bin/true");
            File.Delete(record);
            Refused($"container does not exist: the creation of '{Id}' was interrupted; hint: remove what is left with 'anocir delete --force {Id}'", [], "/bin/true");
            File.WriteAllText(record, saved);
            File.Move($"{Root}/{Id}/config.json", $"{Temp}/kept");
            Refused($"cannot read the configuration of container '{Id}': it was being deleted; hint: delete it with 'anocir delete --force'", [], "/bin/true");
            File.Move($"{Temp}/kept", $"{Root}/{Id}/config.json");

            _ = Ok("kill", Id, "KILL");
            WaitForStatus("stopped");
            Refused("cannot exec in a stopped container", [], "/bin/true");
            DeleteContainer();
        }
    }

    [Fact]
    public void A_paused_one_only_when_asked()
    {
        using Spawned container = Container(NewBundle());
        Freeze(true);
        try
        {
            WaitForStatus("paused");
            Refused("cannot exec in a paused container (use --ignore-paused to override)", [], "/bin/true");
            using Spawned exec = Start("exec", "--ignore-paused", Id, "/bin/probe", "print", "thawed");
            Deadline.WaitFor(() => Proc.Descendants(exec.Pid).Count > 0, "the helper");
            Assert.Equal("", exec.Stdout);

            Freeze(false);

            Assert.Equal(0, exec.Wait().Code);
            Assert.Equal("print\tthawed\n", exec.Stdout);
        }
        finally
        {
            Freeze(false);
        }

        DeleteContainer();
    }

    [Fact]
    public void Killed_during_the_setup_it_leaves_nothing()
    {
        using Spawned container = Container(NewBundle());
        using var socket = new UnixListener($"{Temp}/held.sock", held: true);
        using Spawned exec = Held(socket, out int pid, "/bin/probe", "block");

        exec.Signal(9);

        Assert.Equal(128 + 9, exec.Wait().Code);
        Gone(pid);
        Assert.Equal("running", Status());
        DeleteContainer();
    }

    // From one too few for the record up to one too few for the plan.
    [Fact]
    public void Too_few_descriptors()
    {
        using Spawned container = Container(NewBundle());
        int refused = 0;
        for (int limit = 4; limit < 32; limit++)
        {
            CliResult result = Anocir(new SpawnOptions { Launch = [$"rlimit=7:{Number(limit)}"] }, "exec", Id, "/bin/true");
            if (result.Code == 0)
            {
                break;
            }

            refused++;
            Assert.Equal(255, result.Code);
            Assert.Contains("too many open files (EMFILE)", result.Error, StringComparison.Ordinal);
            Assert.Equal(1, result.Stderr.AsSpan().Count('\n'));
        }

        Assert.InRange(refused, 3, 20);
        DeleteContainer();
    }

    [Fact]
    public void The_end_of_the_container_during_exec_says_so()
    {
        using Spawned container = Container(NewBundle());
        using var socket = new UnixListener($"{Temp}/held.sock", held: true);
        using Spawned exec = Held(socket, out int pid, "/bin/probe", "block");

        _ = Ok("kill", Id, "KILL");
        Deadline.WaitFor(() => !Proc.IsAlive(pid), "the process to end with its container");
        socket.Release();

        CliResult result = exec.Wait();
        Assert.Equal((255, "exec failed: the container ended during exec"), (result.Code, result.Error));
        DeleteContainer();
    }

    private void Freeze(bool frozen)
    {
        JsonNode cgroup = JsonNode.Parse(File.ReadAllText($"{Root}/{Id}/state.json"))!["cgroup"]!;
        string directory = (string)cgroup["freezer"]!;
        bool isV2 = File.Exists(directory + "/cgroup.freeze");
        File.WriteAllText(directory + (isV2 ? "/cgroup.freeze" : "/freezer.state"), isV2 ? frozen ? "1" : "0" : frozen ? "FROZEN" : "THAWED");
    }
}
