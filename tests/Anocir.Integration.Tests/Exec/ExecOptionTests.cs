using System;
using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using Anocir.Integration.Tests.Fixture;
using Anocir.Integration.Tests.Properties;
using Anocir.Integration.Tests.Resources;
using Xunit;

namespace Anocir.Integration.Tests.Exec;

/// <summary>The options of exec, seen from inside, and what is said when one is wrong.</summary>
public sealed class ExecOptionTests : ExecTest
{
    private const ulong NetRaw = 1ul << 13, NetBindService = 1ul << 10;

    [Fact]
    public void Options_change_the_configured_process()
    {
        Bundle bundle = NewBundle()
            .Process("env", """["PATH=/bin","A=1","B=1"]""")
            .Process("user", """{"uid":0,"gid":0,"additionalGids":[5]}""")
            .Process("capabilities", """{"bounding":["CAP_NET_BIND_SERVICE"],"permitted":["CAP_NET_BIND_SERVICE"],"effective":["CAP_NET_BIND_SERVICE"]}""");
        using Spawned container = Container(bundle);

        // Operands behind the ID are the program's, whatever they look like.
        Assert.Equal("-x\n--help\n--\n", Output([], 0, "/bin/printf", "%s\\n", "-x", "--help", "--"));
        Assert.Equal("/bin\n", Output(["--cwd", "/bin"], 0, "/bin/sh", "-c", "pwd"));
        Assert.Equal(["PATH=/bin", "A=1", "B=2", "C=x=y", "HOME=/root"], Inside(["--env", "B=2", "-e", "C=x=y"], "env").All("env"));

        Report user = Inside(["--user", "1000:100", "--additional-gids", "7", "-g", "65534"], "ids");
        Assert.Equal(("1000 1000 1000 1000", "100 100 100 100", "5 7 65534"), (user["uid"], user["gid"], user["groups"]));
        Assert.Equal(("7 7 7 7", "0 0 0 0"), Ids(Inside(["-u", "7"], "ids")));

        Report caps = Inside(["--cap", "CAP_NET_RAW"], "caps");
        Assert.All(["cap-bounding", "cap-permitted", "cap-effective"], name => Assert.Equal(NetRaw | NetBindService, caps.Mask(name)));
        Assert.All(["cap-inheritable", "cap-ambient"], name => Assert.Equal(0ul, caps.Mask(name)));

        Assert.Equal("1", Inside(["--no-new-privs"], "process")["nnp"]);
        Assert.Equal("0", Inside(["--no-new-privs=false"], "process")["nnp"]);
        DeleteContainer();
    }

    [Fact]
    public void A_process_file_is_taken_as_it_is()
    {
        using Spawned container = Container(NewBundle().Process("env", """["PATH=/bin","A=1"]""").Process("noNewPrivileges", "true")
            .Process("capabilities", """{"bounding":["CAP_NET_RAW"],"permitted":["CAP_NET_RAW"],"effective":["CAP_NET_RAW"]}"""));
        JsonObject process = Process("env", "ids", "process", "caps", "args");

        // But for capabilities that it does not mention: the container's (runc, crun).
        Report silent = Inside(["--process", ProcessFile(process)]);
        Assert.All(["cap-bounding", "cap-permitted", "cap-effective"], name => Assert.Equal(NetRaw, silent.Mask(name)));
        process["capabilities"] = new JsonObject();
        process["cwd"] = "/tmp";
        process["user"] = JsonNode.Parse("""{"uid":3,"gid":4,"additionalGids":[9],"umask":7}""");
        process["oomScoreAdj"] = 500;

        // What the file says counts; options about the process do not.
        Report inside = Inside(["--process", ProcessFile(process), "--env", "B=2", "--user", "1", "--cwd", "/bin"]);

        Assert.Equal(["PATH=/bin", "HOME=/"], inside.All("env"));
        Assert.Equal(("3 3 3 3", "4 4 4 4", "9"), (inside["uid"], inside["gid"], inside["groups"]));
        Assert.Equal(("/tmp", "0007", "0", "500"), (inside["cwd"], inside["umask"], inside["nnp"], inside["oom_score_adj"]));
        Assert.Equal(0ul, inside.Mask("cap-bounding") | inside.Mask("cap-permitted"));

        process["args"] = Bundle.Json();
        Refused("invalid config: process.args: args must not be empty", ["-p", ProcessFile(process)]);
        process["args"] = 5;
        Refused("invalid config: process.args: must be an array, got 5", ["-p", ProcessFile(process)]);
        process["args"] = Bundle.Json("/bin/true");
        process["execCPUAffinity"] = JsonNode.Parse("""{"initial":"0-x"}""");
        Refused("invalid config: process.execCPUAffinity.initial: must be a list of CPUs below 1024 such as 0-3,7, got \"0-x\"", ["-p", ProcessFile(process)]);
        File.WriteAllText($"{Temp}/process.json", "null");
        Refused("process property must not be empty", ["-p", $"{Temp}/process.json"]);
        File.Delete($"{Temp}/process.json");
        Refused($"JSON specification file process.json not found in '{Temp}'", ["-p", $"{Temp}/process.json"]);
        DeleteContainer();
    }

