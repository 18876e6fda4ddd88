using Anocir.Runtime.Errors;
using Xunit;

namespace Anocir.Runtime.Tests.Cgroups.Limits;

/// <summary>Every property of linux.resources, in both versions: which files get which values, in which order.</summary>
public sealed class ResourceLimitsTests
{
    private static readonly FakeFacts s_none = new();

    [Theory]
    // What engines write for "not set" gives nothing.
    [InlineData("{}", "", "")]
    [InlineData("""{"memory":{},"cpu":{},"pids":{},"blockIO":{},"network":{},"hugepageLimits":[],"rdma":{}}""", "", "")]
    [InlineData("""{"memory":{"limit":0,"swap":0,"reservation":0,"kernel":0,"kernelTCP":0,"disableOOMKiller":false}}""", "", "")]
    [InlineData("""{"cpu":{"shares":0,"quota":0,"period":0,"realtimePeriod":0,"realtimeRuntime":0,"cpus":"","mems":""}}""", "", "")]
    [InlineData("""{"blockIO":{"weight":0,"leafWeight":0}}""", "", "")]
    // memory
    [InlineData("""{"memory":{"limit":1048576}}""", "memory.limit_in_bytes=1048576", "memory.max=1048576")]
    [InlineData("""{"memory":{"limit":-1}}""", "memory.limit_in_bytes=-1", "memory.swap.max?=max ; memory.max=max")]
    [InlineData("""{"memory":{"reservation":4096}}""", "memory.soft_limit_in_bytes=4096", "memory.low=4096")]
    [InlineData("""{"memory":{"reservation":-1}}""", "memory.soft_limit_in_bytes=-1", "memory.low=max")]
    [InlineData("""{"memory":{"swap":-1}}""", "memory.memsw.limit_in_bytes=-1", "memory.swap.max?=max")]
    [InlineData("""{"memory":{"limit":100,"swap":300}}""",
        "memory.memsw.limit_in_bytes=300 ; memory.limit_in_bytes=100", "memory.swap.max=200 ; memory.max=100")]
    [InlineData("""{"memory":{"limit":100,"swap":100}}""",
        "memory.memsw.limit_in_bytes=100 ; memory.limit_in_bytes=100", "memory.swap.max?=0 ; memory.max=100")]
    [InlineData("""{"memory":{"limit":100,"swap":-1}}""",
        "memory.memsw.limit_in_bytes=-1 ; memory.limit_in_bytes=100", "memory.swap.max?=max ; memory.max=100")]
    // only v1 has these; v2 passes them over
    [InlineData("""{"memory":{"disableOOMKiller":true,"swappiness":7,"useHierarchy":true}}""",
        "memory.oom_control=1 ; memory.swappiness=7", "")]
    [InlineData("""{"memory":{"swappiness":0}}""", "memory.swappiness=0", "")]
    [InlineData("""{"memory":{"kernel":4096,"kernelTCP":8192}}""", "memory.kmem.tcp.limit_in_bytes?=8192", "")]
    [InlineData("""{"memory":{"swappiness":18446744073709551615}}""", "", "")]
    [InlineData("""{"network":{"classID":1048577,"priorities":[{"name":"lo","priority":5}]}}""",
        "net_cls.classid=1048577 ; net_prio.ifpriomap=lo 5", "")]
    [InlineData("""{"cpu":{"realtimePeriod":1000000,"realtimeRuntime":950000}}""", "cpu.rt_period_us~=1000000 ; cpu.rt_runtime_us=950000", "")]
    [InlineData("""{"cpu":{"realtimePeriod":1000000}}""", "cpu.rt_period_us=1000000", "")]
    [InlineData("""{"blockIO":{"leafWeight":20,"weightDevice":[{"major":8,"minor":0,"leafWeight":30}]}}""",
        "blkio.leaf_weight=20 ; blkio.leaf_weight_device=8:0 30", "")]
    // cpu
    [InlineData("""{"cpu":{"shares":1024}}""", "cpu.shares=1024", "cpu.weight=100")]
    [InlineData("""{"cpu":{"quota":5000}}""", "cpu.cfs_quota_us=5000", "cpu.max=5000 100000")]
    [InlineData("""{"cpu":{"period":50000}}""", "cpu.cfs_period_us=50000", "cpu.max=max 50000")]
    [InlineData("""{"cpu":{"quota":-1,"period":50000}}""", "cpu.cfs_period_us~=50000 ; cpu.cfs_quota_us=-1", "cpu.max=max 50000")]
    [InlineData("""{"cpu":{"quota":20000,"period":50000,"burst":10}}""",
        "cpu.cfs_period_us~=50000 ; cpu.cfs_burst_us?~=10 ; cpu.cfs_quota_us=20000", "cpu.max.burst~=10 ; cpu.max=20000 50000")]
    [InlineData("""{"cpu":{"burst":0}}""", "cpu.cfs_burst_us?=0", "cpu.max.burst=0")]
    [InlineData("""{"cpu":{"idle":1}}""", "cpu.idle=1", "cpu.idle=1")]
    [InlineData("""{"cpu":{"idle":0,"shares":2}}""", "cpu.shares=2 ; cpu.idle=0", "cpu.idle=0 ; cpu.weight=1")]
    [InlineData("""{"cpu":{"cpus":"0-1","mems":"0"}}""", "cpuset.cpus=0-1 ; cpuset.mems=0", "cpuset.cpus=0-1 ; cpuset.mems=0")]
    // pids
    [InlineData("""{"pids":{"limit":-1}}""", "pids.max=max", "pids.max=max")]
    [InlineData("""{"pids":{"limit":0}}""", "pids.max=1", "pids.max=1")]
    [InlineData("""{"pids":{"limit":9}}""", "pids.max=9", "pids.max=9")]
    // blockIO
    [InlineData("""{"blockIO":{"weight":10}}""", "blkio.bfq.weight=10", "io.weight=1")]
    [InlineData("""{"blockIO":{"weightDevice":[{"major":8,"minor":0,"weight":30}]}}""", "blkio.bfq.weight_device=8:0 30", "")]
    [InlineData("""{"blockIO":{"throttleReadBpsDevice":[{"major":8,"minor":1,"rate":1}],"throttleWriteBpsDevice":[{"major":8,"minor":2,"rate":2}],"throttleReadIOPSDevice":[{"major":8,"minor":3,"rate":3}],"throttleWriteIOPSDevice":[{"major":8,"minor":4,"rate":0}]}}""",
        "blkio.throttle.read_bps_device=8:1 1 ; blkio.throttle.write_bps_device=8:2 2 ; blkio.throttle.read_iops_device=8:3 3 ; blkio.throttle.write_iops_device=8:4 0",
        "io.max=8:1 rbps=1 ; io.max=8:2 wbps=2 ; io.max=8:3 riops=3 ; io.max=8:4 wiops=max")]
    // hugepages, rdma
    [InlineData("""{"hugepageLimits":[{"pageSize":"2MB","limit":4194304},{"pageSize":"1GB","limit":0}]}""",
        "hugetlb.2MB.limit_in_bytes=4194304 ; hugetlb.2MB.rsvd.limit_in_bytes?=4194304 ; hugetlb.1GB.limit_in_bytes=0 ; hugetlb.1GB.rsvd.limit_in_bytes?=0",
        "hugetlb.2MB.max=4194304 ; hugetlb.2MB.rsvd.max?=4194304 ; hugetlb.1GB.max=0 ; hugetlb.1GB.rsvd.max?=0")]
    [InlineData("""{"rdma":{"mlx5_1":{"hcaHandles":3,"hcaObjects":10000},"mlx4_0":{"hcaObjects":0}}}""",
        "rdma.max=mlx5_1 hca_handle=3 hca_object=10000 ; rdma.max=mlx4_0 hca_object=0",
        "rdma.max=mlx5_1 hca_handle=3 hca_object=10000 ; rdma.max=mlx4_0 hca_object=0")]
    // the order of the controllers
    [InlineData("""{"pids":{"limit":1},"cpu":{"cpus":"0","shares":1024},"memory":{"limit":1},"blockIO":{"weight":10}}""",
        "cpuset.cpus=0 ; memory.limit_in_bytes=1 ; cpu.shares=1024 ; pids.max=1 ; blkio.bfq.weight=10",
        "pids.max=1 ; memory.max=1 ; io.weight=1 ; cpu.weight=100 ; cpuset.cpus=0")]
    public void Values(string resources, string v1, string v2)
    {
        Assert.Equal(v1, s_none.Writes(resources, isUnified: false));
        Assert.Equal(v2, s_none.Writes(resources, isUnified: true));
    }

