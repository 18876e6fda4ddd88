using System.IO;
using System.Text.Json.Nodes;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Properties;

/// <summary>linux.seccomp that takes calls from init itself: it tells what failed and ends, whatever is denied.</summary>
public sealed class SeccompDenialTests : ContainerTest
{
    private const string Denied = "exec /bin/probe: operation not permitted; hint: a security module or the seccomp filter denied it";

    /// <summary>Without exit_group and exit, init can only end by a fault. PID 1 of a PID namespace is spared most signals.</summary>
    [Theory]
    [InlineData("SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO", "execve", Denied)]
    [InlineData("SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO", "execve exit_group", Denied)]
    [InlineData("SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO", "execve exit exit_group", Denied)]
    [InlineData("SCMP_ACT_ERRNO", "SCMP_ACT_ALLOW", "read write close openat2", Denied)]
    [InlineData("SCMP_ACT_ERRNO", "SCMP_ACT_ALLOW", "read write close",
        "exec /bin/probe: function not implemented; hint: the seccomp filter denied it: execve is newer than all calls that linux.seccomp names")]
    [InlineData("SCMP_ACT_KILL_PROCESS", "SCMP_ACT_ALLOW", "read openat2",
        "container init died before the program started (signal: bad system call); hint: it was killed (memory limit, or a signal from outside), "
        + "or linux.seccomp denies what it needs (read, write, close, execve, exit_group)")]
    public void Init_tells_and_ends(string defaultAction, string action, string names, string message)
    {
        Bundle bundle = Filtered(defaultAction, action, names).Probe("args");
        bundle.Write();

        CliResult result = Anocir("run", "--bundle", bundle.Dir, Id);

        Assert.Equal((1, "anocir run failed: " + message), (result.Code, result.Error));
    }

    [Fact]
    public void A_process_of_exec_ends_too()
    {
        Bundle bundle = Filtered("SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO", "exit exit_group").Args("/bin/sleep", "1000");
        string text = bundle.Rootfs + "/text";
        File.WriteAllText(text, "no program");
        File.SetUnixFileMode(text, (UnixFileMode)0x1ed);
        _ = Create(bundle);
        _ = Ok("start", Id);

        CliResult result = Anocir("exec", Id, "/text");

        Assert.Equal((255, "exec failed: exec /text: exec format error"), (result.Code, result.Error.Split("; hint")[0]));
        Delete();
    }

    private Bundle Filtered(string defaultAction, string action, string names)
    {
        Bundle bundle = NewBundle();
        bundle.Linux["seccomp"] = new JsonObject
        {
            ["defaultAction"] = defaultAction,
            ["syscalls"] = new JsonArray(new JsonObject { ["names"] = Bundle.Json(names.Split(' ')), ["action"] = action }),
        };
        return bundle;
    }
}