    [Fact]
    public void Thousands_of_variables_long_arguments_and_a_thousand_groups()
    {
        using Spawned container = Container(NewBundle());
        JsonObject process = Process("env", "ids", "print", new string('x', 100_000), "print", new string('y', 100_000));
        process["env"] = Bundle.Json([.. Enumerable.Range(0, 5000).Select(static i => $"NAME_{i}=value of {i}")]);
        process["user"] = new JsonObject { ["uid"] = 0, ["gid"] = 0, ["additionalGids"] = JsonNode.Parse("[" + string.Join(',', Enumerable.Range(1, 1024)) + "]") };

        Report inside = Inside(["--process", ProcessFile(process)]);

        Assert.Equal(5001, inside.All("env").Length);
        Assert.Equal("NAME_4999=value of 4999", inside.All("env")[4999]);
        Assert.Equal(string.Join(' ', Enumerable.Range(1, 1024)), inside["groups"]);
        Assert.Equal([100_000, 100_000], inside.All("print").Select(static text => text.Length));

        process["args"] = Bundle.Json("/bin/probe", new string('z', 200_000));
        CliResult tooLong = Exec(["--process", ProcessFile(process)]);
        Assert.Equal(255, tooLong.Code);
        Assert.StartsWith("exec failed: exec /bin/probe: argument list too long", tooLong.Error, StringComparison.Ordinal);
        DeleteContainer();
    }

    [Fact]
    public void Wrong_options_are_named()
    {
        using Spawned container = Container(NewBundle());

        Refused("exec args cannot be empty", []);
        Refused("invalid config: process.cwd: Cwd must be an absolute path, got \"tmp\"", ["--cwd", "tmp"], "/bin/true");
        Refused("invalid config: process.env[2]: invalid environment variable: missing '='", ["--env", "X"], "/bin/true");
        Refused("invalid --cgroup argument: a (missing <controller>: prefix)", ["--cgroup", "a", "--cgroup", "b"], "/bin/true");
        Refused("invalid --cgroup argument: :a (empty <controller> prefix)", ["--cgroup", ":a"], "/bin/true");
        Refused("cannot use console socket if runc will not detach or allocate tty", ["--console-socket", "/nosuch"], "/bin/true");
        Refused("cannot allocate tty if runc will detach without setting console socket", ["--tty", "--detach"], "/bin/true");
        Refused("cannot connect to '/nosuch' (option --pidfd-socket): no such file or directory (ENOENT); hint: nobody listens there", ["--pidfd-socket", "/nosuch"], "/bin/true");
        Refused("option --preserve-fds: file descriptor 3 is not open (EBADF); hint: the caller must pass descriptors 3 to 3 without close-on-exec", ["--preserve-fds=1"], "/bin/true");
        Refused("invalid config: process.apparmorProfile: must be one line, got \"a\\nb\"", ["--apparmor", "a\nb"], "/bin/true");
        if (!Directory.Exists("/sys/fs/selinux"))
        {
            Refused(
                "invalid config: process.selinuxLabel: selinux label is specified in config, but selinux is disabled or not supported, got \"l\"",
                ["--process-label", "l"],
                "/bin/true");
        }

        CliResult pidFile = Exec(["--pid-file", "/nosuch/pid"], "/bin/true");
        Assert.Equal((255, "exec failed: cannot write '/nosuch/pid': no such file or directory (ENOENT); hint: option --pid-file"), (pidFile.Code, pidFile.Error));
        CliResult unknown = Exec(["--nosuch"], "/bin/true");
        Assert.Equal((1, "flag provided but not defined: -nosuch"), (unknown.Code, unknown.Error));
        DeleteContainer();
    }

    [Fact]
    public void Cpu_affinity_before_and_in_the_cgroup()
    {
        Require.TwoCpus();
        using Spawned container = Container(NewBundle());
        JsonObject process = Process("status");
        process["execCPUAffinity"] = JsonNode.Parse("""{"initial":"0","final":"1"}""");

        Assert.Equal("Cpus_allowed_list:\t1", Cpus(Inside(["--process", ProcessFile(process)])));

        // Who enters another cpuset of cgroup v2 gets all its CPUs from the kernel, which is what final is for.
        process["execCPUAffinity"] = JsonNode.Parse("""{"initial":"1"}""");
        string cpuset = Cgroups.Named(Tag)[0] + "/cpuset.cpus.effective";
        string expected = Limit.IsUnified && File.Exists(cpuset) ? File.ReadAllText(cpuset).Trim() : "1";
        Assert.Equal("Cpus_allowed_list:\t" + expected, Cpus(Inside(["--process", ProcessFile(process)])));

        // What the caller inherited is not the container's.
        CliResult reset = Anocir(new SpawnOptions { Launch = ["cpu=0"] }, "exec", Id, "/bin/probe", "process");
        Assert.NotEqual("1", new Report(reset.Stdout)["cpus"]);
        process["execCPUAffinity"] = JsonNode.Parse("""{"final":"1023"}""");
        Refused("cannot set CPU affinity (process.execCPUAffinity.final): invalid argument (EINVAL)", ["-p", ProcessFile(process)]);
        DeleteContainer();
    }

    private static (string, string) Ids(Report report) => (report["uid"], report["gid"]);

    private static string Cpus(Report report) => report.All("status").Single(static line => line.StartsWith("Cpus_allowed_list", StringComparison.Ordinal));
}
