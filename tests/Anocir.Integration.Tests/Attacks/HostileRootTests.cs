using System;
using System.IO;
using System.Linq;
using Anocir.Integration.Tests.Fixture;
using Anocir.Integration.Tests.Properties;
using Xunit;

namespace Anocir.Integration.Tests.Attacks;

/// <summary>
/// Root file systems made to lead the runtime astray: links where it expects directories and devices. Each test is named after the CVE of
/// the runtimes that once followed such a link. The attack may fail as an error or come to nothing; the host must not notice.
/// </summary>
public sealed class HostileRootTests : ContainerTest
{
    private string Outside => Temp + "/outside";

    [Fact]
    public void CVE_2016_3697_a_user_called_like_a_number_is_not_that_user()
    {
        Bundle bundle = NewBundle().Process("user", """{"uid":1000,"gid":1000}""").Process("env", "[]");
        File.WriteAllText(bundle.Rootfs + "/etc/passwd", "1000:x:0:0::/evil:/bin/sh\n");
        File.WriteAllText(bundle.Rootfs + "/etc/group", "1000:x:0:1000\n");
        Report inside = Probe(bundle, "ids", "env");
        Assert.Equal(("1000 1000 1000 1000", "1000 1000 1000 1000", ""), (inside["uid"], inside["gid"], inside["groups"]));
        Assert.Equal(["HOME=/"], inside.All("env"));
    }

