using Xunit;

namespace Anocir.Runtime.Tests.Validation;

public sealed class SchedulingChecksTests
{
    [Theory]
    [InlineData("""{"policy":"BATCH"}""", "policy: invalid scheduler policy, got \"BATCH\"")]
    [InlineData("""{"policy":"SCHED_BATCH","flags":["SCHED_FLAG_RECLAIM","X"]}""", "flags[1]: invalid scheduler flag, got \"X\"")]
    [InlineData("""{"policy":"SCHED_OTHER","nice":20}""",
        "nice: invalid scheduler.nice: 20 when scheduler.policy is SCHED_OTHER, must be from -20 to 19")]
    [InlineData("""{"policy":"SCHED_BATCH","nice":-21}""",
        "nice: invalid scheduler.nice: -21 when scheduler.policy is SCHED_BATCH, must be from -20 to 19")]
    [InlineData("""{"policy":"SCHED_OTHER","priority":1}""",
        "priority: scheduler.priority can only be specified for SchedFIFO or SchedRR policy, got 1")]
    [InlineData("""{"policy":"SCHED_FIFO"}""", "priority: must be from 1 to 99 with SCHED_FIFO, got 0")]
    [InlineData("""{"policy":"SCHED_RR","priority":100}""", "priority: must be from 1 to 99 with SCHED_RR, got 100")]
    [InlineData("""{"policy":"SCHED_IDLE","runtime":1}""",
        "runtime: scheduler runtime/deadline/period can only be specified for SchedDeadline policy")]
    [InlineData("""{"policy":"SCHED_IDLE","deadline":1}""",
        "deadline: scheduler runtime/deadline/period can only be specified for SchedDeadline policy")]
    [InlineData("""{"policy":"SCHED_RR","priority":1,"period":1}""",
        "period: scheduler runtime/deadline/period can only be specified for SchedDeadline policy")]
    [InlineData("""{"policy":"SCHED_DEADLINE"}""", "runtime: must be at least 1024 ns with SCHED_DEADLINE, got 0")]
    [InlineData("""{"policy":"SCHED_DEADLINE","runtime":5000,"deadline":4000}""", "deadline: must not be below the runtime 5000, got 4000")]
    [InlineData("""{"policy":"SCHED_DEADLINE","runtime":5000,"deadline":6000,"period":5500}""",
        "period: must not be below the deadline 6000, got 5500")]
    public void WrongSchedulerIsRefused(string scheduler, string message) =>
        Assert.Equal("process.scheduler." + message, TestConfig.Refused("process/scheduler", scheduler));

    [Theory]
    [InlineData("""{"policy":"SCHED_OTHER","nice":-20}""")]
    [InlineData("""{"policy":"SCHED_FIFO","priority":99,"flags":["SCHED_FLAG_RESET_ON_FORK"]}""")]
    [InlineData("""{"policy":"SCHED_ISO"}""")]
    [InlineData("""{"policy":"SCHED_IDLE","nice":19}""")]
    [InlineData("""{"policy":"SCHED_DEADLINE","nice":19,"runtime":42000,"deadline":1000000,"period":1000000}""")]
    [InlineData("""{"policy":"SCHED_DEADLINE","runtime":1024,"deadline":1024}""")]
    public void GoodSchedulerIsAccepted(string scheduler) => TestConfig.Accepted("process/scheduler", scheduler);

    [Theory]
    [InlineData("""{"class":"IOPRIO_CLASS_BE","priority":8}""", "priority: invalid ioPriority.Priority: 8, must be from 0 to 7")]
    [InlineData("""{"class":"IOPRIO_CLASS_BE","priority":-1}""", "priority: invalid ioPriority.Priority: -1, must be from 0 to 7")]
    [InlineData("""{"class":"BE","priority":4}""",
        "class: invalid ioPriority.Class: \"BE\", must be one of IOPRIO_CLASS_RT IOPRIO_CLASS_BE IOPRIO_CLASS_IDLE")]
    public void WrongIoPriorityIsRefused(string priority, string message) =>
        Assert.Equal("process.ioPriority." + message, TestConfig.Refused("process/ioPriority", priority));

    [Theory]
    [InlineData("{}", "mode: invalid memory policy mode \"\"")]
    [InlineData("""{"mode":"INTERLEAVE","nodes":"0"}""", "mode: invalid memory policy mode \"INTERLEAVE\"")]
    [InlineData("""{"mode":"MPOL_PREFERRED","nodes":"0","flags":["MPOL_F_RELATIVE_NODES","badflag"]}""",
        "flags[1]: invalid memory policy flag \"badflag\"")]
    [InlineData("""{"mode":"MPOL_DEFAULT","nodes":"0-7"}""", "nodes: memory policy mode requires 0 nodes but got 8")]
    [InlineData("""{"mode":"MPOL_BIND"}""", "nodes: memory policy mode requires at least one node but got 0")]
    [InlineData("""{"mode":"MPOL_BIND","nodes":"0-9876543210"}""",
        "nodes: invalid memory policy nodes \"0-9876543210\", must be a list like 0-3,7 of numbers up to 1023")]
    [InlineData("""{"mode":"MPOL_BIND","nodes":"3-1"}""",
        "nodes: invalid memory policy nodes \"3-1\", must be a list like 0-3,7 of numbers up to 1023")]
    public void WrongMemoryPolicyIsRefused(string policy, string message) =>
        Assert.Equal("linux.memoryPolicy." + message, TestConfig.Refused("linux/memoryPolicy", policy));

    [Theory]
    [InlineData("""{"mode":"MPOL_DEFAULT"}""")]
    [InlineData("""{"mode":"MPOL_LOCAL","nodes":""}""")]
    [InlineData("""{"mode":"MPOL_PREFERRED"}""")]
    [InlineData("""{"mode":"MPOL_WEIGHTED_INTERLEAVE","nodes":"0-3, 7","flags":["MPOL_F_STATIC_NODES"]}""")]
    public void GoodMemoryPolicyIsAccepted(string policy) => TestConfig.Accepted("linux/memoryPolicy", policy);
}
