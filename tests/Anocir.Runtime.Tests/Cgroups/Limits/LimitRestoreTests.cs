using Anocir.Runtime.Cgroups.Limits;
using Xunit;

namespace Anocir.Runtime.Tests.Cgroups.Limits;

public sealed class LimitRestoreTests
{
    [Theory]
    [InlineData("memory.max", "1", "max", "max")]
    [InlineData("cpu.max", "1000 100000", "max 100000", "max 100000")]
    [InlineData("cpuset.cpus", "0", "", "\n")]
    [InlineData("memory.oom_control", "1", "oom_kill_disable 0\nunder_oom 0\noom_kill 3", "0")]
    [InlineData("io.max", "8:0 rbps=1", "8:16 rbps=5 wbps=max riops=max wiops=max", "8:0 rbps=max wbps=max riops=max wiops=max")]
    [InlineData("io.max", "8:16 rbps=1", "8:0 rbps=2\n8:16 rbps=5 wbps=max riops=max wiops=max", "8:16 rbps=5 wbps=max riops=max wiops=max")]
    [InlineData("io.weight", "8:0 30", "default 100", "8:0 default")]
    [InlineData("io.weight", "30", "default 100\n8:0 30", "100")]
    [InlineData("io.bfq.weight", "8:0 40", "default 100\n8:0 30", "8:0 30")]
    [InlineData("blkio.throttle.read_bps_device", "8:0 40", "", "8:0 0")]
    [InlineData("blkio.throttle.read_bps_device", "8:0 40", "8:0 1024", "8:0 1024")]
    [InlineData("rdma.max", "mlx5 hca_handle=1", "mlx4 hca_handle=2 hca_object=max", "mlx5 hca_handle=max hca_object=max")]
    [InlineData("net_prio.ifpriomap", "eth0 5", "lo 0\neth0 2", "eth0 2")]
    [InlineData("cgroup.kill", "1", "", null)]
    public void OldContentComesBack(string file, string written, string content, string? expected) =>
        Assert.Equal(expected, LimitRestore.Value(file, written, content));
}
