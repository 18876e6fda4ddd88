using System;
using System.Collections.Generic;
using System.Linq;
using Anocir.Runtime.Cgroups.Devices;
using Anocir.Runtime.Cgroups.Limits;
using Anocir.Runtime.Cgroups.Systemd;
using Anocir.Runtime.Tests.Cgroups.Limits;
using Xunit;

namespace Anocir.Runtime.Tests.Cgroups.Systemd;

public sealed class UnitLimitsTests
{
    [Theory]
    [InlineData("{}", "")]
    [InlineData("""{"memory":{"limit":1000,"swap":3000,"reservation":500}}""", "MemoryMax=1000 MemoryLow=500 MemorySwapMax=2000")]
    [InlineData("""{"memory":{"limit":-1}}""", "MemoryMax=18446744073709551615 MemorySwapMax=18446744073709551615")]
    [InlineData("""{"pids":{"limit":10}}""", "TasksMax=10")]
    [InlineData("""{"pids":{"limit":-1}}""", "TasksMax=18446744073709551615")]
    [InlineData("""{"pids":{"limit":0}}""", "TasksMax=1")]
    [InlineData("""{"unified":{"pids.max":"0"}}""", "TasksMax=1")]
    [InlineData("""{"cpu":{"shares":1024}}""", "CPUWeight=100")]
    [InlineData("""{"cpu":{"idle":1,"shares":1024}}""", "CPUWeight=0")]
    [InlineData("""{"cpu":{"quota":5000,"period":1000000}}""", "CPUQuotaPeriodUSec=1000000 CPUQuotaPerSecUSec=10000")]
    [InlineData("""{"cpu":{"quota":150000}}""", "CPUQuotaPeriodUSec=100000 CPUQuotaPerSecUSec=1500000")]
    [InlineData("""{"cpu":{"quota":-1,"period":50000}}""", "CPUQuotaPeriodUSec=50000 CPUQuotaPerSecUSec=18446744073709551615")]
    [InlineData("""{"cpu":{"cpus":"0-2,9","mems":"1"}}""", "AllowedCPUs=07-02 AllowedMemoryNodes=02")]
    [InlineData("""{"unified":{"memory.high":"max","memory.min":"5","cpu.max":"20000","cpu.weight":"7"}}""",
        "MemoryMin=5 MemoryHigh=18446744073709551615 CPUWeight=7 CPUQuotaPeriodUSec=100000 CPUQuotaPerSecUSec=200000")]
    [InlineData("""{"memory":{"limit":1000},"unified":{"memory.max":"2000","io.weight":"5","cpu.max":"word"}}""", "MemoryMax=2000")]
    public void Limits_of_v2_are_properties(string resources, string expected) => Assert.Equal(expected, Properties(resources, true, 252));

    [Theory]
    [InlineData("""{"cpu":{"idle":1,"shares":1024}}""", 251, "CPUWeight=100")]
    [InlineData("""{"cpu":{"cpus":"0"}}""", 243, "")]
    [InlineData("""{"cpu":{"quota":100000,"period":50000}}""", 241, "CPUQuotaPerSecUSec=2000000")]
    public void An_old_systemd_is_told_what_it_knows(string resources, int version, string expected) => Assert.Equal(expected, Properties(resources, true, version));

    [Theory]
    [InlineData("""{"memory":{"limit":1000}}""", "MemoryLimit=1000")]
    [InlineData("""{"cpu":{"shares":512,"quota":20000,"period":40000}}""", "CPUShares=512 CPUQuotaPeriodUSec=40000 CPUQuotaPerSecUSec=500000")]
    [InlineData("""{"cpu":{"quota":-1}}""", "CPUQuotaPeriodUSec=100000 CPUQuotaPerSecUSec=18446744073709551615")]
    [InlineData("""{"blockIO":{"weight":300},"pids":{"limit":5}}""", "BlockIOWeight=300 TasksMax=5")]
    public void Limits_of_v1_are_properties(string resources, string expected) => Assert.Equal(expected, Properties(resources, false, 252));

    // The file says what the property does: whole percents of a CPU.
    [Theory]
    [InlineData("cpu.max", "500000 900000", "504000 900000")]
    [InlineData("cpu.max", "500000 1000000", "500000 1000000")]
    [InlineData("cpu.max", "max 900000", "max 900000")]
    [InlineData("cpu.max", "4001", "9000")]
    [InlineData("cpu.cfs_quota_us", "500000", "504000")]
    [InlineData("cpu.cfs_quota_us", "-1", "-1")]
    public void The_quota_is_rounded_as_systemd_does(string file, string value, string rounded)
    {
        List<LimitWrite> writes = [new("cpu", "cpu.cfs_period_us", "900000", "p"), new("cpu", file, value, "q")];
        UnitLimits.RoundQuota(writes);
        Assert.Equal(("900000", rounded), (writes[0].Value, writes[1].Value));
    }

