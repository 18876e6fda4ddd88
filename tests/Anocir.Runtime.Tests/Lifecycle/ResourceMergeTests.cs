using System.Text;
using Anocir.Runtime.Lifecycle;
using Anocir.Runtime.Spec;
using Xunit;

namespace Anocir.Runtime.Tests.Lifecycle;

/// <summary>update: what holds afterwards, and what is written. The rows follow what callers of runc rely on.</summary>
public sealed class ResourceMergeTests
{
    [Theory]
    [InlineData("{}", """{"pids":{"limit":5}}""", """{"pids":{"limit":5}}""", """{"pids":{"limit":5}}""")]
    // One half of a pair keeps the other.
    [InlineData("""{"cpu":{"quota":500,"period":1000}}""", """{"cpu":{"period":900}}""",
        """{"cpu":{"quota":500,"period":900}}""", """{"cpu":{"quota":500,"period":900}}""")]
    [InlineData("""{"cpu":{"quota":500,"period":1000}}""", """{"cpu":{"quota":-1,"period":0}}""",
        """{"cpu":{"quota":-1,"period":1000}}""", """{"cpu":{"quota":-1,"period":1000}}""")]
    [InlineData("""{"cpu":{"quota":500,"period":1000}}""", """{"cpu":{"burst":7}}""",
        """{"cpu":{"quota":500,"burst":7,"period":1000}}""", """{"cpu":{"quota":500,"burst":7,"period":1000}}""")]
    [InlineData("""{"cpu":{"quota":500,"period":1000,"cpus":"0"}}""", """{"cpu":{"shares":20}}""",
        """{"cpu":{"shares":20,"quota":500,"period":1000,"cpus":"0"}}""", """{"cpu":{"shares":20}}""")]
    [InlineData("{}", """{"cpu":{"quota":300}}""", """{"cpu":{"quota":300}}""", """{"cpu":{"quota":300}}""")]
    // A weight that was stored would be refused from now on.
    [InlineData("""{"cpu":{"shares":100}}""", """{"cpu":{"idle":1}}""", """{"cpu":{"idle":1}}""", """{"cpu":{"idle":1}}""")]
    [InlineData("""{"cpu":{"idle":1}}""", """{"cpu":{"idle":0,"shares":8}}""", """{"cpu":{"shares":8,"idle":0}}""", """{"cpu":{"shares":8,"idle":0}}""")]
    // Swap counts together with memory.
    [InlineData("""{"memory":{"limit":100,"reservation":50}}""", """{"memory":{"swap":300}}""",
        """{"memory":{"limit":100,"reservation":50,"swap":300}}""", """{"memory":{"limit":100,"swap":300}}""")]
    [InlineData("""{"memory":{"limit":100,"swap":300}}""", """{"memory":{"limit":200}}""",
        """{"memory":{"limit":200,"swap":300}}""", """{"memory":{"limit":200,"swap":300}}""")]
    [InlineData("""{"memory":{"limit":100,"swap":300}}""", """{"memory":{"limit":-1}}""", """{"memory":{"limit":-1}}""", """{"memory":{"limit":-1}}""")]
    [InlineData("""{"memory":{"limit":100,"swap":300}}""", """{"memory":{"reservation":50}}""",
        """{"memory":{"limit":100,"reservation":50,"swap":300}}""", """{"memory":{"reservation":50}}""")]
    [InlineData("""{"memory":{"limit":100}}""", """{"memory":{"limit":0,"swap":0}}""", """{"memory":{"limit":100}}""", """{"memory":{}}""")]
    // Lists are joined by device and by file.
    [InlineData("""{"blockIO":{"weight":10,"throttleReadBpsDevice":[{"major":8,"minor":0,"rate":1},{"major":8,"minor":16,"rate":2}]}}""",
        """{"blockIO":{"throttleReadBpsDevice":[{"major":8,"minor":16,"rate":3},{"major":8,"minor":32,"rate":4}]}}""",
        """{"blockIO":{"weight":10,"throttleReadBpsDevice":[{"major":8,"minor":0,"rate":1},{"major":8,"minor":16,"rate":3},{"major":8,"minor":32,"rate":4}]}}""",
        """{"blockIO":{"throttleReadBpsDevice":[{"major":8,"minor":16,"rate":3},{"major":8,"minor":32,"rate":4}]}}""")]
    [InlineData("""{"blockIO":{"weightDevice":[{"major":8,"minor":0,"weight":10,"leafWeight":20}]}}""",
        """{"blockIO":{"weight":30,"weightDevice":[{"major":8,"minor":0,"weight":11}]}}""",
        """{"blockIO":{"weight":30,"weightDevice":[{"major":8,"minor":0,"weight":11,"leafWeight":20}]}}""",
        """{"blockIO":{"weight":30,"weightDevice":[{"major":8,"minor":0,"weight":11}]}}""")]
    [InlineData("""{"unified":{"memory.high":"1","pids.max":"2"}}""", """{"unified":{"pids.max":"3"}}""",
        """{"unified":{"memory.high":"1","pids.max":"3"}}""", """{"unified":{"pids.max":"3"}}""")]
    // Not changed by an update.
    [InlineData("""{"devices":[{"allow":false,"access":"rwm"}],"network":{"classID":1}}""",
        """{"devices":[{"allow":true,"access":"rwm"}],"network":{"classID":2},"hugepageLimits":[{"pageSize":"2MB","limit":1}]}""",
        """{"devices":[{"allow":false,"access":"rwm"}],"network":{"classID":1}}""", "{}")]
    public void Merged(string stored, string update, string effective, string changed)
    {
        Resources before = Parse(stored);
        Assert.Equal(effective, Text(ResourceMerge.Effective(before, Parse(update))));
        Assert.Equal(changed, Text(ResourceMerge.Changed(before, Parse(update))));
        Assert.Equal(stored, Text(before));
    }

