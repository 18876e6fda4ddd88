using System;
using System.Linq;
using System.Runtime.InteropServices;
using Anocir.Plan;
using Xunit;

namespace Anocir.Init.Tests;

/// <summary>Steps that change who the process is.</summary>
public class IdTests : StepTest
{
    private const int CapChown = 0;
    private const int CapKill = 5;
    private const int CapSysAdmin = 21;
    private const ulong LastCap = 40;

    [Fact]
    public void IdsAndGroupsAreExactlyTheGiven()
    {
        byte[] groups = [.. MemoryMarshal.AsBytes<uint>([7, 70000])];
        using InitProcess init = Wait(new TestPlan().Add(StepKind.SetIds, groups, y: 1234, z: 5678));
        Assert.Equal("1234\t1234\t1234\t1234", init.Status("Uid"));
        Assert.Equal("5678\t5678\t5678\t5678", init.Status("Gid"));
        Assert.Equal("7 70000", init.Status("Groups"));
    }

    [Fact]
    public void WithoutGroupsThereAreNone()
    {
        using InitProcess init = Wait(new TestPlan().Add(StepKind.SetIds, y: 1, z: 1));
        Assert.Equal("", init.Status("Groups"));
    }

    [Fact]
    public void IdFailuresSayWhichCall()
    {
        TestPlan User() => new TestPlan().Add(StepKind.SetIds, y: 1, z: 1);
        Fails(User().Add(StepKind.SetIds, y: 1, z: 1), Errno.EPERM, detail: 1);
        Fails(User().Add(StepKind.SetIds, x: 1, y: 1, z: 2), Errno.EPERM, detail: 2);
        Fails(User().Add(StepKind.SetIds, x: 1, y: 2, z: 1), Errno.EPERM, detail: 3);
        Fails(User().Add(StepKind.SetIds, y: 1, z: 2, flags: StepFlags.IgnoreErrors), Errno.EPERM, detail: 2);
        byte[] invalid = [.. MemoryMarshal.AsBytes<uint>([uint.MaxValue])];
        Fails(new TestPlan().Add(StepKind.SetIds, invalid, y: 1, z: 1, flags: StepFlags.IgnoreErrors), Errno.EINVAL, detail: 1); // only EPERM is passed over
        using InitProcess init = Wait(User().Add(StepKind.SetIds, y: 1, z: 1, flags: StepFlags.IgnoreErrors));
        Assert.Equal("1\t1\t1\t1", init.Status("Uid"));
    }

    [Fact]
    public void TheFiveCapabilitySets()
    {
        const ulong Keep = (1 << CapChown) | (1 << CapKill);
        using InitProcess init = Wait(new TestPlan()
            .Add(StepKind.DropBoundingCaps, x: Keep | (1 << CapSysAdmin), y: LastCap)
            .Add(StepKind.SetKeepCaps, x: 1)
            .Add(StepKind.SetIds, y: 1000, z: 1000)
            .Add(StepKind.SetKeepCaps)
            .Add(StepKind.SetCaps, x: 1 << CapKill, y: Keep, z: 1 << CapKill)
            .Add(StepKind.SetAmbientCaps, x: 1 << CapKill));
        Assert.Equal(Keep | (1 << CapSysAdmin), Hex(init.Status("CapBnd")));
        Assert.Equal(1ul << CapKill, Hex(init.Status("CapEff")));
        Assert.Equal(Keep, Hex(init.Status("CapPrm")));
        Assert.Equal(1ul << CapKill, Hex(init.Status("CapInh")));
        Assert.Equal(1ul << CapKill, Hex(init.Status("CapAmb")));
    }

    [Fact]
    public void CapabilityFailuresNameTheCapability()
    {
        TestPlan Without() => new TestPlan().Add(StepKind.SetCaps);
        Fails(Without().Add(StepKind.DropBoundingCaps, x: (1ul << 41) - 1 - (1 << CapKill), y: LastCap), Errno.EPERM, CapKill);
        Fails(Without().Add(StepKind.SetAmbientCaps, x: 1 << CapSysAdmin), Errno.EPERM, CapSysAdmin);
        Fails(Without().Add(StepKind.SetCaps, x: 1, y: 1), Errno.EPERM);
        using InitProcess init = Wait(Without().Add(StepKind.DropBoundingCaps, x: ulong.MaxValue, y: LastCap));
        Assert.NotEqual(0ul, Hex(init.Status("CapBnd")));
    }

    [Fact]
    public unsafe void StdioGetsItsOwnerExceptDevNull()
    {
        int file = Os.Memfd(default);
        int null_ = Os.Open("/dev/null", O.RDWR);
        using (InitProcess init = Wait(new TestPlan().Add(StepKind.ChownStdio, x: 4321), (null_, 0), (file, 1), (file, 2)))
        {
            Statx stat;
            Os.Check(Sys.Stat(file, &stat));
            Assert.Equal((4321u, 0u), (stat.stx_uid, stat.stx_gid));
            Os.Check(Sys.Stat(null_, &stat));
            Assert.Equal(0u, stat.stx_uid);
        }

        new[] { file, null_ }.ToList().ForEach(Os.Close);
    }
}
