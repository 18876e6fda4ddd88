using System;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Attacks;

/// <summary>
/// CVE-2019-5736: a process of the container opens the runtime's program through /proc/PID/exe while that waits, and once it is no longer
/// executed writes to it: the next container on the host would run the attacker's code. Here root of the host itself tries.
/// </summary>
public sealed class OwnProgramTests : ContainerTest
{
    // $1: value for vm.memfd_noexec in a PID namespace of its own, or empty. Prints what init was executed from, and what each attempt said.
    private const string Script = """
        [ -z "$1" ] || echo "$1" >/proc/sys/vm/memfd_noexec || exit 99
        root=$2 bundle=$3 id=$4
        "$ANOCIR" --root $root create --bundle $bundle --pid-file $bundle/pid $id </dev/null >$bundle/out 2>&1 || { cat $bundle/out; exit 98; }
        read pid <$bundle/pid || :
        exec 9</proc/$pid/exe
        readlink /proc/$pid/exe
        before=$(md5sum </proc/self/fd/9)
        try() { said=$("$@" 2>&1 >/dev/null | head -n 1); echo "${said:-nothing}"; }
        try sh -c 'echo x >>/proc/'$pid'/exe'
        "$ANOCIR" --root $root start $id
        try sh -c 'echo x >/proc/self/fd/9'
        try dd if=/dev/zero of=/proc/self/fd/9 bs=1 count=1 conv=notrunc
        try truncate -s 1 /proc/self/fd/9
        try sh -c 'exec 8<>/proc/self/fd/9; echo x >&8'
        [ "$before" = "$(md5sum </proc/self/fd/9)" ] && echo same
        "$ANOCIR" --root $root delete --force $id
        """;

    [Theory]
    [InlineData("", "/memfd:anocir-init (deleted)")]
    [InlineData("2", "/anocir-init")]
    public void CVE_2019_5736_init_cannot_be_rewritten(string noexec, string image)
    {
        Require.Program("/usr/bin/unshare");
        if (noexec.Length > 0)
        {
            Require.ExecutableMemfdsCanBeForbidden();
        }

        Bundle bundle = NewBundle().Probe("block");
        bundle.Write();
        CliResult result = Cli.Execute(
            ["/usr/bin/unshare", "--pid", "--fork", "--kill-child", "--mount", "--mount-proc", "/bin/sh", "-c", Script, "sh", noexec, Root, bundle.Dir, Id],
            new SpawnOptions { Environment = new() { ["ANOCIR"] = Paths.Anocir } });
        Assert.Equal((0, ""), (result.Code, result.Stderr));
        string[] lines = result.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal((image, "same"), (lines[0], lines[^1]));

        Assert.Equal(7, lines.Length);
        Assert.DoesNotContain("nothing", lines); // no attempt went through without a word
    }

    /// <summary>
    /// From inside: a process of the container the new one shares its PID namespace with, root and with CAP_SYS_PTRACE, looks at the waiting
    /// init. CVE-2016-9962: what is not dumpable shows neither its descriptors nor its memory.
    /// </summary>
    [Fact]
    public void CVE_2016_9962_a_waiting_init_is_closed_to_a_neighbour_in_its_pid_namespace()
    {
        string neighbour = Id + "-neighbour";
        Bundle first = NewBundle().Shell("echo ready; read line; for f in exe cwd root fd/0 mem environ maps; do (cat </proc/2/$f) 2>&1 | head -n 1; done; echo end; read line");
        first.Process["noNewPrivileges"] = false;
        first.Write();
        using var pipe = new Pipe();
        using Spawned running = Start(new SpawnOptions { Fds = new() { [0] = pipe.Reader } }, "run", "--bundle", first.Dir, neighbour);
        running.WaitForOutput("ready");
        Bundle second = NewBundle().Namespace("pid", $"/proc/{Pid(neighbour)}/ns/pid").Probe("block");
        second.Linux["maskedPaths"] = new System.Text.Json.Nodes.JsonArray();
        _ = Create(second);
        pipe.Write("\n");
        running.WaitForOutput("end");
        int pid = Pid();
        Delete();
        LeakCheck.Reap(pid); // a PID namespace ends only when its last zombie is gone
        pipe.Write("\n");
        CliResult result = running.Wait();
        string[] lines = result.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries)[1..^1];
        Assert.Equal(7, lines.Length);
        Assert.All(lines, static line => Assert.Contains("ermission denied", line, StringComparison.Ordinal));
    }
}
