using System;
using System.Linq;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Properties;

/// <summary>process.user and process.capabilities.</summary>
public sealed class IdentityTests : ContainerTest
{
    private const ulong Chown = 1, Kill = 1 << 5, NetBind = 1 << 10, SysAdmin = 1 << 21;

    [Fact]
    public void User_group_and_additional_groups()
    {
        Report inside = Probe(NewBundle().Process("user", """{"uid":1234,"gid":5678,"additionalGids":[5,10]}"""), "ids");

        Assert.Equal("1234 1234 1234 1234", inside["uid"]);
        Assert.Equal("5678 5678 5678 5678", inside["gid"]);
        Assert.Equal("5 10", inside["groups"]);
    }

    [Fact]
    public void Without_additional_groups_there_are_none()
    {
        Assert.Equal("", Probe(NewBundle(), "ids")["groups"]);
    }

    [Fact]
    public void A_thousand_and_twenty_four_additional_groups()
    {
        Bundle bundle = NewBundle();
        string groups = string.Join(',', Enumerable.Range(5000, 1024));
        bundle.Process("user", $$"""{"uid":0,"gid":0,"additionalGids":[{{groups}}]}""");

        Assert.Equal(groups.Replace(',', ' '), Probe(bundle, "ids")["groups"]);
    }

    [Fact]
    public void An_ambient_capability_that_cannot_be_raised_leaves_the_others()
    {
        Bundle bundle = NewBundle().Process(
            "capabilities",
            """
            {"bounding":["CAP_CHOWN","CAP_KILL"],"permitted":["CAP_CHOWN","CAP_KILL"],"effective":[],
             "inheritable":["CAP_KILL"],"ambient":["CAP_CHOWN","CAP_KILL"]}
            """).Probe("caps");
        bundle.Write();

        CliResult result = Anocir("run", "--bundle", bundle.Dir, Id);

        Assert.Equal((0, Kill), (result.Code, new Report(result.Stdout).Mask("cap-ambient")));
        Assert.Contains("level=warning msg=\"can't raise ambient capability CAP_CHOWN: ", result.Stderr, System.StringComparison.Ordinal);
    }

    [Fact]
    public void Five_sets_of_capabilities_for_root()
    {
        Bundle bundle = NewBundle().Process(
            "capabilities",
            """
            {"bounding":["CAP_CHOWN","CAP_KILL","CAP_SYS_ADMIN","CAP_NET_BIND_SERVICE"],"permitted":["CAP_CHOWN","CAP_KILL","CAP_NET_BIND_SERVICE"],
             "effective":["CAP_KILL"],"inheritable":["CAP_KILL","CAP_CHOWN"],"ambient":["CAP_KILL"]}
            """);

        Report inside = Probe(bundle, "caps");

        Assert.Equal(Chown | Kill | SysAdmin | NetBind, inside.Mask("cap-bounding"));
        Assert.Equal(Kill | Chown, inside.Mask("cap-inheritable"));
        Assert.Equal(Kill, inside.Mask("cap-ambient"));

        // exec by uid 0 would give all of the bounding set (capabilities(7)), but not with no_new_privs.
        Assert.Equal(Chown | Kill | NetBind, inside.Mask("cap-permitted"));
    }

    [Fact]
    public void The_bounding_set_is_what_root_gets_back_over_exec()
    {
        Bundle bundle = NewBundle().Process("noNewPrivileges", "false").Process("capabilities", """{"bounding":["CAP_CHOWN","CAP_KILL"],"permitted":["CAP_KILL"]}""");

        Assert.Equal(Chown | Kill, Probe(bundle, "caps").Mask("cap-permitted"));
    }

    [Fact]
    public void A_user_keeps_only_ambient_capabilities_over_exec()
    {
        Bundle bundle = NewBundle().Process("user", """{"uid":1000,"gid":1000}""").Process(
            "capabilities",
            """{"bounding":["CAP_CHOWN","CAP_KILL"],"permitted":["CAP_CHOWN","CAP_KILL"],"effective":["CAP_CHOWN","CAP_KILL"],"inheritable":["CAP_KILL"],"ambient":["CAP_KILL"]}""");

        Report inside = Probe(bundle, "caps");

        Assert.Equal(Chown | Kill, inside.Mask("cap-bounding"));
        Assert.Equal(Kill, inside.Mask("cap-permitted"));
        Assert.Equal(Kill, inside.Mask("cap-effective"));
        Assert.Equal(Kill, inside.Mask("cap-ambient"));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    public void No_capabilities_at_all(string json)
    {
        Report inside = Probe(NewBundle().Process("capabilities", json), "caps");

        foreach (string set in (string[])["bounding", "permitted", "effective", "inheritable", "ambient"])
        {
            Assert.Equal(0ul, inside.Mask("cap-" + set));
        }
    }

    [Fact]
    public void An_unknown_capability_is_a_warning()
    {
        Bundle bundle = NewBundle().Process("capabilities", """{"bounding":["CAP_NOPE","CAP_KILL"]}""").Probe("caps");
        bundle.Write();

        CliResult result = Ok("run", "--bundle", bundle.Dir, Id);

        Assert.Contains("ignoring unknown or unavailable capabilities: [CAP_NOPE]", result.Stderr, StringComparison.Ordinal);
        Assert.Equal(Kill, new Report(result.Stdout).Mask("cap-bounding"));
    }

    [Fact]
    public void A_capability_that_this_process_may_not_have_is_a_warning()
    {
        const string Sets = """["CAP_KILL","CAP_SYS_TIME"]""";
        Bundle bundle = NewBundle().Process(
            "capabilities", $$"""{"bounding":{{Sets}},"permitted":{{Sets}},"effective":{{Sets}},"inheritable":{{Sets}},"ambient":{{Sets}}}""").Probe("caps");
        bundle.Write();
        var without = new SpawnOptions { Launch = ["dropcap=25"] }; // CAP_SYS_TIME

        CliResult result = Anocir(without, "run", "--bundle", bundle.Dir, Id);

        Assert.Equal(0, result.Code);
        Assert.Contains("ignoring unknown or unavailable capabilities: [CAP_SYS_TIME]", result.Stderr, StringComparison.Ordinal);
        foreach (string set in (string[])["bounding", "permitted", "effective", "inheritable", "ambient"])
        {
            Assert.Equal(Kill, new Report(result.Stdout).Mask("cap-" + set));
        }

        // A user namespace has them all, whatever its maker lacks.
        bundle.UserNamespace().Write();
        result = Anocir(without, "run", "--bundle", bundle.Dir, Id);
        Assert.Equal((0, ""), (result.Code, result.Stderr));
        Assert.Equal(Kill | 1ul << 25, new Report(result.Stdout).Mask("cap-effective"));
    }

    [Fact]
    public void Ambient_capabilities_that_are_not_permitted_are_left_out()
    {
        Bundle bundle = NewBundle().Process("user", """{"uid":1000,"gid":1000}""").Process(
            "capabilities", """{"bounding":["CAP_KILL"],"permitted":[],"ambient":["CAP_KILL"]}""").Probe("caps");
        bundle.Write();

        CliResult result = Ok("run", "--bundle", bundle.Dir, Id);

        Assert.Contains("level=warning msg=\"can't raise ambient capability CAP_KILL: it is not", result.Stderr, StringComparison.Ordinal);
        Assert.Equal(0ul, new Report(result.Stdout).Mask("cap-ambient"));
    }
}
