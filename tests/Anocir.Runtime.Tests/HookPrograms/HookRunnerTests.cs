using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.HookPrograms;
using Anocir.Runtime.Spec;
using Xunit;

namespace Anocir.Runtime.Tests.HookPrograms;

public sealed class HookRunnerTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("anocir-hooks").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void StateIsOnStandardInputAndTheBundleIsTheWorkingDirectory()
    {
        string state = "{\"id\":\"" + new string('x', 200_000) + "\"}";
        HookRunner.Run("createRuntime", [Shell("cat > state")], Encoding.UTF8.GetBytes(state), _directory);
        Assert.Equal(state, File.ReadAllText(Path.Combine(_directory, "state")));
    }

    [Fact]
    public void HookMayIgnoreItsInput() =>
        HookRunner.Run("createRuntime", [Shell("exit 0")], new byte[300_000], _directory);

    [Fact]
    public void ArgumentsAndEnvironmentAreTheHooks()
    {
        Hook hook = Shell("echo \"$0 $1 $A\" > out; env | wc -l >> out", "zero", "one");
        hook.Env = ["A=b", "PATH=/usr/bin:/bin"];
        HookRunner.Run("poststart", [hook], default, _directory);
        string[] lines = File.ReadAllLines(Path.Combine(_directory, "out"));
        Assert.Equal("zero one b", lines[0]);

        // The shell adds PWD, and some shells SHLVL and _.
        Assert.InRange(int.Parse(lines[1], System.Globalization.CultureInfo.InvariantCulture), 2, 5);
    }

    [Fact]
    public void WithoutEnvironmentTheRuntimesIsInherited()
    {
        Environment.SetEnvironmentVariable("ANOCIR_HOOK_TEST", "inherited");
        HookRunner.Run("poststart", [Shell("printf %s \"$ANOCIR_HOOK_TEST\" > out")], default, _directory);
        Assert.Equal("inherited", File.ReadAllText(Path.Combine(_directory, "out")));
    }

    [Fact]
    public void WithoutArgumentsThePathIsArgumentZero() =>
        HookRunner.Run("poststart", [new Hook { Path = "/bin/true" }], default, _directory);

    [Fact]
    public void FailureHasTheTextOfRunc() =>
        Assert.Equal(
            "error running createRuntime hook #1: exit status 3, stdout: out\\nput, stderr: bad\\u001b",
            Fail("createRuntime", Shell("exit 0"), Shell("echo out; echo put; printf 'bad\\033' >&2; exit 3")));

    [Fact]
    public void LaterHooksDoNotRunAfterAFailure()
    {
        _ = Fail("prestart", Shell("exit 1"), Shell("touch ran"));
        Assert.False(File.Exists(Path.Combine(_directory, "ran")));
    }

    [Fact]
    public void SignalIsNamed() =>
        Assert.Equal("error running poststart hook #0: signal: killed, stdout: , stderr: ", Fail("poststart", Shell("kill -9 $$")));

    [Fact]
    public void MissingProgramIsNamed() =>
        Assert.Equal(
            "error running prestart hook #0: cannot run '/nonexistent': no such file or directory (ENOENT)",
            Fail("prestart", new Hook { Path = "/nonexistent" }));

    [Fact]
    public void LongRunningHookIsKilled()
    {
        Hook hook = Shell("echo $$ > pid; exec sleep 1000");
        hook.Timeout = 1;
        string message = Fail("prestart", hook);
        string pid = File.ReadAllText(Path.Combine(_directory, "pid")).Trim();
        Assert.Matches($@"^error running prestart hook #0: hook ran past specified timeout of 1\.0s \(process {pid}, state S(, in \w+)?\)$", message);
        Assert.False(Directory.Exists("/proc/" + pid));
    }

    [Fact]
    public void BackgroundProcessDoesNotHoldTheHookUp()
    {
        Hook hook = Shell("sleep 1000 & echo $! > pid");
        hook.Timeout = 60;
        HookRunner.Run("poststart", [hook], default, _directory);
        string pid = File.ReadAllText(Path.Combine(_directory, "pid")).Trim();
        HookRunner.Run("poststart", [Shell("kill " + pid)], default, _directory);
    }

    [Fact]
    public void LongOutputIsCut()
    {
        string message = Fail("prestart", Shell("head -c 100000 /dev/zero | tr '\\0' x; exit 1"));
        Assert.EndsWith("xxx…, stderr: ", message, StringComparison.Ordinal);
        Assert.InRange(message.Length, 4096, 4300);
    }

    [Fact]
    public void SignalsAreAtTheirDefaults()
    {
        HookRunner.Run("poststart", [Shell("grep -E 'Sig(Ign|Blk)' /proc/self/status > out")], default, _directory);
        Assert.Equal(
            "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n", File.ReadAllText(Path.Combine(_directory, "out")));
    }

    [Fact]
    public void OurFilesAreOnlyItsStandardStreams()
    {
        Hook hook = Shell("ls -l /proc/self/fd 2>&1 | grep -o '[0-9]* -> /memfd:hook[a-z-]*' > out");
        HookRunner.Run("poststart", [hook], default, _directory);

        // 1 and 2 of ls are the pipe.
        Assert.Equal("0 -> /memfd:hook-state\n", File.ReadAllText(Path.Combine(_directory, "out")));
    }

    [Fact]
    public void FilesOfTheCallerAreClosedInItAndStayOpenHere()
    {
        using var leaked = new Fd(Sys.Open("/", O.PATH | O.DIRECTORY).Int); // not close-on-exec, as a caller leaves its own
        Hook hook = Shell("for f in /proc/self/fd/*; do [ -e $f ] && printf '%s ' ${f##*/}; done; exit 1");

        Assert.Equal("error running prestart hook #0: exit status 1, stdout: 0 1 2 , stderr: ", Fail("prestart", hook));
        Assert.Equal(0, Sys.Fcntl(leaked.Number, 1, 0).Int); // F_GETFD
    }

    [Fact]
    public void PoststopRunsAllAndCollectsFailures()
    {
        var warnings = new List<string>();
        HookRunner.RunAll("poststop", [Shell("exit 2"), Shell("touch ran")], default, _directory, warnings);
        Assert.True(File.Exists(Path.Combine(_directory, "ran")));
        Assert.Equal(["error running poststop hook #0: exit status 2, stdout: , stderr: "], warnings);
    }

    [Fact]
    public void OutputIsAppendedToTheFilesThatAnnotationsName()
    {
        var output = new HookOutput([new("run.oci.hooks.stdout", _directory + "/stdout"), new("run.oci.hooks.stderr", _directory + "/stderr")]);
        HookRunner.Run("prestart", [Shell("echo one; echo bad >&2"), Shell("echo two")], default, _directory, output);
        Assert.Equal("one\ntwo\n", File.ReadAllText(_directory + "/stdout"));
        Assert.Equal("bad\n", File.ReadAllText(_directory + "/stderr"));
        Assert.StartsWith(
            "error running prestart hook #0: cannot append to '/nowhere/out' (annotation run.oci.hooks.stdout): no such file or directory (ENOENT)",
            Assert.Throws<ContainerException>(
                () => HookRunner.Run("prestart", [Shell("true")], default, _directory, new HookOutput([new("run.oci.hooks.stdout", "/nowhere/out")]))).Message,
            StringComparison.Ordinal);
    }

    private static Hook Shell(string script, params string[] arguments) =>
        new() { Path = "/bin/sh", Args = ["sh", "-c", script, .. arguments] };

    private string Fail(string kind, params Hook[] hooks) =>
        Assert.Throws<ContainerException>(() => HookRunner.Run(kind, hooks, default, _directory)).Message;
}
