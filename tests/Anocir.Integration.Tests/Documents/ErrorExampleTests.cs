using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Documents;

/// <summary>The examples of docs/errors.md: each is what really comes, and each that is shown is made to happen here.</summary>
public sealed class ErrorExampleTests : ContainerTest
{
    private static readonly Dictionary<string, Action<Bundle>> s_causes = new()
    {
        ["exec: \"nope\": executable file not found in $PATH"] = static b => b.Args("nope"),
        ["exec: \"/nope\": stat /nope: no such file or directory"] = static b => b.Args("/nope"),
        ["exec: \"/etc/passwd\": permission denied; hint: the file needs the x bit, and the user every directory above it"] =
            static b => b.Args("/etc/passwd"),
        ["exec: \"/bin\": is a directory"] = static b => b.Args("/bin"),
        ["exec /bin/text: exec format error; hint: not a program for this machine: wrong architecture, or a script without #!"] =
            static b => Script(b, "/bin/text", "text"),
        ["exec /bin/script: no such file or directory; hint: the file exists, so its interpreter or ELF loader is missing in the image "
            + "(a script with CRLF line ends looks like this)"] = static b => Script(b, "/bin/script", "#!/nope\n"),
        ["invalid config: root.path: cannot use 'BUNDLE/nope': no such file or directory (ENOENT); hint: is the image's root mounted or "
            + "unpacked there?"] = static b => b.Config["root"]!["path"] = "nope",
        ["invalid config: process.cwd: Cwd must be an absolute path, got \"etc\""] = static b => b.Process["cwd"] = "etc",
        ["invalid config: process.args: must be an array, got \"sh\""] = static b => b.Process["args"] = "sh",
        ["invalid config: linux.sysctl[\"kernel.pid_max\"]: sysctl \"kernel.pid_max\" is not in a separate kernel namespace"] =
            static b => b.Linux["sysctl"] = new JsonObject { ["kernel.pid_max"] = "1" },
        ["invalid config: linux.namespaces[5].path: '/proc/self/ns/net' is a namespace of type network, not of type time"] =
            static b => b.Namespace("time", "/proc/self/ns/net"),
        ["cannot open mount source '/nowhere' for '/data' (mounts[7]): no such file or directory (ENOENT)"] =
            static b => b.Mount("/data", "bind", "/nowhere", "rbind"),
        ["cannot mount '/bin/sh' (mounts[7]): invalid argument (EINVAL); hint: of source and destination one is a directory and the other is "
            + "not a directory"] = static b => b.Mount("/bin/sh", "bind", "/tmp", "bind"),
        ["cannot prepare a file system of type 'nofs' for '/data' (mounts[7]): no such device (ENODEV); hint: the kernel has no file system of "
            + "this type, load its module"] = static b => b.Mount("/data", "nofs", "none"),
        ["cannot configure mount 'size=abc' for '/data' (mounts[7]): invalid argument (EINVAL): tmpfs: Bad value for 'size'"] =
            static b => b.Mount("/data", "tmpfs", "tmpfs", "size=abc"),
        ["cannot prepare '/link' (mounts[0]): too many levels of symbolic links (ELOOP); hint: proc, sysfs and cgroup must be mounted on real "
            + "directories, not on symlinks"] = ProcOnALink,
        ["cannot change to directory '/etc/passwd' (process.cwd): not a directory (ENOTDIR)"] = static b => b.Process["cwd"] = "/etc/passwd",
        ["cannot write 'sys/net/ipv4/nope' (linux.sysctl.net.ipv4.nope): no such file or directory (ENOENT); hint: no such kernel parameter in "
            + "this kernel or namespace"] = static b => b.Linux["sysctl"] = new JsonObject { ["net.ipv4.nope"] = "1" },
        ["error running createRuntime hook #0: exit status 3, stdout: , stderr: broken"] =
            static b => b.HookScript("createRuntime", "echo broken >&2; exit 3"),
        ["error running createContainer hook #0: cannot execute '/nope': no such file or directory (ENOENT)"] =
            static b => b.Hook("createContainer", "/nope", []),
        ["cannot allocate tty if runc will detach without setting console socket"] = static b => b.Process["terminal"] = true,
        ["cannot write '/nowhere/pid': no such file or directory (ENOENT); hint: option --pid-file"] = static _ => { },
    };

    public static TheoryData<string> Messages() => [.. s_causes.Keys];

    [Theory]
    [MemberData(nameof(Messages))]
    public void An_example_is_what_comes(string message)
    {
        Bundle bundle = NewBundle().Args("/bin/true");
        s_causes[message](bundle);
        bundle.Write();
        string[] flags = message.Contains("tty", StringComparison.Ordinal) ? ["--detach"]
            : message.Contains("--pid-file", StringComparison.Ordinal) ? ["--pid-file", "/nowhere/pid"] : [];

        CliResult result = Anocir(["run", "--bundle", bundle.Dir, .. flags, Id]);

        Assert.Equal((1, "anocir run failed: " + message), (result.Code, result.Error.Replace(bundle.Dir, "BUNDLE", StringComparison.Ordinal)));
        Assert.Equal(1, result.Stderr.AsSpan().Count('\n'));
    }

    [Fact]
    public void The_document_shows_these_and_no_others()
    {
        string text = Document();
        int start = text.IndexOf("## Examples", StringComparison.Ordinal);
        string[] shown =
        [
            .. text[start..text.IndexOf("## Fixed phrases", StringComparison.Ordinal)].Split('\n')
                .Where(static line => line.StartsWith("| `", StringComparison.Ordinal))
                .Select(static line => line.Split('`')[1]),
        ];
        Assert.Equal(s_causes.Keys.Order(StringComparer.Ordinal), shown.Order(StringComparer.Ordinal));
    }

    private static void Script(Bundle bundle, string path, string text)
    {
        File.WriteAllText(bundle.Rootfs + path, text);
        File.SetUnixFileMode(bundle.Rootfs + path, (UnixFileMode)0x1ed);
        _ = bundle.Args(path);
    }

    private static void ProcOnALink(Bundle bundle)
    {
        _ = File.CreateSymbolicLink(bundle.Rootfs + "/link", "/tmp");
        bundle.Mounts[0]!["destination"] = "/link";
    }

    private static string Document([CallerFilePath] string here = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "../../../docs/errors.md"));
}