    [Fact]
    public void UnifiedComesLastAndLineByLine() => Assert.Equal(
        "memory.max=100 ; memory.max=200 ; io.max=8:0 riops=1 ; io.max=8:16 riops=2",
        s_none.Writes("""{"unified":{"memory.max":"200","io.max":"8:0 riops=1\n8:16 riops=2\n"},"memory":{"limit":100}}""", isUnified: true));

    // What is there decides.
    [Theory]
    [InlineData("memory.limit_in_bytes", "1000", """{"memory":{"limit":300,"swap":600}}""", "memory.limit_in_bytes=300 ; memory.memsw.limit_in_bytes=600")]
    [InlineData("memory.limit_in_bytes", "500", """{"memory":{"limit":550,"swap":600}}""", "memory.memsw.limit_in_bytes=600 ; memory.limit_in_bytes=550")]
    [InlineData("memory.memsw.limit_in_bytes", "1", """{"memory":{"limit":-1}}""", "memory.memsw.limit_in_bytes=-1 ; memory.limit_in_bytes=-1")]
    [InlineData("blkio.weight", "500", """{"blockIO":{"weight":10,"weightDevice":[{"major":8,"minor":0,"weight":30}]}}""", "blkio.weight=10 ; blkio.weight_device=8:0 30")]
    [InlineData("cpus", "0", """{"cpu":{"cpus":"0","mems":"0"}}""", "cpus=0 ; mems=0")]
    [InlineData("memory.oom_control", "oom_kill_disable 1\nunder_oom 0\noom_kill 0", """{"memory":{"disableOOMKiller":false}}""", "memory.oom_control=0")]
    [InlineData("memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 0", """{"memory":{"disableOOMKiller":false}}""", "")]
    [InlineData("memory.oom_control", "oom_kill_disable 1\nunder_oom 0\noom_kill 0", """{"memory":{}}""", "")]
    public void FilesOfTheHostDecideOnV1(string file, string content, string resources, string expected) =>
        Assert.Equal(expected, new FakeFacts((file, content)).Writes(resources, isUnified: false));

