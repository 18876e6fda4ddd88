using System;
using System.IO;
using System.Text.Json.Nodes;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Systemd;

/// <summary>The systemd cgroup driver without root: the scopes are the user's own systemd's.</summary>
[Trait("Lane", "vm")]
public sealed class SystemdUserTests : SystemdTest
{
    public SystemdUserTests() => Require.UserSystemd();

    private string UsersRoot => $"/run/user/{User}/{Tag}";

    [Fact]
    public void Without_root_the_scope_is_one_of_the_users_systemd()
    {
        CliResult result = RunAsUser(NewUsersBundle());

        Assert.True(result.Code == 0 && result.Stderr.Length == 0, result.ToString());
        string[] lines = result.Stdout.Split('\n');
        Assert.Equal($"0::/user.slice/user-{User}.slice/user@{User}.service/user.slice/{Unit}", lines[0]);
        Assert.Contains("1000", lines[1], StringComparison.Ordinal);
        AssertNothingLeft();
    }

    [Fact]
    public void A_systemd_that_lost_the_system_bus_is_an_error_that_says_how_it_gets_it_back()
    {
        Bundle bundle = NewUsersBundle();
        Systemctl("restart", "dbus.service");
        try
        {
            CliResult result = RunAsUser(bundle);
            Assert.True(result.Code == 1, result.ToString());
            Assert.Contains($"cannot start systemd unit '{Unit}': its job ended with the result 'failed'", result.Error, StringComparison.Ordinal);
            Assert.Contains("systemctl --user daemon-reexec", result.Error, StringComparison.Ordinal);
        }
        finally
        {
            ReconnectUserSystemd();
        }

        CliResult again = RunAsUser(bundle);
        Assert.True(again.Code == 0, again.ToString());
        AssertNothingLeft();
    }

    private Bundle NewUsersBundle()
    {
        Bundle bundle = NewBundle().Shell("cat /proc/self/cgroup; cat /proc/self/uid_map");
        bundle.WithoutNamespace("cgroup").Namespace("user");
        foreach (string map in (string[])["uidMappings", "gidMappings"])
        {
            bundle.Linux[map] = new JsonArray(new JsonObject { ["containerID"] = 0, ["hostID"] = 1000, ["size"] = 1 });
        }

        for (int i = bundle.Mounts.Count - 1; i >= 0; i--)
        {
            if ((string)bundle.Mounts[i]!["destination"]! is "/sys" or "/sys/fs/cgroup" or "/dev/pts")
            {
                bundle.Mounts.RemoveAt(i); // sysfs takes a network namespace of the user's, devpts a group that is mapped
            }
        }

        bundle.Linux["resources"] = JsonNode.Parse("""{"pids":{"limit":30}}""");
        bundle.Write();
        Assert.Equal(0, Cli.Execute(["/bin/busybox", "chmod", "-R", "a+rX", Paths.Run], new()).Code);
        return bundle;
    }

    private CliResult RunAsUser(Bundle bundle) => AsUser(Paths.Anocir, "--root", UsersRoot, Driver, "run", "--bundle", bundle.Dir, Id);

    private void AssertNothingLeft()
    {
        Assert.Empty(Directory.GetFileSystemEntries(UsersRoot));
        Directory.Delete(UsersRoot);
    }
}
