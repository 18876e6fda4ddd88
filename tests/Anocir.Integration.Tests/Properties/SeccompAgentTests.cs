using System;
using System.Text.Json.Nodes;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Properties;

/// <summary>SCMP_ACT_NOTIFY: calls of the container are decided by a program that listens at linux.seccomp.listenerPath.</summary>
public sealed class SeccompAgentTests : ContainerTest
{
    private const int Mkdir = 83;
    private const string MkdirCall = "83:1:2:3";

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void The_agent_gets_listener_and_state_during_create_and_decides(bool noNewPrivileges, bool userNamespace)
    {
        using var socket = new UnixListener(Temp + "/agent");
        Bundle bundle = Filtered("\"SCMP_ACT_NOTIFY\"", socket.Path).Process("noNewPrivileges", noNewPrivileges ? "true" : "false")
            .Process("user", """{"uid":1000,"gid":1000}""").Probe("syscall", MkdirCall, "fds");
        bundle = userNamespace ? bundle.UserNamespace() : bundle;

        using Spawned created = CreateWithOutput(bundle);
        (int fd, string data, bool closed) = socket.Receive();
        using var agent = new SeccompAgent(fd);
        JsonNode state = JsonNode.Parse(data)!;

        Assert.True(closed);
        Assert.Equal("""["seccompFd"]""", state["fds"]!.ToJsonString());
        Assert.Equal((Pid(), "what we told"), ((int)state["pid"]!, (string?)state["metadata"]));
        Assert.Equal((Id, "creating", Pid(), bundle.Dir),
            ((string?)state["state"]!["id"], (string?)state["state"]!["status"], (int)state["state"]!["pid"]!, (string?)state["state"]!["bundle"]));
        Assert.DoesNotContain("seccomp", string.Join(' ', Proc.Fds(Pid()).Values), StringComparison.Ordinal);

        _ = Ok("start", Id);
        agent.Answer(expected: Mkdir, value: 77);
        WaitForStatus("stopped");

        Report inside = new(created.Stdout);
        Assert.Equal(MkdirCall + " 77", inside["syscall"]);
        Assert.Equal(3, inside.All("fd").Length);
        Delete();
    }

    [Fact]
    public void A_start_container_hook_gets_no_descriptor_and_calls_go_unanswered_when_the_agent_is_gone()
    {
        using var socket = new UnixListener(Temp + "/agent");
        Bundle bundle = Filtered("\"SCMP_ACT_NOTIFY\"", socket.Path).Probe("syscall", MkdirCall)
            .HookScript("startContainer", "[ $(ls /proc/self/fd | wc -l) = 4 ] && ! mkdir /tmp/x 2>/tmp/said && grep -q 'not implemented' /tmp/said")
            .Mount("/tmp", "tmpfs", "tmpfs");

        using Spawned created = CreateWithOutput(bundle);
        (int fd, _, _) = socket.Receive();
        _ = Native.close(fd);
        _ = Ok("start", Id);
        WaitForStatus("stopped");

        Assert.Equal(MkdirCall + " ENOSYS", new Report(created.Stdout)["syscall"]);
        Delete();
    }

    [Fact]
    public void Without_a_listening_agent_nothing_is_made()
    {
        string path = Temp + "/nobody";
        Bundle bundle = Filtered("\"SCMP_ACT_NOTIFY\"", path).Args("/bin/true");
        bundle.Write();

        _ = Fails($"failed to connect with seccomp agent specified in the seccomp profile (linux.seccomp.listenerPath): cannot connect to '{path}': "
            + "no such file or directory (ENOENT)", "run", "--bundle", bundle.Dir, Id);
    }

    [Fact]
    public void The_path_is_ignored_when_no_rule_needs_it() =>
        Assert.Equal(0, RunBundle(Filtered("\"SCMP_ACT_ERRNO\"", Temp + "/nobody").Args("/bin/true")).Code);

    private Bundle Filtered(string action, string path) => NewBundle().Linux("seccomp", $$"""
        {
          "defaultAction": "SCMP_ACT_ALLOW",
          "architectures": ["SCMP_ARCH_X86", "SCMP_ARCH_X32", "SCMP_ARCH_X86_64"],
          "listenerPath": "{{path}}",
          "listenerMetadata": "what we told",
          "syscalls": [{ "names": ["mkdir"], "action": {{action}} }]
        }
        """);
}