    [Fact]
    public void EveryMemberIsWrittenAndReadAgain()
    {
        const string All = """
            {"devices":[{"allow":true,"type":"c","major":1,"minor":-1,"access":"rw"}],"memory":{"limit":1,"reservation":2,"swap":3,"kernel":4,"kernelTCP":5,"swappiness":6,"disableOOMKiller":true,"useHierarchy":false,"checkBeforeUpdate":true},"cpu":{"shares":1,"quota":-1,"burst":3,"period":4,"realtimeRuntime":5,"realtimePeriod":6,"cpus":"0-1","mems":"0","idle":1},"pids":{"limit":-1},"blockIO":{"weight":10,"leafWeight":11,"weightDevice":[{"major":8,"minor":0,"weight":12,"leafWeight":13}],"throttleReadBpsDevice":[{"major":8,"minor":0,"rate":1}],"throttleWriteBpsDevice":[{"major":8,"minor":0,"rate":2}],"throttleReadIOPSDevice":[{"major":8,"minor":0,"rate":3}],"throttleWriteIOPSDevice":[{"major":8,"minor":0,"rate":18446744073709551615}]},"hugepageLimits":[{"pageSize":"2MB","limit":9}],"network":{"classID":4294967295,"priorities":[{"name":"lo","priority":5}]},"rdma":{"mlx5":{"hcaHandles":1,"hcaObjects":2}},"unified":{"memory.high":"a\"b"}}
            """;
        Assert.Equal(All.Trim(), Text(Parse(All)));
        Assert.Equal("{}", Text(Parse("null")));
    }

    [Fact]
    public void NamesAreTakenInAnyCase() =>
        Assert.Equal("""{"cpu":{"cpus":"1"},"hugepageLimits":[{"pageSize":"2MB","limit":1}]}""",
            Text(Parse("""{"CPU":{"Cpus":"1"},"HugePageLimits":[{"pagesize":"2MB","Limit":1}]}""")));

    private static Resources Parse(string json) => ConfigReader.ParseResources(Encoding.UTF8.GetBytes(json));

    private static string Text(Resources resources) => Encoding.UTF8.GetString(ResourcesWriter.Write(resources).Span);
}
