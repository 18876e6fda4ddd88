using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Anocir.Cli.CommandLine;
using Xunit;

namespace Anocir.Cli.Tests;

/// <summary>The program as a user or an engine meets it: streams, exit status, files.</summary>
public sealed partial class ProgramTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("anocir-cli-").FullName;

    private string Root => _directory + "/root";

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task VersionIsWhatDockerdParses()
    {
        Command run = await Command.Run(["--version"]);
        Assert.Equal(0, run.Status);
        Assert.Matches(@"\Aanocir version 0\.1\.0\ncommit: [0-9a-f]{40}\nspec: 1\.3\.0\nlibseccomp: 2\.\d+\.\d+\n\z", run.Output);
        Assert.Empty(run.Error);
        Assert.Equal(run, await Command.Run(["-v"]));
        Assert.Equal(run, await Command.Run(["-V"])); // crun's
    }

    [Fact]
    public async Task UnderTheNameOfRuncTextsHaveThatName()
    {
        string program = _directory + "/runc";
        File.CreateSymbolicLink(program, Command.Program);
        Command version = await Command.Run(["--version"], program: program);
        Assert.Matches(@"\Arunc version 0\.1\.0\+anocir\ncommit: [0-9a-f]{40}\nspec: 1\.3\.0\nlibseccomp: 2\.\d+\.\d+\n\z", version.Output);

        Command help = await Command.Run(["--help"], program: program);
        Assert.Equal(new Command(0, HelpText.For(CommandId.Anocir, "runc"), ""), help);
        Assert.StartsWith("NAME:\n   runc - Open Container Initiative runtime\n\nUSAGE:\n   runc [GLOBAL OPTIONS]", help.Output);
        Assert.Contains("'runc COMMAND --help' explains", help.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("anocir help", help.Output, StringComparison.Ordinal);
        Assert.StartsWith("NAME:\n   runc restore - ", (await Command.Run(["restore", "-h"], program: program)).Output);

        Command usage = await Command.Run(["start"], program: program);
        Assert.StartsWith("Incorrect usage: runc: \"start\" requires exactly 1 argument(s)\n", usage.Output);
        Command unknown = await Command.Run(["foo"], program: program);
        Assert.Contains("hint: 'runc help' lists the commands", unknown.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("anocir")]
    [InlineData("anocir", "")]
    [InlineData("anocir", "/usr/bin/crun")]
    [InlineData("anocir", "/usr/bin/runc/")]
    [InlineData("anocir", "xrunc")]
    [InlineData("runc", "runc", "anocir")]
    [InlineData("runc", "/usr/bin/runc")]
    public void OnlyThatNameIsTaken(string expected, params string[] commandLine) => Assert.Equal(expected, ProgramName.Of(commandLine));

    [Theory]
    [InlineData(CommandId.Anocir)]
    [InlineData(CommandId.Anocir, "--help")]
    [InlineData(CommandId.Anocir, "-h")]
    [InlineData(CommandId.Anocir, "-?")]
    [InlineData(CommandId.Anocir, "--usage")]
    [InlineData(CommandId.Kill, "kill", "-?")]
    [InlineData(CommandId.Checkpoint, "checkpoint", "-?")]
    [InlineData(CommandId.Restore, "restore", "--usage")]
    [InlineData(CommandId.Exec, "exec", "--usage")]
    [InlineData(CommandId.Anocir, "help")]
    [InlineData(CommandId.Create, "create", "--help")]
    [InlineData(CommandId.Create, "help", "create")]
    [InlineData(CommandId.Checkpoint, "checkpoint", "--help")]
    [InlineData(CommandId.Restore, "restore", "--tcp-close", "-h")]
    [InlineData(CommandId.Kill, "--root", "/nowhere", "kill", "-h", "x")]
    public async Task HelpGoesToStandardOutput(object command, params string[] args)
    {
        Command run = await Command.Run(args);
        Assert.Equal(new Command(0, HelpText.For((CommandId)command), ""), run);
    }

    [Theory]
    [InlineData(1, "container does not exist", "state", "x")]
    [InlineData(1, "container does not exist", "kill", "x", "KILL")]
    [InlineData(1, "unknown signal \\\"NO\\\"", "kill", "x", "NO")]
    [InlineData(1, "container id cannot be empty", "state", "")]
    [InlineData(1, "invalid regular expression: '('", "kill", "--regex", "(")]
    [InlineData(1, "invalid format option", "list", "--format", "xml")]
    [InlineData(1, "container does not exist", "checkpoint", "--image-path", "/i", "--work-path=/w", "-leave-running", "--pre-dump", "x")]
    [InlineData(1, "--manage-cgroups-mode must be soft, full, strict or ignore, got 'x'", "restore", "--manage-cgroups-mode", "x", "x")]
    [InlineData(3, "No help topic for 'foo'; hint: 'anocir help' lists the commands", "foo", "-h")]
    [InlineData(3, "No help topic for 'foo'; hint: 'anocir help' lists the commands", "help", "foo")]
    public async Task ErrorsAreOneLineOfRuncsLog(int status, string message, params string[] args)
    {
        Command run = await Command.Run(args, new() { ["XDG_RUNTIME_DIR"] = _directory });
        Assert.Equal(status, run.Status);
        Assert.Empty(run.Output);
        Assert.Equal($"time=\"TIME\" level=error msg=\"{message}\"\n", Time().Replace(run.Error, "TIME"));
    }

    [Fact]
    public async Task AWrongCommandLineShowsHelpOnStandardOutput()
    {
        Command run = await Command.Run(["create", "--lsm-mount-context"]);
        Assert.Equal(1, run.Status);
        Assert.Equal("Incorrect usage: flag provided but not defined: -lsm-mount-context\n\n" + HelpText.For(CommandId.Create), run.Output);
        Assert.EndsWith("level=error msg=\"flag provided but not defined: -lsm-mount-context\"\n", run.Error);
    }

    [Fact]
    public async Task AnErrorGoesToTheLogFileAndPlainToStandardError()
    {
        string log = _directory + "/log.json";
        Command run = await Command.Run(["--root", Root, "--log", log, "--log-format", "json", "state", "x"]);
        Assert.Equal(new Command(1, "", "container does not exist\n"), run);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(log));
        Assert.Equal("error", document.RootElement.GetProperty("level").GetString());
        Assert.Equal("container does not exist", document.RootElement.GetProperty("msg").GetString());
        Assert.Matches(Time(), "time=\"" + document.RootElement.GetProperty("time").GetString() + "\"");
    }

    [Fact]
    public async Task JsonWithoutAFileGoesToStandardError()
    {
        Command run = await Command.Run(["--root", Root, "--log-format", "json", "state", "x"]);
        Assert.StartsWith("{\"level\":\"error\",\"msg\":\"container does not exist\",\"time\":\"", run.Error);
    }

    [Fact]
    public async Task ControlCharactersCannotForgeLines()
    {
        string log = _directory + "/log";
        Command run = await Command.Run(["--log", log, "state", "a\u001b[2J\ntime=\"x\" level=info"]);
        Assert.Equal(1, Regex.Count(run.Error, "\n"));
        Assert.DoesNotContain('\u001b', run.Error + File.ReadAllText(log));
        Assert.Single(File.ReadAllLines(log));
    }

    [Fact]
    public async Task ListOfNothing()
    {
        Directory.CreateDirectory(Root);
        Assert.Equal("ID          PID         STATUS      BUNDLE      CREATED     OWNER\n", (await List()).Output);
        Assert.Equal("null\n", (await List("--format", "json")).Output);
        Assert.Equal("", (await List("-q")).Output);
    }

    [Fact]
    public async Task ListOfTwo()
    {
        AddStopped("b");
        AddStopped("a");
        Assert.Equal(
            "ID          PID         STATUS      BUNDLE      CREATED                OWNER\n"
            + "a           0           stopped     /b          2026-01-02T03:04:05Z   #4294967294\n"
            + "b           0           stopped     /b          2026-01-02T03:04:05Z   #4294967294\n",
            (await List()).Output);
        Assert.Equal("a\nb\n", (await List("--quiet")).Output);
        const string Item = "\"pid\":0,\"status\":\"stopped\",\"bundle\":\"/b\",\"rootfs\":\"/b/r\",\"created\":\"2026-01-02T03:04:05Z\",\"owner\":\"#4294967294\"}";
        Assert.Equal(
            "[{\"ociVersion\":\"1.0\",\"id\":\"a\"," + Item + ",{\"ociVersion\":\"1.0\",\"id\":\"b\"," + Item + "]\n",
            (await List("-f", "json")).Output);
    }

    [Fact]
    public async Task KillByRegex()
    {
        AddStopped("web-1");
        AddStopped("db-1");
        Command run = await Command.Run(["--root", Root, "kill", "--regex", "^web-[0-9]+$", "0"]);
        Assert.Equal(1, run.Status);
        Assert.Equal("time=\"TIME\" level=warning msg=\"container 'web-1': container not running, skipping\"\n", Time().Replace(run.Error, "TIME"));
        Assert.Equal(0, (await Command.Run(["--root", Root, "kill", "--regex", "--all", "web", "KILL"])).Status);
        Assert.Equal(new Command(0, "", ""), await Command.Run(["--root", Root, "kill", "--regex", "nothing", "0"]));
    }

    [Fact]
    public async Task SpecWritesAFileOnce()
    {
        Command run = await Command.Run(["spec", "--bundle", _directory]);
        Assert.Equal(new Command(0, "", ""), run);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(_directory + "/config.json"));
        run = await Command.Run(["spec"], workingDirectory: _directory);
        Assert.Equal(1, run.Status);
        Assert.Contains("cannot create 'config.json': file exists (EEXIST); hint: remove it first", run.Error);
        Assert.Equal(0, (await Command.Run(["spec", "-f", "other.json"], workingDirectory: _directory)).Status);
        Assert.True(File.Exists(_directory + "/other.json"));
    }

    [Fact]
    public async Task FeaturesIsOneDocument()
    {
        Command run = await Command.Run(["features"]);
        Assert.Equal(0, run.Status);
        using JsonDocument document = JsonDocument.Parse(run.Output);
        Assert.Equal("1.3.0", document.RootElement.GetProperty("ociVersionMax").GetString());
        string[] lacking = document.RootElement.GetProperty("annotations").GetProperty("io.anocir.kernel.lacks").GetString()!.Split(' ');
        Assert.Equal(File.Exists("/proc/self/numa_maps"), !lacking.Contains("linux.memoryPolicy"));
        Assert.Equal(File.Exists("/proc/self/ns/time"), !lacking.Contains("linux.namespaces.time"));
        Assert.Equal(File.ReadAllText("/proc/cgroups").Contains("\nrdma\t", StringComparison.Ordinal), !lacking.Contains("linux.cgroup.rdma"));
        Assert.DoesNotContain("linux.namespaces.pid", lacking);
        Assert.Contains(
            "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV",
            document.RootElement.GetProperty("linux").GetProperty("seccomp").GetProperty("supportedFlags").EnumerateArray().Select(static f => f.GetString()));
    }

    [GeneratedRegex("(?<=^time=\")\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ(?=\")")]
    private static partial Regex Time();

    private Task<Command> List(params string[] args) => Command.Run(["--root", Root, "list", .. args]);

    private void AddStopped(string id)
    {
        Directory.CreateDirectory(Root + "/" + id);
        File.WriteAllText(
            Root + "/" + id + "/state.json",
            $$"""
            {"version":1,"id":"{{id}}","ociVersion":"1.0","status":"created","pid":2147483647,"bundle":"/b","rootfs":"/b/r",
             "created":"2026-01-02T03:04:05Z","ownerUid":4294967294}
            """);
    }
}