    // kernel/sched/fair.c: a group that is idle takes no weight; and systemd has one property for both.
    [Theory]
    [InlineData("""{"cpu":{"idle":1,"shares":200}}""", false, true, "cpu.idle=1")]
    [InlineData("""{"unified":{"cpu.weight":"8","cpu.idle":"1"}}""", false, true, "cpu.idle=1")]
    [InlineData("""{"cpu":{"idle":0,"shares":1024}}""", true, false, "cpu.idle=0 cpu.weight=100")]
    [InlineData("""{"cpu":{"shares":1024}}""", true, false, "cpu.idle=0 cpu.weight=100")]
    [InlineData("""{"unified":{"cpu.weight":"8"}}""", true, false, "cpu.idle=0 cpu.weight=8")]
    [InlineData("""{"cpu":{"shares":1024}}""", false, false, "cpu.weight=100")]
    [InlineData("""{"cpu":{"idle":1}}""", true, false, "cpu.idle=1")]
    public void Idle_and_a_weight_exclude_each_other(string resources, bool isIdle, bool leftOut, string expected)
    {
        List<LimitWrite> writes = ResourceLimits.Writes(FakeFacts.Parse(resources), isUnified: true, new FakeFacts());
        Assert.Equal(leftOut, IdleWeight.Settle(writes, () => isIdle));
        Assert.Equal(expected, string.Join(' ', writes.Select(static write => $"{write.File}={write.Value}")));
    }

    [Theory]
    [InlineData("0", "01")]
    [InlineData("0-7", "FF")]
    [InlineData("8", "0001")]
    [InlineData(" 1 , 3 ", "0A")]
    [InlineData("", null)]
    [InlineData("3-1", null)]
    [InlineData("a", null)]
    [InlineData("0-99999", null)]
    public void A_list_is_bits(string list, string? mask) =>
        Assert.Equal(mask, UnitLimits.TryMask(list, out byte[] bits) ? Convert.ToHexString(bits) : null);

    // As the rollback of an update writes what a cpuset of cgroup v2 holds by itself.
    [Fact]
    public void No_CPUs_are_told_too()
    {
        UnitProperty told = Assert.Single(UnitLimits.Properties([new LimitWrite("cpuset", "cpuset.cpus", "\n", "")], isUnified: true, static () => 252));
        Assert.Equal(("AllowedCPUs", "ay []"), (told.Name, VariantTextTests.Show(told.Value)));
    }

    [Fact]
    public void Device_rules_are_patterns()
    {
        const string Devices = "Character devices:\n  1 mem\n136 pts\n\nBlock devices:\n259 blkext\n";
        var set = new DeviceRuleSet();
        set.Apply(true, new DeviceEntry('c', 1, 3, DeviceAccess.All, 0));
        set.Apply(true, new DeviceEntry('c', 136, DeviceEntry.Any, DeviceAccess.Read | DeviceAccess.Write, 1));
        set.Apply(true, new DeviceEntry('b', 259, DeviceEntry.Any, DeviceAccess.Read, 2));
        set.Apply(true, new DeviceEntry('b', 7, DeviceEntry.Any, DeviceAccess.Read, 3)); // no name: not for systemd
        set.Apply(true, new DeviceEntry('b', DeviceEntry.Any, DeviceEntry.Any, DeviceAccess.Make, 4));
        set.Apply(true, new DeviceEntry('c', DeviceEntry.Any, 5, DeviceAccess.Make, 5)); // likewise
        Assert.Equal(
            "DevicePolicy s strict; DeviceAllow a(ss) [(ss) [s /dev/char/1:3, s rwm], (ss) [s char-pts, s rw], (ss) [s block-blkext, s r], (ss) [s block-*, s m]]",
            Show(UnitDevices.Properties(set, Devices)));

        set.Reset(allow: true);
        Assert.Equal("DevicePolicy s auto; DeviceAllow a(ss) []", Show(UnitDevices.Properties(set, Devices)));
    }

    private static string Properties(string resources, bool isUnified, int version)
    {
        var writes = ResourceLimits.Writes(FakeFacts.Parse(resources), isUnified, new FakeFacts());
        return string.Join(" ", UnitLimits.Properties(writes, isUnified, () => version).Select(static p => p.Name + "=" + (p.Value.Signature == "ay"
            ? string.Join("-", p.Value.Items.Select(static b => b.Number.ToString("x2", null)))
            : p.Value.Number.ToString((IFormatProvider?)null))));
    }

    private static string Show(UnitProperty[] properties) => string.Join("; ", properties.Select(static p => p.Name + " " + VariantTextTests.Show(p.Value)));
}
