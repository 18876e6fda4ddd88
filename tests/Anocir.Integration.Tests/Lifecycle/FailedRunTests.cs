using System;
using System.Linq;
using System.Text.Json.Nodes;
using Anocir.Integration.Tests.Fixture;
using Anocir.Integration.Tests.Properties;
using Xunit;

namespace Anocir.Integration.Tests.Lifecycle;

/// <summary>Runs that cannot work: the cause is said and nothing stays (the fixture's leak check).</summary>
public sealed class FailedRunTests : ContainerTest
{
    // From one too few for the record up to one too few for init's plan; a host with cgroup v1 needs one more than one without.
    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(12)]
    public void Too_few_descriptors(int limit)
    {
        Bundle bundle = NewBundle().Args("/bin/true");
        bundle.Write();

        CliResult result = Anocir(new SpawnOptions { Launch = [$"rlimit=7:{limit}"] }, "run", "--bundle", bundle.Dir, Id);

        Assert.Equal(1, result.Code);
        Assert.EndsWith("too many open files (EMFILE); hint: ulimit -n is too low for this command", result.Error, StringComparison.Ordinal);
        Assert.Equal(1, result.Stderr.AsSpan().Count('\n'));
    }

    // An engine's root is often a mount of its own, which a container without a mount namespace must not take along.
    [Fact]
    public void What_the_root_is_mounted_on_stays()
    {
        Bundle bundle = NewBundle().WithoutNamespace("mount").WithoutPaths().Writable().Probe("block");
        bundle.Config["mounts"] = Bundle.Json();
        _ = Native.Check(Native.mount(bundle.Rootfs, bundle.Rootfs, null, 0x1000, null), "mount"); // MS_BIND
        _ = Native.Check(Native.mount("", bundle.Rootfs, null, 0x40000, null), "mount"); // MS_PRIVATE: one line for each mount
        bundle.Linux["seccomp"] = JsonNode.Parse("""{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["no_such_call"],"action":"SCMP_ACT_ERRNO"}]}""");
        bundle.Config["annotations"] = new JsonObject { ["run.oci.seccomp_fail_unknown_syscall"] = "1" };
        bundle.Write();
        _ = Fails("no_such_call", "create", "--bundle", bundle.Dir, Id);
        Assert.Equal(1, Mounts());

        _ = bundle.Linux.Remove("seccomp");
        _ = Create(bundle);
        Assert.Equal(2, Mounts());
        Delete();
        Assert.Equal(1, Mounts());
        _ = Native.Check(Native.umount2(bundle.Rootfs, 2), "umount2");

        int Mounts() => Proc.Lines("/proc/self/mountinfo").Count(line => line.Split(' ')[4] == bundle.Rootfs);
    }

    [Theory]
    [InlineData]
    [InlineData("--detach")]
    public void No_process(params string[] flags)
    {
        Bundle bundle = NewBundle();
        _ = bundle.Config.Remove("process");
        bundle.Write();

        _ = Fails("anocir run failed: invalid config: process: is required to start a container", ["run", "--bundle", bundle.Dir, .. flags, Id]);
    }
}