    [Theory]
    [InlineData("default 100", "io.bfq.weight=10 ; io.bfq.weight=8:0 30")]
    [InlineData("100", "io.bfq.weight=10")]
    public void BfqTakesWeightsOnV2(string content, string expected) => Assert.Equal(
        expected,
        new FakeFacts(("io.bfq.weight", content)).Writes("""{"blockIO":{"weight":10,"weightDevice":[{"major":8,"minor":0,"weight":30}]}}""", isUnified: true));

    [Theory]
    [InlineData(false, """{"unified":{"memory.max":"1"}}""", "linux.resources.unified: invalid configuration: cannot use unified on cgroup v1")]
    [InlineData(false, """{"memory":{"swappiness":101}}""", "linux.resources.memory.swappiness: invalid memory swappiness value: 101 (valid range is 0-100)")]
    [InlineData(false, """{"cpu":{"shares":1}}""", "linux.resources.cpu.shares: the minimum allowed cpu-shares is 2, got 1")]
    [InlineData(false, """{"cpu":{"shares":262145}}""", "linux.resources.cpu.shares: the maximum allowed cpu-shares is 262144, got 262145")]
    [InlineData(true, """{"memory":{"limit":-2}}""", "linux.resources.memory.limit: must be -1 (no limit) or more, got -2")]
    [InlineData(true, """{"memory":{"reservation":-2}}""", "linux.resources.memory.reservation: must be -1 (no limit) or more, got -2")]
    [InlineData(true, """{"unified":{"a/b":"1"}}""", "linux.resources.unified[\"a/b\"]: unified resource \"a/b\" must be a file name (no slashes)")]
    [InlineData(true, """{"unified":{"x":"1"}}""", "linux.resources.unified[\"x\"]: unified resource \"x\" must be in the form CONTROLLER.PARAMETER")]
    public void NonsenseIsRefused(bool isUnified, string resources, string message)
    {
        ContainerException e = Assert.Throws<ContainerException>(() => s_none.Writes(resources, isUnified));
        Assert.Equal("invalid config: " + message, e.Message);
    }

