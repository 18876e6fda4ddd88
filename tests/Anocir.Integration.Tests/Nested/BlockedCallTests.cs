using System;
using System.IO;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Nested;

/// <summary>
/// anocir inside a container of anocir, whose seccomp filter takes one system call away, as the filters of other engines do: the message
/// says what could not be done, never something misleading.
/// </summary>
public sealed class BlockedCallTests : ContainerTest
{
    private const int EPERM = 1, ENOSYS = 38;

    [Fact]
    public void Without_a_filter_it_works() => Assert.Equal("inner\n", RunBundle(Outer()).Stdout);

    [Theory]
    [InlineData("clone3", ENOSYS, "cannot create init with namespaces 'mount,pid,network,ipc,uts' (linux.namespaces): function not implemented (ENOSYS); "
        + "hint: older kernel than Linux 5.14, or a seccomp filter around this command hides the call")]
    [InlineData("pidfd_open", EPERM, "cannot open a pidfd of process 'N': operation not permitted (EPERM)")]
    [InlineData("memfd_create", EPERM, "cannot create memfd 'anocir-init': operation not permitted (EPERM)")]
    [InlineData("open_tree", EPERM, "cannot open mount source '/inner/rootfs' (root.path): operation not permitted (EPERM); "
        + "hint: needs CAP_SYS_ADMIN; a seccomp filter or security module around this command may forbid it as well")]
    [InlineData("openat2", ENOSYS, "cannot open '/inner/rootfs' (root.path): function not implemented (ENOSYS); "
        + "hint: older kernel than Linux 5.14, or a seccomp filter around this command hides the call")]
    public void A_blocked_call_is_reported_where_it_failed(string call, int errno, string message)
    {
        Bundle outer = Outer();
        outer.Linux["seccomp"] = new JsonObject
        {
            ["defaultAction"] = "SCMP_ACT_ALLOW",
            ["syscalls"] = new JsonArray(new JsonObject { ["names"] = Bundle.Json(call), ["action"] = "SCMP_ACT_ERRNO", ["errnoRet"] = errno }),
        };
        outer.Write();

        CliResult result = Anocir("run", "--bundle", outer.Dir, Id);

        Assert.Equal(1, result.Code);
        Assert.Equal("anocir run failed: " + message, Regex.Replace(result.Error, "'[0-9]+'", "'N'"));
        Assert.Empty(Directory.GetFileSystemEntries(outer.Rootfs + "/state"));
    }

    [Theory]
    [InlineData("", "cannot write '/proc/N/uid_map' (linux.uidMappings): operation not permitted (EPERM); "
        + "hint: needs CAP_SETUID and CAP_SETGID, and to map root CAP_SETFCAP")]
    [InlineData("CAP_SETFCAP", "cannot join namespace 'mount' (sources): operation not permitted (EPERM); hint: needs CAP_SYS_ADMIN, for mount "
        + "namespaces CAP_SYS_CHROOT, and in a user namespace CAP_SYS_PTRACE to get at the mount sources")]
    public void A_user_namespace_wants_more_of_the_outer_container(string capability, string message)
    {
        Bundle outer = Outer(static inner =>
        {
            var map = new JsonObject { ["containerID"] = 0, ["hostID"] = 0, ["size"] = 1000 };
            (inner.Linux["uidMappings"], inner.Linux["gidMappings"]) = (new JsonArray(map), new JsonArray(map.DeepClone()));
            _ = inner.Namespace("user");
        });
        foreach (string set in (string[])["bounding", "effective", "permitted"])
        {
            outer.Process["capabilities"]![set]!.AsArray().Add(capability.Length == 0 ? "CAP_KILL" : capability);
        }

        outer.Write();

        CliResult result = Anocir("run", "--bundle", outer.Dir, Id);

        Assert.Equal((1, "anocir run failed: " + message), (result.Code, Regex.Replace(result.Error, "/[0-9]+/", "/N/")));
    }

    private Bundle Outer(Action<Bundle>? change = null)
    {
        Bundle outer = NewBundle().Args("/bin/anocir", "--cgroup-manager", "disabled", "--root", "/state", "run", "--bundle", "/inner", "inner");
        Program(outer);
        foreach (string set in (string[])["bounding", "effective", "permitted"])
        {
            outer.Process["capabilities"]![set] = Bundle.Json(
                "CAP_SYS_ADMIN", "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP", "CAP_MKNOD", "CAP_NET_ADMIN",
                "CAP_KILL", "CAP_AUDIT_WRITE", "CAP_NET_BIND_SERVICE");
        }

        outer.Process["noNewPrivileges"] = false;
        outer.Config["root"]!["readonly"] = false;
        outer.Linux["maskedPaths"] = new JsonArray(); // a covered /proc could not be mounted again
        outer.Linux["readonlyPaths"] = new JsonArray();
        var inner = new Bundle(Directory.CreateDirectory(outer.Rootfs + "/inner").FullName);
        _ = inner.Args("/bin/echo", "inner");
        change?.Invoke(inner);
        inner.Write();
        return outer;
    }

    private static void Program(Bundle outer)
    {
        File.Copy(Paths.Anocir, outer.Rootfs + "/bin/anocir");
        File.SetUnixFileMode(outer.Rootfs + "/bin/anocir", (UnixFileMode)0x1ed);
        _ = Directory.CreateDirectory(outer.Rootfs + "/state");
    }
}
