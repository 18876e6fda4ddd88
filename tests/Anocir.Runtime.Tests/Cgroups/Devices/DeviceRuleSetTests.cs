using System;
using System.Collections.Generic;
using System.Linq;
using Anocir.Runtime.Cgroups.Devices;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Spec;
using CsCheck;
using Xunit;

namespace Anocir.Runtime.Tests.Cgroups.Devices;

public sealed class DeviceRuleSetTests
{
    private static readonly string[] s_defaults =
    [
        "c *:* m", "b *:* m", "c 1:3 rwm", "c 1:8 rwm", "c 1:7 rwm", "c 5:0 rwm", "c 1:5 rwm", "c 1:9 rwm", "c 136:* rwm", "c 5:2 rwm",
        "c 10:200 rwm",
    ];

    [Fact]
    public void WithoutRulesOnlyTheDefaultDevicesAreAllowed()
    {
        DeviceRuleSet set = DeviceRuleSet.From(new LinuxConfig());
        Assert.False(set.DefaultAllow);
        Assert.Equal(s_defaults, Lines(set));
    }

    [Fact]
    public void DenyAllStillAllowsTheDefaultDevices() => Assert.Equal(s_defaults, Lines(DeviceRuleSet.From(Config("-a *:* rwm"))));

    [Fact]
    public void AllowAllMakesEveryOtherRuleSuperfluous()
    {
        DeviceRuleSet set = DeviceRuleSet.From(Config("-c 1:11 r", "+a *:* rwm"));
        Assert.True(set.AllowsAll);
    }

    /// <summary>The default rule for mknod of all devices is wider than what the config denies; one for exactly these lifts it, as with runc.</summary>
    [Fact]
    public void DefaultRulesDoNotLiftANarrowerDenial() => Assert.Equal(
        ["c 4:1 rwm", "b 8:* rwm", "c 136:5 rw"],
        Lines(DeviceRuleSet.From(Config("+a", "-c 4:1 rwm", "-b 8:* rwm", "-c 136:5 rw", "-c 1:3 rwm"))));

    [Fact]
    public void DefaultDeviceReplacedInTheConfigGetsNoRule()
    {
        LinuxConfig config = Config();
        config.Devices = [new Device { Path = "/dev/full", Type = "c", Major = 10, Minor = 229 }];
        Assert.Equal(s_defaults.Where(l => l != "c 1:7 rwm"), Lines(DeviceRuleSet.From(config)));
    }

    [Fact]
    public void AccessesToTheSameDevicesAreMerged() =>
        Assert.Equal("c 10:229 rw", Lines(DeviceRuleSet.From(Config("-a", "+c 10:229 r", "+c 10:229 w")))[0]);

    [Fact]
    public void DenyTakesAwayAccesses() =>
        Assert.Equal("b 8:* r", Lines(DeviceRuleSet.From(Config("+b 8:* rwm", "-b 8:* wm")))[0]);

    [Fact]
    public void DenyOfAWiderRangeEndsNarrowerExceptions() =>
        Assert.Equal(["b 8:1 m", .. s_defaults], Lines(DeviceRuleSet.From(Config("+b 8:0 rw", "+b 8:1 rwm", "-b 8:* rw"))));

    [Theory]
    [InlineData("[2]: cannot deny 'c 1:11 w': a part of 'c 1:* rw' of linux.resources.devices[1]", "-a", "+c 1:* rw", "-c 1:11 w")]
    [InlineData("[1]: cannot deny 'c *:11 r': a part of 'c 1:* rw' of linux.resources.devices[0]", "+c 1:* rw", "-c *:11 r")]
    [InlineData("[2]: cannot allow 'b 8:0 r': a part of 'b 8:* rw' of linux.resources.devices[1]", "+a", "-b 8:* rw", "+b 8:0 r")]
    [InlineData(
        "[1]: leaves no way to allow the default device 'c 1:3 rwm': a part of 'c *:* rw' of linux.resources.devices[1]",
        "+a",
        "-c *:* rwm")]
    public void HoleInAWiderExceptionIsRefused(string message, params string[] rules)
    {
        ContainerException e = Assert.Throws<ContainerException>(() => DeviceRuleSet.From(Config(rules)));
        Assert.Equal("invalid config: linux.resources.devices" + message + " cannot be excepted from it", e.Message);
    }

