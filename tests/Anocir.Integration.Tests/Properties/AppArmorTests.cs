using System;
using System.IO;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Properties;

/// <summary>process.apparmorProfile on a kernel with AppArmor: the kernel says which profile the program runs under, and obeys it.</summary>
public sealed class AppArmorTests : ContainerTest
{
    private const string Current = "/proc/self/attr/current";
    private const string Everything = "file, capability, mount, umount, pivot_root, signal, ptrace, unix, network, dbus, change_profile,";

    private string Profile => "anocir-" + Tag;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_program_runs_under_its_profile(bool noNewPrivileges)
    {
        Require.AppArmor();
        using var loaded = new LoadedProfile(Temp, Profile, "file, capability, deny /etc/forbidden r,");
        Bundle bundle = NewBundle().Process("apparmorProfile", $"\"{Profile}\"").Process("noNewPrivileges", noNewPrivileges ? "true" : "false")
            .Process("user", """{"uid":1000,"gid":1000}""");
        File.WriteAllText(bundle.Rootfs + "/etc/forbidden", "x");

        Report inside = Probe(bundle, "read", Current, "open", "/etc/forbidden", "r", "open", "/etc/passwd", "r");

        Assert.Equal(Profile + " (enforce)", inside[Current]);
        Assert.Equal(["/etc/forbidden r EACCES", "/etc/passwd r ok"], inside.All("open"));
    }

    [Fact]
    public void A_confined_caller_with_no_new_privs_stacks()
    {
        Require.AppArmor();
        using var outer = new LoadedProfile(Temp, Profile + "-outer", Everything);
        using var inner = new LoadedProfile(Temp, Profile, Everything);
        Bundle bundle = NewBundle().Process("apparmorProfile", $"\"{Profile}\"").Process("noNewPrivileges", "true").Probe("read", Current);
        bundle.Write();

        CliResult result = Cli.Execute(
            ["/usr/bin/aa-exec", "-p", Profile + "-outer", "--", Paths.Anocir, "--root", Root, "run", "--bundle", bundle.Dir, Id], new SpawnOptions());

        Assert.Equal((0, ""), (result.Code, result.Stderr));
        string label = new Report(result.Stdout)[Current];
        Assert.Contains("//&", label, StringComparison.Ordinal);
        Assert.Contains(Profile + "-outer", label, StringComparison.Ordinal);
    }

    [Fact]
    public void Exec_has_the_configured_profile_or_that_of_its_option()
    {
        Require.AppArmor();
        using var configured = new LoadedProfile(Temp, Profile, Everything);
        using var other = new LoadedProfile(Temp, Profile + "-other", Everything);
        Bundle bundle = NewBundle().Process("apparmorProfile", $"\"{Profile}\"").Args("/bin/sleep", "1000");
        bundle.Write();
        _ = Ok("run", "--detach", "--bundle", bundle.Dir, Id);

        Assert.Equal(Profile + " (enforce)", new Report(Ok("exec", Id, "/bin/probe", "read", Current).Stdout)[Current]);
        Assert.Equal(
            Profile + "-other (enforce)", new Report(Ok("exec", "--apparmor", Profile + "-other", Id, "/bin/probe", "read", Current).Stdout)[Current]);
        Delete();
    }

    [Fact]
    public void A_profile_that_is_not_loaded_is_named()
    {
        Require.AppArmor();
        Bundle bundle = NewBundle().Process("apparmorProfile", "\"no-such-profile\"").Args("/bin/true");
        bundle.Write();

        _ = Fails("cannot write 'thread-self/attr/apparmor/exec' for 'no-such-profile' (process.apparmorProfile): no such file or directory (ENOENT); "
            + "hint: the profile is not loaded on this host", "run", "--bundle", bundle.Dir, Id);
    }

    // Loaded by apparmor_parser, and taken away again.
    private sealed class LoadedProfile : IDisposable
    {
        private const string Parser = "/sbin/apparmor_parser";
        private readonly string _file;

        public LoadedProfile(string directory, string name, string rules)
        {
            _file = directory + "/" + name;
            File.WriteAllText(_file, $"profile {name} flags=(attach_disconnected,mediate_deleted) {{ {rules} }}\n");
            CliResult result = Cli.Execute([Parser, "--skip-cache", "--replace", _file], new SpawnOptions());
            Assert.True(result.Code == 0, result.ToString());
        }

        public void Dispose() => _ = Cli.Execute([Parser, "--skip-cache", "--remove", _file], new SpawnOptions());
    }
}
