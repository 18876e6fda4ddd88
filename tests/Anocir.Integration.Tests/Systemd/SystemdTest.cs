using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Systemd;

/// <summary>Base of the tests with a real systemd: the option, and systemctl.</summary>
public abstract class SystemdTest : ContainerTest
{
    protected const string Driver = "--systemd-cgroup";
    protected const string User = "1000";

    protected SystemdTest() => Require.Systemd();

    /// <summary>The unit of a container without linux.cgroupsPath.</summary>
    protected string Unit => $"anocir-{Id}.scope";

    /// <summary>Properties of that unit.</summary>
    protected Dictionary<string, string> Show(params string[] properties) => ShowUnit(Unit, properties);

    protected static Dictionary<string, string> ShowUnit(string unit, params string[] properties)
    {
        CliResult shown = Cli.Execute(["/usr/bin/systemctl", "show", "--property=" + string.Join(',', properties), unit], new());
        Assert.True(shown.Code == 0, shown.ToString());
        return shown.Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split('=', 2))
            .GroupBy(static p => p[0]).ToDictionary(static g => g.Key, static g => string.Join('\n', g.Select(static p => p[1])));
    }

    /// <summary>Runs systemctl, which must succeed.</summary>
    protected static void Systemctl(params string[] words)
    {
        CliResult result = Cli.Execute(["/usr/bin/systemctl", .. words], new());
        Assert.True(result.Code == 0, result.ToString());
    }

    /// <summary>Runs a command as the user who has a systemd of its own.</summary>
    private protected static CliResult AsUser(params string[] command) => Cli.Execute(
        ["/usr/bin/setpriv", "--reuid=" + User, "--regid=" + User, "--clear-groups", .. command],
        new() { Environment = new() { ["XDG_RUNTIME_DIR"] = "/run/user/" + User, ["DBUS_SESSION_BUS_ADDRESS"] = null } });

    /// <summary>
    /// Connects the user's systemd, where there is one, to the system bus again. It does so when it starts or executes itself anew, not when that bus comes
    /// back, and without it cannot fetch a process of another slice into its scopes.
    /// </summary>
    protected static void ReconnectUserSystemd()
    {
        if (File.Exists($"/run/user/{User}/bus"))
        {
            CliResult result = AsUser("/usr/bin/systemctl", "--user", "daemon-reexec");
            Assert.True(result.Code == 0, result.ToString());
        }
    }

    /// <summary>Creates a container with the driver.</summary>
    private protected void CreateInScope(Bundle bundle)
    {
        bundle.Write();
        CliResult created = Ok(Driver, "create", "--bundle", bundle.Dir, Id);
        Assert.Equal("", created.Stdout + created.Stderr);
    }

    /// <summary>delete --force, after which systemd knows no such unit.</summary>
    protected void DeleteWithUnit()
    {
        Delete();
        Assert.Equal("not-found", Show("LoadState")["LoadState"]);
    }
}
