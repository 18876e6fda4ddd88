using System;
using System.IO;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Properties;

/// <summary>process.scheduler, process.ioPriority, linux.memoryPolicy: what the kernel says about the program.</summary>
public sealed class SchedulingTests : ContainerTest
{
    private const string GetScheduler = "145:0";
    private const string GetNice = "140:0:0"; // the system call's value is 20 - nice
    private const string GetIoPriority = "252:1:0";
    private const int BestEffort2 = (2 << 13) | 2;

    [Fact]
    public void A_user_has_policy_nice_value_and_io_priority()
    {
        Bundle bundle = NewBundle().Process("user", """{"uid":1000,"gid":1000}""")
            .Process("scheduler", """{"policy":"SCHED_BATCH","nice":-5}""")
            .Process("ioPriority", """{"class":"IOPRIO_CLASS_BE","priority":2}""");

        Report inside = Probe(bundle, "syscall", GetScheduler, "syscall", GetNice, "syscall", GetIoPriority);

        Assert.Equal([GetScheduler + " 3", GetNice + " 25", $"{GetIoPriority} {BestEffort2}"], inside.All("syscall"));
    }

    [Theory]
    [InlineData("""{"policy":"SCHED_BATCH","flags":["SCHED_FLAG_RESET_ON_FORK"]}""", 0x40000003)]
    [InlineData("""{"policy":"SCHED_IDLE"}""", 5)]
    public void Policies_and_flags_come_through(string scheduler, long policy) => Assert.Equal(
        $"{GetScheduler} {policy}", Probe(NewBundle().Process("scheduler", scheduler), "syscall", GetScheduler)["syscall"]);

    [Fact]
    public void What_the_kernel_does_not_have_is_an_error_with_the_property()
    {
        Bundle bundle = NewBundle().Process("scheduler", """{"policy":"SCHED_ISO"}""");
        bundle.Write();

        _ = Fails("cannot set the scheduling policy (process.scheduler): invalid argument (EINVAL); hint: the kernel has no such policy",
            "run", "--bundle", bundle.Dir, Id);
    }

    [Fact]
    public void The_memory_policy_is_the_programs()
    {
        Bundle bundle = NewBundle().Linux("memoryPolicy", """{"mode":"MPOL_BIND","nodes":"0","flags":["MPOL_F_STATIC_NODES"]}""");
        if (!File.Exists("/proc/self/numa_maps"))
        {
            bundle.Write();
            _ = Fails("cannot set the memory policy (linux.memoryPolicy): function not implemented (ENOSYS); hint: the kernel was built without NUMA",
                "run", "--bundle", bundle.Dir, Id);
            return;
        }

        Assert.Contains(" bind=static:0 ", Probe(bundle, "read", "/proc/self/numa_maps").All("/proc/self/numa_maps")[0], StringComparison.Ordinal);

        _ = bundle.Linux("memoryPolicy", """{"mode":"MPOL_BIND","nodes":"1000"}""");
        bundle.Write();
        _ = Fails("cannot set the memory policy (linux.memoryPolicy): invalid argument (EINVAL); hint: the nodes must exist",
            "run", "--bundle", bundle.Dir, Id);
    }
}
