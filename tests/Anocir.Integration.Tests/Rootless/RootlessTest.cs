using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json.Nodes;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Rootless;

/// <summary>
/// A user without rights: the published program, copied to where everybody may execute it, run with a uid that nobody has, and
/// a $XDG_RUNTIME_DIR of its own, which must be empty in the end but for the state root.
/// </summary>
public abstract class RootlessTest : ContainerTest
{
    private const string ManyIdsMap = """[{"containerID":0,"hostID":61234,"size":1},{"containerID":1,"hostID":200000,"size":65535}]""";

    /// <summary>uid and gid.</summary>
    protected const int User = 61234;

    private static readonly Lazy<string> s_program = new(CopyProgram);
    private static string? s_spec;

    protected RootlessTest()
    {
        Require.UserNamespaces();
        RuntimeDir = Directory.CreateDirectory(Temp + "/xdg").FullName;
        Own(RuntimeDir);
        File.SetUnixFileMode(RuntimeDir, (UnixFileMode)0x1c0);
    }

    /// <summary>The user's $XDG_RUNTIME_DIR.</summary>
    protected string RuntimeDir { get; }

    /// <summary>The program as the user reaches it.</summary>
    protected static string Program => s_program.Value;

    /// <summary>Words in front of a command that make it the user's.</summary>
    protected static string[] AsUser { get; } =
        ["/usr/bin/setpriv", "--reuid", $"{User}", "--regid", $"{User}", "--clear-groups", "--inh-caps=-all"];

    /// <summary>A bundle of the user with the config of <c>spec --rootless</c>, as that user writes it.</summary>
    internal Bundle NewUserBundle()
    {
        Bundle bundle = NewBundle();
        Own(bundle.Dir);
        Own(bundle.Rootfs);
        Own(bundle.Rootfs + "/tmp");
        if (s_spec is null)
        {
            Quiet("spec", "--rootless", "--bundle", bundle.Dir);
            s_spec = File.ReadAllText(bundle.Dir + "/config.json");
        }

        bundle.Config = JsonNode.Parse(s_spec)!.AsObject();
        bundle.Process["terminal"] = false;
        return bundle;
    }

    /// <summary>A bundle with the maps that engines use: the user, and a range of /etc/subuid for the rest.</summary>
    internal Bundle ManyIds()
    {
        Bundle bundle = NewUserBundle();
        bundle.Linux["uidMappings"] = JsonNode.Parse(ManyIdsMap);
        bundle.Linux["gidMappings"] = JsonNode.Parse(ManyIdsMap);
        return bundle;
    }

    /// <summary>Gives the user a range, for what runs after it: the files of this machine stay as they are, the commands see others.</summary>
    protected string[] Allowed(string range = "200000:65536")
    {
        string sub = Temp + "/sub", passwd = Temp + "/passwd";
        File.WriteAllText(sub, $"itest:{range}\n");
        File.WriteAllText(passwd, File.ReadAllText("/etc/passwd") + $"itest:x:{User}:{User}::/:/bin/sh\n");
        return [$"mount --bind {sub} /etc/subuid", $"mount --bind {sub} /etc/subgid", $"mount --bind {passwd} /etc/passwd"];
    }

    /// <summary>Runs <c>anocir ARGS</c> as the user; <paramref name="before"/> is a shell script that root runs first in a mount namespace of its own.</summary>
    internal CliResult Run(string[] before, params string[] args) => Cli.Execute(Command(before, AsUser, args), Options());

    /// <summary>The command line of <see cref="Run"/> with other words in front.</summary>
    internal static string[] Command(string[] before, string[] front, params string[] args) => before.Length == 0
        ? [.. front, Program, .. args]
        : ["/usr/bin/unshare", "--mount", "/bin/busybox", "sh", "-c", string.Join("; ", before) + "; exec \"$@\"", "sh", .. front, Program, .. args];

    /// <summary>The user's environment; <paramref name="openFd"/> is a descriptor that the command finds open besides 0 to 2.</summary>
    internal SpawnOptions Options(string? path = null, string? terminal = null, int? openFd = null, string? cwd = null) => new()
    {
        Cwd = cwd,
        Terminal = terminal,
        Fds = openFd is { } fd ? new() { [fd] = 0 } : [],
        Environment = new Dictionary<string, string?>
        {
            ["XDG_RUNTIME_DIR"] = RuntimeDir, ["PATH"] = path ?? "/usr/sbin:/usr/bin:/sbin:/bin", ["USER"] = null, ["HOME"] = "/",
        },
    };

    /// <summary>Runs a bundle as the user in the foreground; success and silence are asserted, and that nothing stays.</summary>
    internal Report RunAsUser(Bundle bundle, string[] before, params string[] words)
    {
        bundle.Probe(words).Write();
        CliResult result = Run(before, "run", "--bundle", bundle.Dir, Id);
        Assert.True(result is { Code: 0, Stderr: "" }, result.ToString());
        AssertNoState();
        return new Report(result.Stdout);
    }

    /// <summary>Runs a bundle as the user; it must fail with this error, and leave nothing.</summary>
    internal void FailsAsUser(string message, Bundle bundle, string[] before, params string[] global)
    {
        bundle.Write();
        CliResult result = Run(before, [.. global, "run", "--bundle", bundle.Dir, Id]);
        Assert.Equal((1, "anocir run failed: " + message), (result.Code, result.Error));
        AssertNoState();
    }

    /// <summary>Runs <c>anocir ARGS</c> as the user; success and silence are asserted.</summary>
    protected void Quiet(params string[] args)
    {
        CliResult result = Run([], args);
        Assert.True(result is { Code: 0, Stdout: "", Stderr: "" }, result.ToString());
    }

    protected void AssertNoState() => Assert.Empty(Directory.Exists(RuntimeDir + "/anocir") ? Directory.GetFileSystemEntries(RuntimeDir + "/anocir") : []);

    protected static void Own(string path) => Native.Check(Native.chown(path, User, User), "chown");

    private static string CopyProgram()
    {
        File.SetUnixFileMode(Paths.Run, (UnixFileMode)0x1ed);
        string path = Paths.Run + "/anocir";
        File.Copy(Paths.Anocir, path);
        File.SetUnixFileMode(path, (UnixFileMode)0x1ed);
        return path;
    }
}