    [Theory]
    [InlineData("/proc")]
    [InlineData("/sys")]
    public void CVE_2019_19921_CVE_2023_27561_CVE_2023_28642_proc_and_sys_are_not_mounted_on_links(string path)
    {
        Bundle bundle = NewBundle().WithoutPaths();
        Directory.Delete(bundle.Rootfs + path);
        _ = Directory.CreateDirectory(bundle.Rootfs + "/evil/self");
        _ = File.CreateSymbolicLink(bundle.Rootfs + path, "/evil");
        bundle.Write();
        CliResult result = Fails("too many levels of symbolic links (ELOOP)", "run", "--bundle", bundle.Dir, Id);
        Assert.Contains("proc, sysfs and cgroup must be mounted on ordinary directory, not on a symlink", result.Error, StringComparison.Ordinal);
        Assert.Contains($"'{path}'", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/volume/proc", "/volume")] // a component on the way
    [InlineData("/deep/link/proc", "/deep/link")]
    public void CVE_2019_19921_nor_below_links(string destination, string link)
    {
        Bundle bundle = NewBundle().WithoutPaths();
        _ = Directory.CreateDirectory(bundle.Rootfs + "/deep");
        _ = Directory.CreateDirectory(bundle.Rootfs + "/real/proc");
        _ = File.CreateSymbolicLink(bundle.Rootfs + link, "/real");
        bundle.Mount(destination, "proc", "proc").Write();
        _ = Fails("too many levels of symbolic links (ELOOP)", "run", "--bundle", bundle.Dir, Id);
    }

    /// <summary>The destination is judged by its text in the config; a link in the image must not carry it into procfs.</summary>
    [Theory]
    [InlineData("/alias/self/attr")]
    [InlineData("/alias/thread-self/attr")]
    [InlineData("/alias/1/attr")]
    [InlineData("/alias/sys/kernel")]
    public void CVE_2019_16884_nothing_is_mounted_over_parts_of_proc(string destination)
    {
        Bundle bundle = NewBundle().WithoutPaths();
        _ = File.CreateSymbolicLink(bundle.Rootfs + "/alias", "/proc");
        bundle.Mount(destination, "tmpfs", "tmpfs").Probe("mounts").Write();
        CliResult result = Anocir("run", "--bundle", bundle.Dir, Id);
        Assert.Equal(1, result.Code);
        Assert.Contains("(mounts[", result.Error, StringComparison.Ordinal);
        bundle.Mounts.RemoveAt(bundle.Mounts.Count - 1);
        foreach (string direct in (string[])["/proc/self/attr", "/proc/sys", "//proc/./sys", "/etc/../proc/self"])
        {
            bundle.Mount(direct, "tmpfs", "tmpfs").Write();
            _ = Fails("cannot be mounted because it is inside /proc", "run", "--bundle", bundle.Dir, Id);
            bundle.Mounts.RemoveAt(bundle.Mounts.Count - 1);
        }

        bundle.Mount("/proc", "bind", Temp, "bind").Write();
        _ = Fails("\"/proc\" cannot be mounted because it is not of type proc", "run", "--bundle", bundle.Dir, Id);
    }

    /// <summary>Absolute links, links with too many "..", dangling ones: all mean a place in the image.</summary>
    [Theory]
    [InlineData("ABSOLUTE", "")]
    [InlineData("UP", "")]
    [InlineData("ABSOLUTE", "/new/directory")]
    [InlineData("UP", "/new/directory")]
    public void CVE_2019_18837_CVE_2024_45310_mount_targets_stay_inside(string kind, string rest)
    {
        _ = Directory.CreateDirectory(Outside);
        File.WriteAllText(Outside + "/file", "host");
        Bundle bundle = NewBundle();
        string target = kind == "ABSOLUTE" ? Outside : string.Concat(Enumerable.Repeat("../", 30)) + Outside[1..];
        _ = File.CreateSymbolicLink(bundle.Rootfs + "/link", target);
        bundle.Mount("/link" + rest, "tmpfs", "tmpfs").Mount("/link2", "bind", bundle.Dir + "/config.json", "bind");
        _ = File.CreateSymbolicLink(bundle.Rootfs + "/link2", Outside + "/file2"); // dangling inside and outside: a file target is made
        Report inside = Probe(bundle, "mounts");
        Assert.Equal("tmpfs", MountLine.At(inside, Outside + rest).Type);
        Assert.Equal(["file"], Directory.GetFileSystemEntries(Outside).Select(Path.GetFileName));
        Assert.NotEmpty(MountLine.At(inside, Outside + "/file2").Type);
    }

    [Fact]
    public void Destinations_with_dots_stay_inside()
    {
        Bundle bundle = NewBundle().Mount("/../../../..//escape/./x/../y", "tmpfs", "tmpfs");
        Assert.Equal("tmpfs", MountLine.At(Probe(bundle, "mounts"), "/escape/y").Type);
        Assert.False(Directory.Exists("/escape"));
        bundle = NewBundle().Linux("devices", """[{"path":"/dev/../../../escape-node","type":"c","major":1,"minor":3}]""").Writable();
        bundle.Write();
        CliResult result = Anocir("run", "--bundle", bundle.Dir, Id);
        Assert.False(File.Exists("/escape-node"));
        Assert.True(result.Code == 1 || File.Exists(bundle.Rootfs + "/escape-node"), result.ToString());
    }

    /// <summary>A /dev that is a link: nodes and links would be made where it leads, with the rights of root.</summary>
    [Fact]
    public void CVE_2026_41579_CVE_2026_47766_devices_are_made_inside()
    {
        _ = Directory.CreateDirectory(Outside);
        Bundle bundle = NewBundle().WithoutPaths().Linux("devices", """[{"path":"/dev/extra","type":"c","major":1,"minor":5}]""");
        for (int i = bundle.Mounts.Count - 1; i >= 0; i--)
        {
            if (((string)bundle.Mounts[i]!["destination"]!).StartsWith("/dev", StringComparison.Ordinal))
            {
                bundle.Mounts.RemoveAt(i);
            }
        }

        Directory.Delete(bundle.Rootfs + "/dev");
        _ = File.CreateSymbolicLink(bundle.Rootfs + "/dev", Outside);
        bundle.Args("/bin/true").Write();
        CliResult result = Anocir("run", "--bundle", bundle.Dir, Id);
        Assert.True(result.Code is 0 or 1, result.ToString());
        Assert.Empty(Directory.GetFileSystemEntries(Outside));
    }

    /// <summary>The image's /dev/null must not become the cover of a masked path, nor be opened for a hook's output.</summary>
    [Theory]
    [InlineData("link")]
    [InlineData("file")]
    public void CVE_2025_31133_masks_are_the_hosts_dev_null(string kind)
    {
        Bundle bundle = NewBundle().Linux("maskedPaths", """["/etc/masked","/etc/directory"]""").Writable();
        for (int i = bundle.Mounts.Count - 1; i >= 0; i--)
        {
            if (((string)bundle.Mounts[i]!["destination"]!).StartsWith("/dev", StringComparison.Ordinal))
            {
                bundle.Mounts.RemoveAt(i);
            }
        }

        File.WriteAllText(bundle.Rootfs + "/etc/masked", "secret");
        File.WriteAllText(bundle.Rootfs + "/etc/victim", "victim");
        _ = Directory.CreateDirectory(bundle.Rootfs + "/etc/directory/secret");
        if (kind == "link")
        {
            _ = File.CreateSymbolicLink(bundle.Rootfs + "/dev/null", "/etc/victim");
        }
        else
        {
            File.WriteAllText(bundle.Rootfs + "/dev/null", "of the image");
        }

        bundle.Probe("stat", "/etc/masked", "read", "/etc/masked", "write", "/etc/masked", "overwritten", "open", "/etc/directory/x", "c").Write();
        CliResult result = Anocir("run", "--bundle", bundle.Dir, Id);
        if (result.Code == 0)
        {
            Report inside = new(result.Stdout);
            Assert.Contains("/etc/masked char 0666 0 0 1:3", inside["stat"], StringComparison.Ordinal);
            Assert.Empty(inside.All("/etc/masked"));
            Assert.Equal("/etc/directory/x c EROFS", inside["open"]);
        }
        else
        {
            Assert.Contains("file exists (EEXIST)", result.Error, StringComparison.Ordinal);
        }

        Assert.Equal("victim", File.ReadAllText(bundle.Rootfs + "/etc/victim"));
        Assert.Equal("secret", File.ReadAllText(bundle.Rootfs + "/etc/masked"));
    }

    [Theory]
    [InlineData("HOST")]
    [InlineData("/proc/sys/kernel/hostname")]
    [InlineData("/proc/self/attr/current")]
    public void CVE_2025_52565_the_console_is_not_bound_through_a_link(string target)
    {
        File.WriteAllText(Temp + "/victim", "host");
        Bundle bundle = NewBundle().WithoutPaths().Process("terminal", "true").Writable();
        for (int i = bundle.Mounts.Count - 1; i >= 0; i--)
        {
            if ((string?)bundle.Mounts[i]!["destination"] is "/dev" or "/dev/shm" or "/dev/mqueue")
            {
                bundle.Mounts.RemoveAt(i);
            }
        }

        _ = Directory.CreateDirectory(bundle.Rootfs + "/dev/pts");
        _ = File.CreateSymbolicLink(bundle.Rootfs + "/dev/console", target == "HOST" ? Temp + "/victim" : target);
        bundle.Probe("mounts").Write();
        CliResult result = Anocir("run", "--bundle", bundle.Dir, Id);
        Assert.Equal("host", File.ReadAllText(Temp + "/victim"));
        foreach (string line in new Report(result.Stdout).All("mount").Where(static line => line.Contains("devpts", StringComparison.Ordinal)))
        {
            Assert.Contains(line.Split(' ')[4], (string[])["/dev/pts", "/dev/console"]);
        }
    }

    /// <summary>What the image puts below /proc, or mounts there, does not redirect a kernel parameter.</summary>
    [Fact]
    public void CVE_2025_52881_sysctls_go_through_a_procfs_of_the_runtimes_own()
    {
        Bundle bundle = NewBundle().WithoutPaths().Linux("sysctl", """{"net.ipv4.ip_default_ttl":"77"}""").Writable();
        for (int i = bundle.Mounts.Count - 1; i >= 0; i--)
        {
            if ((string?)bundle.Mounts[i]!["destination"] == "/proc")
            {
                bundle.Mounts.RemoveAt(i);
            }
        }

        File.WriteAllText(bundle.Rootfs + "/etc/victim", "victim");
        string directory = Directory.CreateDirectory(bundle.Rootfs + "/proc/sys/net/ipv4").FullName;
        _ = File.CreateSymbolicLink(directory + "/ip_default_ttl", "/etc/victim");
        bundle.Shell("mount -t proc proc /tmp && cat /tmp/sys/net/ipv4/ip_default_ttl").Capabilities("CAP_SYS_ADMIN");
        Assert.Equal("77\n", RunBundle(bundle).Stdout);
        Assert.Equal("victim", File.ReadAllText(bundle.Rootfs + "/etc/victim"));
    }

    /// <summary>A working directory that is a descriptor somebody forgot would be a place outside the root.</summary>
    [Fact]
    public void CVE_2024_21626_the_working_directory_is_no_leaked_descriptor()
    {
        Bundle bundle = NewBundle().Args("/bin/true");
        _ = File.CreateSymbolicLink(bundle.Rootfs + "/link", "/proc/self/fd/7");
        string[] directories = [.. Enumerable.Range(3, 10).Select(static fd => $"/proc/self/fd/{fd}"), "/proc/self/fd/7/../../..", "/link", "/proc/1/cwd/../.."];
        foreach (string directory in directories)
        {
            bundle.Process("cwd", $"\"{directory}\"").Write();
            using var host = new HostDirectory();
            CliResult result = Anocir(new SpawnOptions { Fds = new() { [7] = host.Descriptor, [8] = host.Descriptor } }, "run", "--bundle", bundle.Dir, Id);
            if (result.Code == 0)
            {
                Assert.Equal("/proc/1/cwd/../..", directory); // from / upwards is /
                continue;
            }

            Assert.Contains("(process.cwd)", result.Error, StringComparison.Ordinal);
        }
    }

    /// <summary>Root of the host, open in the caller.</summary>
    private sealed class HostDirectory : IDisposable
    {
        public int Descriptor { get; } = Native.Check(Native.open("/", Native.RdOnly | Native.CloExec, 0), "open");

        public void Dispose() => _ = Native.close(Descriptor);
    }
}
