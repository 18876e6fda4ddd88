using System;
using System.IO;
using System.Text;
using Anocir.Runtime.Cgroups;
using Anocir.Runtime.Cgroups.Statistics;
using Anocir.Runtime.State;
using Anocir.Runtime.Tests.State;
using Xunit;

namespace Anocir.Runtime.Tests.Cgroups.Statistics;

/// <summary>From files as kernels write them to the line that go-runc reads.</summary>
public sealed class StatisticsTests : IDisposable
{
    private readonly TemporaryDirectory _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void V2BecomesRuncsLine()
    {
        Put("cpu.stat", "usage_usec 7\nuser_usec 4\nsystem_usec 3\nnr_periods 2\nnr_throttled 1\nthrottled_usec 5\nnr_bursts 0\n");
        Put("cpu.pressure", "some avg10=1.50 avg60=0.00 avg300=0.25 total=42\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n");
        Put("memory.stat", "anon 10\nfile 20\n");
        Put("memory.current", "30\n");
        Put("memory.max", "max\n");
        Put("memory.peak", "44\n");
        Put("memory.swap.current", "1\n");
        Put("memory.swap.max", "100\n");
        Put("pids.current", "3\n");
        Put("pids.max", "max\n");
        Put("io.stat", "8:0 rbytes=4096 wbytes=0 rios=1 wios=0 dbytes=0 dios=0\n253:1 \n");
        Assert.Equal(
            """{"type":"stats","id":"a-b","data":{"cpu":{"usage":{"total":7000,"kernel":3000,"user":4000},"throttling":{"periods":2,"throttledPeriods":1,"throttledTime":5000},"psi":{"some":{"avg10":1.5,"avg60":0,"avg300":0.25,"total":42},"full":{"avg10":0,"avg60":0,"avg300":0,"total":0}}},"cpuset":{"cpu_exclusive":0,"mem_hardwall":0,"mem_exclusive":0,"memory_migrate":0,"memory_spread_page":0,"memory_spread_slab":0,"memory_pressure":0,"sched_load_balance":0,"sched_relax_domain_level":0},"memory":{"cache":20,"usage":{"limit":18446744073709551615,"usage":30,"max":44,"failcnt":0},"swap":{"limit":99,"usage":31,"failcnt":0},"kernel":{"limit":0,"failcnt":0},"kernelTCP":{"limit":0,"failcnt":0},"raw":{"anon":10,"file":20}},"pids":{"current":3},"blkio":{"ioServiceBytesRecursive":[{"major":8,"op":"Read","value":4096},{"major":8,"op":"Write"}],"ioServicedRecursive":[{"major":8,"op":"Read","value":1},{"major":8,"op":"Write"}]},"hugetlb":{},"intel_rdt":{},"network_interfaces":null}}""" + "\n",
            Line(2));
    }

    [Fact]
    public void V1BecomesRuncsLine()
    {
        Put("cpu.stat", "nr_periods 0\nnr_throttled 0\nthrottled_time 0\n");
        Put("cpuacct.usage", "123\n");
        Put("cpuacct.stat", "user 1\nsystem 2\n");
        Put("cpuacct.usage_percpu", "100 23 \n");
        Put("cpuacct.usage_all", "cpu user system\n0 60 40\n1 20 3\n");
        Put("cpuset.cpus", "0-1,3\n");
        Put("cpuset.mems", "0\n");
        Put("cpuset.sched_load_balance", "1\n");
        Put("cpuset.sched_relax_domain_level", "-1\n");
        Put("memory.stat", "cache 8\nrss 4\n");
        Put("memory.usage_in_bytes", "12\n");
        Put("memory.limit_in_bytes", "9223372036854771712\n");
        Put("memory.max_usage_in_bytes", "16\n");
        Put("memory.failcnt", "1\n");
        Put("memory.kmem.usage_in_bytes", "2\n");
        Put("memory.kmem.max_usage_in_bytes", "2\n");
        Put("memory.kmem.failcnt", "0\n");
        Put("pids.current", "1\n");
        Put("pids.max", "20\n");
        Put("blkio.bfq.io_serviced_recursive", "Total 0\n");
        Put("blkio.throttle.io_serviced_recursive", "8:0 Read 3\n8:0 Total 3\nTotal 3\n");
        Put("blkio.throttle.io_service_bytes_recursive", "8:0 Read 4096\n8:0 Total 4096\nTotal 4096\n");
        Assert.Equal(
            """{"type":"stats","id":"a-b","data":{"cpu":{"usage":{"total":123,"percpu":[100,23],"percpu_kernel":[40,3],"percpu_user":[60,20],"kernel":20000000,"user":10000000},"throttling":{}},"cpuset":{"cpus":[0,1,3],"cpu_exclusive":0,"mems":[0],"mem_hardwall":0,"mem_exclusive":0,"memory_migrate":0,"memory_spread_page":0,"memory_spread_slab":0,"memory_pressure":0,"sched_load_balance":1,"sched_relax_domain_level":-1},"memory":{"cache":8,"usage":{"limit":9223372036854771712,"usage":12,"max":16,"failcnt":1},"swap":{"limit":0,"failcnt":0},"kernel":{"limit":0,"usage":2,"max":2,"failcnt":0},"kernelTCP":{"limit":0,"failcnt":0},"raw":{"cache":8,"rss":4}},"pids":{"current":1,"limit":20},"blkio":{"ioServiceBytesRecursive":[{"major":8,"op":"Read","value":4096},{"major":8,"op":"Total","value":4096}],"ioServicedRecursive":[{"major":8,"op":"Read","value":3},{"major":8,"op":"Total","value":3}]},"hugetlb":{},"intel_rdt":{},"network_interfaces":null}}""" + "\n",
            Line(1));
    }

    [Fact]
    public void NothingThereIsNoError() => Assert.StartsWith("""{"type":"stats","id":"a-b","data":{"cpu":{"usage":{"kernel":0,"user":0},"throttling":{}},"cpuset":{""", Line(2), StringComparison.Ordinal);

    [Fact]
    public void OomHasNoData() => Assert.Equal("""{"type":"oom","id":"a-b"}""" + "\n", Encoding.UTF8.GetString(EventDocument.Oom("a-b").Span));

    [Theory]
    [InlineData(4, "4KB")]
    [InlineData(2048, "2MB")]
    [InlineData(1048576, "1GB")]
    [InlineData(16777216, "16GB")]
    public void PageSizesAreSpelledAsTheKernelDoes(ulong kibibytes, string expected) => Assert.Equal(expected, StatisticsReader.PageSize(kibibytes));

    private void Put(string file, string content) => File.WriteAllText(_temporary[file], content);

    private string Line(int version)
    {
        CgroupStatistics statistics = StatisticsReader.Read(CgroupDirectories.From(new CgroupRecord
        {
            Driver = "cgroupfs",
            Version = version,
            Paths = [_temporary.Path],
            Controllers = version == 1 ? ["cpu,cpuacct,cpuset,memory,pids,blkio"] : [],
        }));
        statistics.Hugepages.Clear(); // of this machine
        return Encoding.UTF8.GetString(EventDocument.Stats("a-b", statistics).Span);
    }
}
