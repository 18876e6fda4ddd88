using System;
using System.IO;
using System.Linq;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Properties;

/// <summary>process: arguments, environment, directory, limits and the small settings (config.md "Process").</summary>
public sealed class ProcessTests : ContainerTest
{
    [Fact]
    public void Arguments_arrive_as_they_are()
    {
        Bundle bundle = NewBundle().Args("/bin/probe", "args", "print", "", "print", "a b\n\"c\"", "print", "ünï€");

        Assert.Equal(["/bin/probe", "args", "print", "", "print", "a b\n\"c\"", "print", "ünï€"], new Report(RunBundle(bundle).Stdout).All("arg"));
    }

    [Fact]
    public void A_name_without_slash_is_searched_in_the_containers_path()
    {
        Bundle bundle = NewBundle().Args("probe", "args").Process("env", """["PATH=/nowhere:/bin"]""");

        Assert.Equal("probe", new Report(RunBundle(bundle).Stdout).All("arg")[0]);
    }

    [Fact]
    public void The_last_of_equal_variables_counts_and_the_callers_are_not_seen()
    {
        Bundle bundle = NewBundle().Process("env", """["A=1", "B=", "A=2", "C=x=y", "HOME=/h", "A=3"]""");

        Assert.Equal(["A=3", "B=", "C=x=y", "HOME=/h"], Probe(bundle, "env").All("env").Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(0, "[]", "HOME=/root")]
    [InlineData(1000, "[\"HOME=\"]", "HOME=/home/user")]
    [InlineData(4242, "[]", "HOME=/")]
    public void Home_comes_from_the_images_passwd(int uid, string environment, string expected)
    {
        Bundle bundle = NewBundle().Process("env", environment).Process("user", $$"""{"uid":{{uid}},"gid":0}""");

        Assert.Equal([expected], Probe(bundle, "env").All("env"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_missing_directory_is_made_for_root_while_the_root_is_writable(bool isReadonly)
    {
        Bundle bundle = NewBundle().Process("cwd", "\"/some/where\"").Process("user", """{"uid":1000,"gid":1000}""");
        bundle.Config["root"]!["readonly"] = isReadonly;

        Report inside = Probe(bundle, "process", "stat", "/some/where");

        Assert.Equal("/some/where", inside["cwd"]);
        Assert.Contains("dir 0755 0 0", inside["stat"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_only_root_can_reach_will_do()
    {
        Bundle bundle = NewBundle().Process("cwd", "\"/closed/in\"").Process("user", """{"uid":1000,"gid":1000}""");
        _ = Directory.CreateDirectory(bundle.Rootfs + "/closed/in");
        File.SetUnixFileMode(bundle.Rootfs + "/closed", UnixFileMode.UserExecute | UnixFileMode.UserRead);
        Assert.Equal("/closed/in", Probe(bundle, "process")["cwd"]);
    }

    [Fact]
    public void A_directory_only_the_user_can_reach_will_do()
    {
        Bundle bundle = NewBundle().Process("cwd", "\"/private\"").Process("user", """{"uid":1000,"gid":1000}""");
        _ = Directory.CreateDirectory(bundle.Rootfs + "/private");
        _ = Native.Check(Native.chown(bundle.Rootfs + "/private", 1000, 1000), "chown");
        File.SetUnixFileMode(bundle.Rootfs + "/private", UnixFileMode.UserExecute | UnixFileMode.UserRead);

        Assert.Equal("/private", Probe(bundle, "process")["cwd"]);
    }

    [Theory]
    [InlineData("", "0022")]
    [InlineData(",\"umask\":63", "0077")]
    [InlineData(",\"umask\":0", "0000")]
    public void The_umask_is_the_configs_not_the_callers(string json, string expected)
    {
        Bundle bundle = NewBundle().Process("user", $$"""{"uid":0,"gid":0{{json}}}""").Probe("process");
        bundle.Write();

        CliResult result = Anocir(new SpawnOptions { Launch = ["umask=027"] }, "run", "--bundle", bundle.Dir, Id);

        Assert.Equal(expected, new Report(result.Stdout)["umask"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public void Limits_are_set_for_any_user(int uid)
    {
        Bundle bundle = NewBundle().Process("user", $$"""{"uid":{{uid}},"gid":{{uid}}}""").Process(
            "rlimits",
            """
            [{"type":"RLIMIT_NOFILE","soft":64,"hard":128},{"type":"RLIMIT_CORE","soft":0,"hard":0},{"type":"RLIMIT_FSIZE","soft":1000,"hard":2000},
             {"type":"RLIMIT_STACK","soft":4194304,"hard":18446744073709551615}]
            """);

        string[] limits = Probe(bundle, "limits").All("rlimit");

        Assert.Contains("NOFILE 64 128", limits);
        Assert.Contains("CORE 0 0", limits);
        Assert.Contains("FSIZE 1000 2000", limits);
        Assert.Contains("STACK 4194304 18446744073709551615", limits);
    }

    [Fact]
    public void A_limit_of_three_open_files_is_possible()
    {
        Bundle bundle = NewBundle().Process("rlimits", """[{"type":"RLIMIT_NOFILE","soft":3,"hard":3}]""");

        Assert.Contains("NOFILE 3 3", Probe(bundle, "limits").All("rlimit"));
    }

    [Theory]
    [InlineData(true, "1")]
    [InlineData(false, "0")]
    public void No_new_privileges(bool wanted, string expected)
    {
        Bundle bundle = NewBundle().Process("noNewPrivileges", wanted ? "true" : "false");

        Assert.Equal(expected, Probe(bundle, "process")["nnp"]);
    }

    [Fact]
    public void The_score_for_the_out_of_memory_killer()
    {
        Assert.Equal("321", Probe(NewBundle().Process("oomScoreAdj", "321"), "process")["oom_score_adj"]);
    }

    [Theory]
    [InlineData("LINUX32", "linux32", "8")]
    [InlineData("LINUX", "linux64", "0")]
    public void The_personality(string domain, string name, string persona)
    {
        string machine = Cli.Execute(["/usr/bin/setarch", name, "/bin/uname", "-m"], new()).Stdout.TrimEnd(); // not every kernel renames it
        Bundle bundle = NewBundle().Linux("personality", $$"""{"domain":"{{domain}}"}""");

        Report inside = Probe(bundle, "uts", "process");

        Assert.Equal(machine, inside["machine"]);
        Assert.Equal(persona, inside["personality"]);
    }

    [Fact]
    public void An_affinity_the_caller_inherited_is_widened()
    {
        Require.TwoCpus();
        Bundle bundle = NewBundle().Probe("process");
        bundle.Write();

        CliResult result = Anocir(new SpawnOptions { Launch = ["cpu=0"] }, "run", "--bundle", bundle.Dir, Id);

        Assert.Equal(Environment.ProcessorCount, int.Parse(new Report(result.Stdout)["cpus"], null));
    }

    [Fact]
    public void Names_and_annotations()
    {
        Bundle bundle = NewBundle();
        bundle.Config["hostname"] = "myhost";
        bundle.Config["domainname"] = "my.domain";
        bundle.Config["annotations"] = System.Text.Json.Nodes.JsonNode.Parse("""{"org.example.key":"value ü"}""");
        bundle.Probe("uts");
        _ = Create(bundle);

        Assert.Equal("value ü", (string?)State()["annotations"]!["org.example.key"]);
        Delete();
        Report inside = new(RunBundle(bundle).Stdout);
        Assert.Equal("myhost", inside["hostname"]);
        Assert.Equal("my.domain", inside["domainname"]);
    }

    [Fact]
    public void Five_thousand_variables()
    {
        Bundle bundle = NewBundle();
        bundle.Process["env"] = Bundle.Json([.. Enumerable.Range(0, 5000).Select(i => $"V{i}={new string('x', 100)}"), "HOME=/"]);

        Assert.Equal(5001, Probe(bundle, "env").All("env").Length);
    }
}
