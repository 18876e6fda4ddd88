using System;
using System.IO;
using System.Text.Json.Nodes;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Rootless;

/// <summary>Maps of many IDs, which newuidmap and newgidmap write for a user.</summary>
public sealed class IdMapToolTests : RootlessTest
{
    [Fact]
    public void Ranges_of_subuid_and_subgid_are_mapped()
    {
        Require.Program("/usr/bin/newuidmap");
        Require.Program("/usr/bin/newgidmap");
        Bundle bundle = ManyIds();
        bundle.Config["root"]!["readonly"] = false;
        bundle.Process["user"] = JsonNode.Parse("""{"uid":1000,"gid":1000}""");
        File.SetUnixFileMode(bundle.Rootfs + "/tmp", (UnixFileMode)0x3ff);

        Report inside = RunAsUser(
            bundle, Allowed(), "ids", "read", "/proc/self/uid_map", "read", "/proc/self/gid_map", "read", "/proc/self/setgroups", "open", "/tmp/mine", "c");

        Assert.Equal(("1000 1000 1000 1000", "1000 1000 1000 1000", ""), (inside["uid"], inside["gid"], inside["groups"].Trim()));
        Assert.Matches(@"^ *1 +200000 +65535$", inside.All("/proc/self/uid_map")[1]);
        Assert.Matches(@"^ *1 +200000 +65535$", inside.All("/proc/self/gid_map")[1]);
        Assert.Equal(("allow", "/tmp/mine c ok"), (inside["/proc/self/setgroups"].Trim(), inside["open"]));
        Assert.Equal("200999 200999\n", Cli.Execute(["/bin/busybox", "stat", "-c", "%u %g", bundle.Rootfs + "/tmp/mine"], new()).Stdout);
        File.Delete(bundle.Rootfs + "/tmp/mine");

        // Nobody of the container is the user: the bundle, closed to others, is opened with the user's own rights all the same.
        bundle.Linux["uidMappings"] = JsonNode.Parse("""[{"containerID":0,"hostID":200000,"size":65536}]""");
        bundle.Linux["gidMappings"] = JsonNode.Parse("""[{"containerID":0,"hostID":200000,"size":65536}]""");
        File.SetUnixFileMode(bundle.Dir, (UnixFileMode)0x1c0);
        Assert.Equal("1000 1000 1000 1000", RunAsUser(bundle, Allowed(), "ids")["uid"]);
    }

    [Fact]
    public void A_range_that_is_not_given_is_named_with_its_file_and_the_command_that_gives_it()
    {
        Require.Program("/usr/bin/newuidmap");
        string[] denied = Allowed(range: "300000:65536");

        FailsAsUser("cannot map the IDs of linux.uidMappings with '/usr/bin/newuidmap': exit status 1: "
            + "newuidmap: uid range [1-65536) -> [200000-265535) not allowed; hint: /etc/subuid does not give you 200000-265534: "
            + "as root, usermod --add-subuids 200000-265534 itest", ManyIds(), denied);
    }

    [Fact]
    public void The_first_tool_on_the_path_gets_the_whole_map()
    {
        Bundle bundle = ManyIds();
        bundle.Probe("ids").Write();
        string tools = Directory.CreateDirectory(Temp + "/tools").FullName;
        string arguments = Temp + "/xdg/arguments";
        Script(tools + "/newuidmap", $"echo \"$@\" > {arguments}; [ -e /proc/self/fd/200 ] && echo leaked >&2; echo not today >&2; exit 7");

        CliResult result = Cli.Execute(Command(Allowed(), AsUser, "run", "--bundle", bundle.Dir, Id), Options(tools + ":/usr/bin:/bin", openFd: 200));

        Assert.Equal(1, result.Code);
        Assert.StartsWith($"anocir run failed: cannot map the IDs of linux.uidMappings with '{tools}/newuidmap': exit status 7: not today; hint: ", result.Error, StringComparison.Ordinal);
        Assert.Matches("^[0-9]+ 0 61234 1 1 200000 65535\n$", File.ReadAllText(arguments));
        AssertNoState();

        // The working directory is a bundle's, and may be a stranger's: no program is taken from there.
        File.Delete(arguments);
        result = Cli.Execute(Command(Allowed(), AsUser, "run", "--bundle", bundle.Dir, Id), Options(":./", cwd: tools));
        Assert.StartsWith("anocir run failed: cannot map the IDs of linux.uidMappings: 'newuidmap' is not on $PATH; ", result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(arguments));

        result = Cli.Execute(Command(Allowed(), AsUser, "run", "--bundle", bundle.Dir, Id), Options(Temp));
        Assert.Equal((1, "anocir run failed: cannot map the IDs of linux.uidMappings: 'newuidmap' is not on $PATH; hint: install it (Debian, Ubuntu: "
            + "apt-get install uidmap; Fedora: dnf install shadow-utils), or map only your own ID as 'anocir spec --rootless' does"), (result.Code, result.Error));
        AssertNoState();
    }

    private static void Script(string path, string text)
    {
        File.WriteAllText(path, "#!/bin/busybox sh\n" + text + "\n");
        File.SetUnixFileMode(path, (UnixFileMode)0x1ed);
    }
}
