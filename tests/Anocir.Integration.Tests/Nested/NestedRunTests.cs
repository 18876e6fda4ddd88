using System;
using System.IO;
using System.Linq;
using Anocir.Integration.Tests.Fixture;
using Anocir.Integration.Tests.Properties;
using Anocir.Integration.Tests.Rootless;
using Xunit;

namespace Anocir.Integration.Tests.Nested;

/// <summary>
/// anocir in a container of anocir whose /proc is masked as usual, with capabilities as engines give them: the inner container has a user
/// namespace of its own, or that of the outer one.
/// </summary>
public sealed class NestedRunTests : RootlessTest
{
    // What Podman gives, and CAP_SYS_CHROOT.
    private static readonly string[] s_usual =
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_NET_BIND_SERVICE", "CAP_SETFCAP", "CAP_SETGID", "CAP_SETPCAP",
        "CAP_SETUID", "CAP_SYS_CHROOT",
    ];

    [Fact]
    public void Without_admin_rights_a_user_namespace_gives_them()
    {
        Bundle outer = Outer(NewBundle(), s_usual);
        outer.Shell(
            "cd /inner && anocir spec --rootless && mv config.json spec.json && "
            + "grep -v '\"terminal\"' spec.json | sed 's|\"sh\"|\"/bin/probe\",\"ids\",\"read\",\"/proc/self/uid_map\",\"mounts\",\"write\",\"/proc/sys/kernel/hostname\",\"x\"|' >config.json && "
            + "anocir --root /state run --bundle /inner one && "
            + "sed 's|\"sh\"|\"sleep\",\"1000\"|; s|\"terminal\": true|\"terminal\": false|' spec.json >config.json && "
            + "anocir --root /state run --detach --bundle /inner two && anocir --root /state exec two /bin/probe namespaces print inside && "
            + "anocir --root /state delete --force two && ls /state");

        CliResult result = RunBundle(outer);

        var inside = new Report(result.Stdout);
        Assert.Equal("0 0 0 0", inside["uid"]);
        Assert.Equal("0 0 1", string.Join(' ', inside["/proc/self/uid_map"].Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal("inside", inside["print"]);

        // The covers of the outer /proc came along with it: they are what the kernel would not let a new one do without.
        MountLine[] proc = [.. MountLine.All(inside).Where(static line => line.Target.StartsWith("/proc", StringComparison.Ordinal))];
        Assert.Equal("proc", proc[0].Type);
        Assert.Contains(proc, static line => line.Target == "/proc/sys" && line.Options.Contains("ro"));
        Assert.NotEqual("ok", inside["write"].Split(' ')[^1]);
    }

    [Fact]
    public void Root_of_a_users_container_makes_containers_in_it_with_and_without_a_namespace_of_their_own()
    {
        Bundle outer = NewUserBundle();
        _ = Outer(outer, [.. s_usual, "CAP_SYS_ADMIN", "CAP_SYS_PTRACE", "CAP_NET_ADMIN", "CAP_AUDIT_WRITE"]);
        outer.Shell(
            "cd /inner && anocir spec && grep -v -e '\"terminal\"' -e gid=5 config.json | sed 's|\"mode=0620\",|\"mode=0620\"|; s|\"sh\"|\"/bin/probe\",\"ids\",\"stat\",\"/dev/null\"|' >c && mv c config.json && "
            + "anocir --root /state run --bundle /inner one && rm config.json && "
            + "anocir spec --rootless && grep -v '\"terminal\"' config.json | sed 's|\"sh\"|\"/bin/probe\",\"print\",\"own\"|' >c && mv c config.json && "
            + "anocir --root /state run --bundle /inner two; ls /state").Write();

        CliResult result = Run([], "run", "--bundle", outer.Dir, Id);

        Assert.True(result is { Code: 0, Stderr: "" }, result.ToString());
        var inside = new Report(result.Stdout);
        Assert.Equal(("0 0 0 0", "own"), (inside["uid"], inside["print"]));
        Assert.Matches("^/dev/null char 0666 65534 65534 .*1:3 ", inside["stat"]);
        AssertNoState();
    }

    private static Bundle Outer(Bundle outer, string[] capabilities)
    {
        foreach (string set in (string[])["bounding", "effective", "permitted"])
        {
            outer.Process["capabilities"]![set] = Bundle.Json(capabilities);
        }

        outer.Process["noNewPrivileges"] = false;
        outer.Config["root"]!["readonly"] = false;
        File.Copy(Paths.Anocir, outer.Rootfs + "/bin/anocir");
        File.SetUnixFileMode(outer.Rootfs + "/bin/anocir", (UnixFileMode)0x1ed);
        File.CreateSymbolicLink(outer.Rootfs + "/bin/sed", "busybox");
        var inner = new Bundle(Directory.CreateDirectory(outer.Rootfs + "/inner").FullName);
        foreach (string path in (string[])[outer.Rootfs, inner.Dir, inner.Rootfs, Directory.CreateDirectory(outer.Rootfs + "/state").FullName])
        {
            Own(path);
        }

        return outer;
    }
}