    [Theory]
    [InlineData(false, "memory.usage_in_bytes")]
    [InlineData(true, "memory.current")]
    public void CheckBeforeUpdateComparesWithWhatIsUsed(bool isUnified, string file)
    {
        var facts = new FakeFacts((file, "5000"));
        ContainerException e = Assert.Throws<ContainerException>(
            () => facts.Writes("""{"memory":{"limit":5000,"checkBeforeUpdate":true}}""", isUnified));
        Assert.Equal("linux.resources.memory.limit: rejecting memory limit 5000 <= usage 5000", e.Message);
        e = Assert.Throws<ContainerException>(() => facts.Writes("""{"memory":{"limit":4000,"swap":4500,"checkBeforeUpdate":true}}""", isUnified));
        Assert.Equal("linux.resources.memory.swap: rejecting memory+swap limit 4500 <= usage 5000", e.Message);
        Assert.NotEqual("", facts.Writes("""{"memory":{"limit":5001,"checkBeforeUpdate":true}}""", isUnified));
        Assert.NotEqual("", facts.Writes("""{"memory":{"limit":5000}}""", isUnified));
        Assert.NotEqual("", s_none.Writes("""{"memory":{"limit":1,"checkBeforeUpdate":true}}""", isUnified));
    }

    [Fact]
    public void PropertiesAreNamed()
    {
        const string All = """
            {"memory":{"limit":100,"swap":200,"reservation":3},"cpu":{"shares":2,"quota":1,"period":2,"idle":0,"cpus":"0","mems":"0"},"pids":{"limit":1},
            "blockIO":{"weight":10,"throttleReadBpsDevice":[{"major":8,"minor":0,"rate":1}]},"hugepageLimits":[{"pageSize":"2MB","limit":1}],"rdma":{"m":{"hcaHandles":1}}}
            """;
        string[] v1 = s_none.Properties(All, isUnified: false);
        Assert.Equal(
            ["cpu.cpus", "cpu.mems", "memory.swap", "memory.limit", "memory.reservation", "cpu.shares", "cpu.period", "cpu.quota", "cpu.idle", "pids.limit",
                "blockIO.weight", "blockIO.throttleReadBpsDevice[0]", "hugepageLimits[0]", "hugepageLimits[0]", "rdma.m"], v1);
        string[] v2 = s_none.Properties(All, isUnified: true);
        Assert.Equal(
            ["pids.limit", "memory.swap", "memory.limit", "memory.reservation", "blockIO.weight", "blockIO.throttleReadBpsDevice[0]", "cpu.idle", "cpu.shares",
                "cpu.quota", "cpu.cpus", "cpu.mems", "hugepageLimits[0]", "hugepageLimits[0]", "rdma.m"], v2);
        Assert.Equal(["unified[\"memory.high\"]"], s_none.Properties("""{"unified":{"memory.high":"1"}}""", isUnified: true));
    }
}