    /// <summary>What two crossing rules share: denied it may stay, allowed only when a later rule, or a default one, allows it anyway.</summary>
    [Theory]
    [InlineData("c *:3 rw", "-a", "+c *:3 rw", "-c 1:* rw")] // 1:3 is the default device null
    [InlineData("c *:7 rw;c 10:* r", "-a", "+c *:7 rw", "-c 10:* r", "+c 10:* r")]
    [InlineData("c *:7 rw;c 10:7 r", "-a", "+c *:7 rw", "-c 10:* r", "+c 10:7 r")]
    [InlineData("", "-a", "+c *:7 rw", "-c 10:* rw", "-c *:7 rw")]
    [InlineData("b 8:* w", "-a", "+b 8:* rw", "-b *:1 r", "-b 8:* r")]
    [InlineData("c 10:* m", "-a", "+c 10:* m", "-c *:7 rw")]
    [InlineData("b *:3 rw", "+a", "-b *:3 rw", "+b 8:* rw")]
    public void CrossingRulesAreAcceptedWhereNothingDeniedIsAllowed(string exceptions, params string[] rules)
    {
        DeviceRuleSet set = DeviceRuleSet.From(Config(rules));
        string[] expected = exceptions.Split(';', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(set.DefaultAllow ? expected : [.. expected, .. s_defaults], Lines(set));
    }

    [Theory]
    [InlineData("[2]: cannot deny 'c 10:* rw': a part of 'c *:7 rw' of linux.resources.devices[1]", "-a", "+c *:7 rw", "-c 10:* rw")]
    [InlineData("[2]: cannot deny 'c 10:* rw': a part of 'c *:7 rw' of linux.resources.devices[1]", "-a", "+c *:7 rw", "-c 10:* rw", "+c 10:7 r")]
    [InlineData("[2]: cannot deny 'c 1:* rw': a part of 'c *:3 rw' of linux.resources.devices[1]", "-a", "+c *:3 rw", "-c 1:* rw", "+b 1:3 rw", "/dev/null")]
    public void CrossingRulesThatLeaveSomethingDeniedAllowedAreRefused(string message, params string[] rules)
    {
        LinuxConfig config = Config([.. rules.Where(static r => r[0] != '/')]);
        config.Devices = [.. rules.Where(static r => r[0] == '/').Select(static path => new Device { Path = path, Type = "c", Major = 10, Minor = 229 })];
        ContainerException e = Assert.Throws<ContainerException>(() => DeviceRuleSet.From(config));
        Assert.Equal("invalid config: linux.resources.devices" + message + " cannot be excepted from it", e.Message);
    }

    [Fact]
    public void KernelListIsRead()
    {
        DeviceRuleSet set = DeviceRuleSet.Parse("c 1:3 rwm\nb *:* m\nc 136:* r\n"u8);
        Assert.False(set.DefaultAllow);
        Assert.Equal(["c 1:3 rwm", "b *:* m", "c 136:* r"], Lines(set));
        Assert.True(DeviceRuleSet.Parse("a *:* rwm\n"u8).AllowsAll);
        ContainerException e = Assert.Throws<ContainerException>(() => DeviceRuleSet.Parse("x 1:3 rwm\n"u8));
        Assert.Equal("cannot understand 'x 1:3 rwm' in devices.list of the cgroup", e.Message);
    }

    /// <summary>The set, the eBPF program and the v1 files agree with "the last rule that matches decides".</summary>
    [Fact]
    public void LastMatchingRuleDecides()
    {
        Gen.Select(Rule.Array[0, 8], Rule.Array[0, 8]).Sample((rules, older) =>
        {
            if (Build(rules) is not { } set)
            {
                return; // refused because of a hole
            }

            Linux.BpfInstruction[] program = DeviceFilterProgram.Generate(set);
            Func<DeviceEntry, bool> v1 = V1Model(Build(older) ?? new DeviceRuleSet(), set);
            foreach (DeviceEntry asked in Questions())
            {
                bool allowed = EbpfInterpreter.Allows(program, asked.Type, asked.Major, asked.Minor, (int)asked.Access);
                Assert.Equal(allowed, v1(asked));
                bool expected = LastMatch(rules, asked);
                Assert.True(allowed == expected || (expected && set.DefaultAllow && Cross(rules)), $"{asked}: {allowed}");
            }
        });
    }

    private static bool Cross(string[] rules)
    {
        DeviceEntry[] entries = [.. rules.Where(static r => r[1] != 'a').Select(Entry)];
        return entries.Any(a => entries.Any(b => a.Overlaps(b) && !a.Covers(b) && !b.Covers(a)));
    }

    /// <summary>An open for reading and writing is denied when either is.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void CombinedAccessesNeedAllOfThem(bool defaultAllow)
    {
        var set = new DeviceRuleSet();
        set.Reset(defaultAllow);
        set.Apply(!defaultAllow, new DeviceEntry('c', 10, 229, DeviceAccess.Write, 0));
        Linux.BpfInstruction[] program = DeviceFilterProgram.Generate(set);
        Assert.Equal(!defaultAllow, EbpfInterpreter.Allows(program, 'c', 10, 229, (int)DeviceAccess.Write));
        Assert.Equal(defaultAllow, EbpfInterpreter.Allows(program, 'c', 10, 229, (int)DeviceAccess.Read));
        Assert.False(EbpfInterpreter.Allows(program, 'c', 10, 229, (int)(DeviceAccess.Read | DeviceAccess.Write)));
    }

    private static readonly Gen<string> Rule = Gen.Select(
        Gen.Bool,
        Gen.Frequency((1, Gen.Const('a')), (6, Gen.Const('b')), (6, Gen.Const('c'))),
        Gen.Int[-1, 2],
        Gen.Int[-1, 2],
        Gen.Int[1, 7],
        (allow, type, major, minor, access) =>
            $"{(allow ? '+' : '-')}{new DeviceEntry(type, major, minor, (DeviceAccess)access, 0)}");

    private static DeviceRuleSet? Build(string[] rules)
    {
        try
        {
            var set = new DeviceRuleSet();
            foreach (string rule in rules)
            {
                if (rule[1] == 'a')
                {
                    set.Reset(rule[0] == '+');
                }
                else
                {
                    set.Apply(rule[0] == '+', Entry(rule));
                }
            }

            set.RequireDenials();
            return set;
        }
        catch (ContainerException)
        {
            return null;
        }
    }

    /// <summary>
    /// What the kernel's v1 controller decides after the writes that <see cref="DevicesV1"/> makes: it removes only exceptions for exactly
    /// the devices named.
    /// </summary>
    private static Func<DeviceEntry, bool> V1Model(DeviceRuleSet before, DeviceRuleSet target)
    {
        bool defaultAllow = before.DefaultAllow;
        var exceptions = before.Exceptions.ToDictionary(e => e with { Access = 0, Origin = 0 }, e => e.Access);
        foreach (DeviceWrite write in DevicesV1.Transition(defaultAllow ? DeviceRuleSet.Parse("a *:* rwm"u8) : before, target))
        {
            if (write.Line == "a")
            {
                defaultAllow = write.Allow;
                exceptions.Clear();
                continue;
            }

            DeviceEntry entry = Entry("?" + write.Line);
            DeviceEntry key = entry with { Access = 0, Origin = 0 };
            DeviceAccess old = exceptions.GetValueOrDefault(key);
            exceptions[key] = write.Allow == defaultAllow ? old & ~entry.Access : old | entry.Access;
        }

        return asked => defaultAllow != exceptions.Any(e => e.Key.Covers(asked) && (e.Value & asked.Access) != 0);
    }

    private static bool LastMatch(string[] rules, DeviceEntry asked)
    {
        bool allowed = false;
        foreach (string rule in rules)
        {
            if (rule[1] == 'a' || (Entry(rule).Covers(asked) && (Entry(rule).Access & asked.Access) != 0))
            {
                allowed = rule[0] == '+';
            }
        }

        return allowed;
    }

    private static IEnumerable<DeviceEntry> Questions() =>
        from type in "bc"
        from major in Enumerable.Range(0, 4)
        from minor in Enumerable.Range(0, 4)
        from access in new[] { DeviceAccess.Make, DeviceAccess.Read, DeviceAccess.Write }
        select new DeviceEntry(type, major, minor, access, 0);

    /// <summary><c>+c 1:* rw</c>.</summary>
    private static DeviceEntry Entry(string rule)
    {
        string[] parts = rule[1..].Split(' ', ':');
        return new DeviceEntry(parts[0][0], Number(parts[1]), Number(parts[2]), DeviceEntry.Parse(parts[3]), 0);
    }

    private static long Number(string text) => text == "*" ? DeviceEntry.Any : long.Parse(text, null);

    private static LinuxConfig Config(params string[] rules) => new()
    {
        Resources = new Resources
        {
            Devices = [.. rules.Select(r => r[1] == 'a'
                ? new DeviceRule { Allow = r[0] == '+', Access = "rwm" }
                : new DeviceRule
                {
                    Allow = r[0] == '+',
                    Type = Entry(r).Type.ToString(),
                    Major = Entry(r).Major,
                    Minor = Entry(r).Minor,
                    Access = DeviceEntry.Letters(Entry(r).Access),
                })],
        },
    };

    private static string[] Lines(DeviceRuleSet set) => [.. set.Exceptions.Select(e => e.ToString())];
}
