using System;
using System.IO;
using Anocir.Integration.Tests.Fixture;
using Anocir.Integration.Tests.Properties;
using Xunit;

namespace Anocir.Integration.Tests.Lifecycle;

/// <summary>--no-pivot: the root is moved, the host's tree stays below it.</summary>
public sealed class NoPivotTests : ContainerTest
{
    [Fact]
    public void The_container_is_like_any_other_from_inside()
    {
        Bundle bundle = NewBundle().Probe("mounts", "stat", "/bin/probe", "link", "/proc/self/root", "process");
        Report inside = new(RunBundle(bundle, 0, "--no-pivot").Stdout);
        Assert.Contains(" file ", inside["stat"], StringComparison.Ordinal);
        Assert.Equal(("/", "/"), (inside["/proc/self/root"], inside["cwd"]));
        Assert.Equal("proc", MountLine.At(inside, "/proc").Type);
    }

    /// <summary>
    /// The kernel lets a user namespace mount a procfs of its own, without any of the container's masks, as long as a whole one is to be
    /// seen somewhere in its mount namespace: the host's, below the root, must not be.
    /// </summary>
    [Fact]
    public void A_fresh_proc_in_a_user_namespace_of_the_container_is_refused()
    {
        Require.UserNamespaces();
        string second = Directory.CreateDirectory(Temp + "/a b").FullName; // not only the host's /proc counts
        _ = Native.Check(Native.mount("proc", second, "proc", 0, null), "mount");
        string[] before = Proc.Lines("/proc/self/mountinfo");
        Bundle bundle = NewBundle().Shell("/bin/busybox unshare -U -r -m -p -f /bin/busybox mount -t proc none /tmp; echo $?").Capabilities("CAP_SYS_ADMIN");
        _ = bundle.Config.Remove("hostname");
        foreach (string flag in (string[])["", "--no-pivot"])
        {
            bundle.Write();
            CliResult result = Anocir(["run", "--bundle", bundle.Dir, .. flag.Length == 0 ? [] : new[] { flag }, Id]);
            Assert.Equal((0, "1\n"), (result.Code, result.Stdout));
            Assert.Contains("Operation not permitted", result.Stderr, StringComparison.Ordinal);
        }

        Assert.Equal(before, Proc.Lines("/proc/self/mountinfo"));
        _ = Native.Check(Native.umount2(second, 0), "umount");
    }
}
