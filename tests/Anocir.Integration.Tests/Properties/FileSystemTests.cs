using System;
using System.IO;
using System.Linq;
using Anocir.Integration.Tests.Fixture;
using Anocir.Integration.Tests.Resources;
using Xunit;

namespace Anocir.Integration.Tests.Properties;

/// <summary>Mounts of file systems: tmpfs and its modes, overlay, proc, sysfs, devpts, mqueue, cgroup.</summary>
public sealed class FileSystemTests : ContainerTest
{
    [Theory]
    [InlineData("", "1777")] // the covered directory's
    [InlineData("mode=700", "0700")]
    public void A_tmpfs_without_a_mode_keeps_that_of_the_directory(string option, string mode)
    {
        Bundle bundle = NewBundle().Mount("/var/spool", "tmpfs", "tmpfs", option.Length == 0 ? ["nosuid"] : ["nosuid", option]);
        _ = Directory.CreateDirectory(bundle.Rootfs + "/var/spool", (UnixFileMode)0x3ff);
        File.SetUnixFileMode(bundle.Rootfs + "/var/spool", (UnixFileMode)0x3ff); // 01777

        Assert.Contains($"dir {mode} 0 0", Probe(bundle, "stat", "/var/spool")["stat"], StringComparison.Ordinal);
    }

    // The kernel's default for a tmpfs, as with runc; the directories that were made are 0755.
    [Fact]
    public void A_tmpfs_on_a_directory_that_was_missing_is_open_to_all()
    {
        Bundle bundle = NewBundle().Mount("/made/for/it", "tmpfs", "tmpfs", "nosuid").Mount("/link/it", "tmpfs", "tmpfs");
        _ = Directory.CreateDirectory(bundle.Rootfs + "/real");
        _ = File.CreateSymbolicLink(bundle.Rootfs + "/link", "/real");

        Report inside = Probe(bundle, "stat", "/made/for/it", "stat", "/real/it", "stat", "/made/for");

        string[] modes = [.. inside.All("stat")];
        Assert.Contains("dir 1777 0 0", modes[0], StringComparison.Ordinal);
        Assert.Contains("dir 1777 0 0", modes[1], StringComparison.Ordinal);
        Assert.Contains("dir 0755 0 0", modes[2], StringComparison.Ordinal);
        Assert.Equal(0x1edu, (uint)File.GetUnixFileMode(bundle.Rootfs + "/made/for/it")); // 0755
    }

    [Fact]
    public void A_read_only_tmpfs_is_read_only_only_when_all_is_made()
    {
        Bundle bundle = NewBundle().Mount("/t", "tmpfs", "tmpfs", "ro").Mount("/t/inner", "tmpfs", "tmpfs");

        Report inside = Probe(bundle, "mounts", "open", "/t/x", "c", "open", "/t/inner/x", "c");

        Assert.Contains("ro", MountLine.At(inside, "/t").Options);
        Assert.Equal(["/t/x c EROFS", "/t/inner/x c ok"], inside.All("open"));
    }

    [Fact]
    public void Tmpcopyup_fills_the_tmpfs_with_what_it_covers()
    {
        Bundle bundle = NewBundle().Mount("/data", "tmpfs", "tmpfs", "tmpcopyup");
        string data = Directory.CreateDirectory(bundle.Rootfs + "/data").FullName;
        _ = Directory.CreateDirectory(data + "/sub");
        File.WriteAllText(data + "/sub/file", "covered");
        File.SetUnixFileMode(data + "/sub/file", (UnixFileMode)0x1a4); // 0644
        _ = Native.Check(Native.chown(data + "/sub/file", 7, 8), "chown");
        _ = File.CreateSymbolicLink(data + "/link", "sub/file");

        Report inside = Probe(bundle, "read", "/data/link", "stat", "/data/sub/file", "open", "/data/new", "c", "link", "/data/link");

        Assert.Equal(["covered", "sub/file"], inside.All("/data/link"));
        Assert.Contains("file 0644 7 8", inside["stat"], StringComparison.Ordinal);
        Assert.Equal("/data/new c ok", inside["open"]);
        Assert.False(File.Exists(data + "/new"));
    }

    [Fact]
    public void An_overlay_may_have_options_longer_than_the_mount_api_takes()
    {
        Require.FileSystem("overlay");
        string low = Directory.CreateDirectory(Temp + "/low" + new string('x', 150)).FullName;
        string lower = Directory.CreateDirectory(Temp + "/lower" + new string('y', 150)).FullName;
        File.WriteAllText(lower + "/file", "from below");
        Bundle bundle = NewBundle().Mount("/ov", "overlay", "overlay", "nosuid", "rnoexec", "private", $"lowerdir={low}:{lower}");

        Report inside = Probe(bundle, "read", "/ov/file", "mounts");

        Assert.Equal("from below", inside["/ov/file"]);
        MountLine mount = MountLine.At(inside, "/ov");
        Assert.Equal("overlay", mount.Type);
        Assert.Contains("nosuid", mount.Options);
        Assert.Contains("noexec", mount.Options);
    }

    [Fact]
    public void An_overlay_with_short_options_is_writable()
    {
        Require.FileSystem("overlay");
        Bundle bundle = NewBundle();
        using var scratch = new Scratch(bundle.Dir + "/s"); // upperdir and workdir: a file system overlay takes as upper layer
        foreach (string name in (string[])["l", "u", "w"])
        {
            _ = Directory.CreateDirectory($"{bundle.Dir}/s/{name}");
        }

        bundle.Mount("/ov", "overlay", "overlay", $"lowerdir={bundle.Dir}/s/l", $"upperdir={bundle.Dir}/s/u", $"workdir={bundle.Dir}/s/w");

        Assert.Equal("/ov/new c ok", Probe(bundle, "open", "/ov/new", "c")["open"]);
        Assert.True(File.Exists(bundle.Dir + "/s/u/new"));
    }

    [Fact]
    public void The_kernels_file_systems_are_the_containers_own()
    {
        Report inside = Probe(NewBundle(), "mounts", "link", "/proc/self", "stat", "/dev/pts/ptmx", "stat", "/dev/mqueue", "open", "/sys/x", "c");

        Assert.Equal("1", inside["/proc/self"]);
        Assert.Equal("proc", MountLine.At(inside, "/proc").Type);
        Assert.Equal("mqueue", MountLine.At(inside, "/dev/mqueue").Type);
        MountLine pts = MountLine.At(inside, "/dev/pts");
        Assert.Equal(["gid=5", "mode=620", "ptmxmode=666"], pts.Super[1..]);
        Assert.Equal(["rw", "nosuid", "noexec", "relatime"], pts.Options);
        Assert.StartsWith("/dev/pts/ptmx char 0666 0 0 5:2", inside.All("stat")[0], StringComparison.Ordinal);
        MountLine sys = MountLine.At(inside, "/sys");
        Assert.Equal("sysfs", sys.Type);
        Assert.Equal(["ro", "nosuid", "nodev", "noexec", "relatime"], sys.Options);
        Assert.Equal("/sys/x c EROFS", inside["open"]);
    }

    [Fact]
    public void Proc_options_are_passed()
    {
        Bundle bundle = NewBundle();
        bundle.Mounts[0]!["options"] = Bundle.Json("nosuid", "hidepid=2", "subset=pid");

        MountLine proc = MountLine.At(Probe(bundle.WithoutPaths(), "mounts"), "/proc");

        Assert.Contains("hidepid=invisible", proc.Super);
        Assert.Contains("subset=pid", proc.Super);
        Assert.Contains("nosuid", proc.Options);
    }

    [Fact]
    public void A_cgroup_mount_shows_the_containers_own_cgroup_in_every_hierarchy()
    {
        Report inside = Probe(NewBundle(), "mounts", "cgroup");

        MountLine[] hierarchies = [.. MountLine.All(inside).Where(line => line.Type is "cgroup" or "cgroup2")];
        Assert.NotEmpty(hierarchies);

        // `spec` gives a cgroup namespace on cgroup v2, whose root the container's cgroup is.
        if (Limit.IsUnified)
        {
            Assert.Equal("0::/", inside["cgroup"]);
        }

        Assert.All(hierarchies, line => Assert.EndsWith(Limit.IsUnified ? "/" : "/" + Id, line.Root, StringComparison.Ordinal));
        Assert.All(hierarchies, line => Assert.Equal(["ro", "nosuid", "nodev", "noexec", "relatime"], line.Options));
    }

    [Fact]
    public void An_unknown_file_system_is_named_with_what_to_do()
    {
        Bundle bundle = NewBundle().Mount("/x", "nosuchfs", "x");
        bundle.Write();

        _ = Fails("cannot prepare a file system of type 'nosuchfs' for '/x' (mounts[7]): no such device (ENODEV); hint:", "run", "--bundle", bundle.Dir, Id);
        Assert.False(Directory.Exists(bundle.Rootfs + "/x"), "the place of the mount was made and left behind");
    }
}
