using System;
using System.IO;
using System.Linq;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Properties;

/// <summary>linux.devices, and the devices and links that every container has (config-linux.md "Devices", "Default Devices").</summary>
[Trait("Lane", "every")]
public sealed class DeviceTests : ContainerTest
{
    [Theory]
    [InlineData("""{"path":"/dev/d","type":"c","major":1,"minor":3}""", "/dev/d char 0666 0 0 1:3")]
    [InlineData("""{"path":"/dev/d","type":"u","major":1,"minor":3,"fileMode":384,"uid":7,"gid":8}""", "/dev/d char 0600 7 8 1:3")]
    [InlineData("""{"path":"/dev/d","type":"b","major":259,"minor":1048575,"fileMode":25008}""", "/dev/d block 0660 0 0 259:1048575")] // a whole st_mode
    [InlineData("""{"path":"/dev/d","type":"p","fileMode":493,"uid":1000}""", "/dev/d fifo 0755 1000 0 0:0")]
    [InlineData("""{"path":"/dev/d","type":"p","major":1,"minor":3}""", "/dev/d fifo 0666 0 0 0:0")]
    [InlineData("""{"path":"/dev/new/dir/d","type":"c","major":1,"minor":5}""", "/dev/new/dir/d char 0666 0 0 1:5")]
    [InlineData("""{"path":"/etc/outside/d","type":"c","major":1,"minor":5,"fileMode":511}""", "/etc/outside/d char 0777 0 0 1:5")]
    [InlineData("""{"path":"/dev/zero","type":"c","major":1,"minor":3,"fileMode":256}""", "/dev/zero char 0400 0 0 1:3")] // wins over the default one
    public void A_device_is_what_its_entry_says_whatever_the_umask(string json, string expected)
    {
        Bundle bundle = NewBundle().Linux("devices", $"[{json}]").Probe("stat", expected[..expected.IndexOf(' ', StringComparison.Ordinal)]);
        bundle.Write();

        CliResult result = Anocir(new SpawnOptions { Launch = ["umask=077"] }, "run", "--bundle", bundle.Dir, Id);

        Assert.Equal((0, ""), (result.Code, result.Stderr));
        Assert.StartsWith(expected + " ", new Report(result.Stdout)["stat"], StringComparison.Ordinal);
    }

    [Fact]
    public void The_directories_made_for_a_device_are_open_to_all()
    {
        Bundle bundle = NewBundle().Linux("devices", """[{"path":"/dev/new/dir/d","type":"c","major":1,"minor":3}]""");

        string[] made = Probe(bundle, "stat", "/dev/new", "stat", "/dev/new/dir").All("stat");

        Assert.All(made, line => Assert.Contains(" dir 0755 0 0 ", line, StringComparison.Ordinal));
    }

    [Fact]
    public void A_node_of_the_image_that_matches_stays_as_it_is()
    {
        Bundle bundle = NewBundle().Linux("devices", """[{"path":"/node","type":"c","major":1,"minor":3,"fileMode":438,"uid":5,"gid":6}]""");
        MakeNode(bundle.Rootfs + "/node", 0x2180, 0x103); // char 0600 1:3

        Assert.StartsWith("/node char 0600 0 0 1:3 ", Probe(bundle, "stat", "/node")["stat"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0x2180u, 0x105u)] // char 1:5
    [InlineData(0x6180u, 0x103u)] // block 1:3
    [InlineData(0x8180u, 0u)] // file
    public void Another_file_in_its_place_is_an_error_and_stays(uint mode, uint numbers)
    {
        Bundle bundle = NewBundle().Linux("devices", """[{"path":"/node","type":"c","major":1,"minor":3}]""");
        MakeNode(bundle.Rootfs + "/node", mode, numbers);
        bundle.Write();

        _ = Fails("cannot create device 'node' for '/node' (linux.devices[0]): file exists (EEXIST)", "run", "--bundle", bundle.Dir, Id);
        Assert.True(File.Exists(bundle.Rootfs + "/node"));
    }

    [Fact]
    public void Every_container_has_the_default_devices_and_links()
    {
        string[] devices = ["null 1:3", "zero 1:5", "full 1:7", "random 1:8", "urandom 1:9", "tty 5:0"];
        string[] links = ["fd /proc/self/fd", "stdin /proc/self/fd/0", "stdout /proc/self/fd/1", "stderr /proc/self/fd/2", "ptmx pts/ptmx"];
        Bundle bundle = NewBundle();
        if (File.Exists("/proc/kcore"))
        {
            links = [.. links, "core /proc/kcore"];
        }

        Report inside = Probe(bundle, [
            .. devices.SelectMany(device => (string[])["stat", "/dev/" + device.Split(' ')[0]]),
            .. links.SelectMany(link => (string[])["link", "/dev/" + link.Split(' ')[0]]),
            "open", "/dev/null", "w", "open", "/dev/zero", "r", "open", "/dev/full", "w", "open", "/dev/random", "r", "open", "/dev/urandom", "r",
            "pty"]);

        Assert.All(devices, device => Assert.Contains(
            inside.All("stat"), line => line.StartsWith($"/dev/{device.Split(' ')[0]} char 0666 0 0 {device.Split(' ')[1]} ", StringComparison.Ordinal)));
        Assert.All(links, link => Assert.Equal(link.Split(' ')[1], inside["/dev/" + link.Split(' ')[0]]));
        Assert.All(inside.All("open"), line => Assert.EndsWith(" ok", line, StringComparison.Ordinal));
        Assert.StartsWith("/dev/pts/0 char 0620 0 5 136:0 ", inside.All("stat")[^1], StringComparison.Ordinal); // gid=5,mode=0620 of its devpts
    }

    [Fact]
    public void The_images_own_links_stay_but_not_its_ptmx()
    {
        Bundle bundle = NewBundle();
        bundle.Mounts.RemoveAt(1); // without the tmpfs the image's /dev is seen
        _ = File.CreateSymbolicLink(bundle.Rootfs + "/dev/stdin", "elsewhere");
        File.WriteAllText(bundle.Rootfs + "/dev/ptmx", "");

        Report inside = Probe(bundle.Writable(), "link", "/dev/stdin", "link", "/dev/stdout", "link", "/dev/ptmx", "stat", "/dev/null");

        Assert.Equal(("elsewhere", "/proc/self/fd/1", "pts/ptmx"), (inside["/dev/stdin"], inside["/dev/stdout"], inside["/dev/ptmx"]));
        Assert.StartsWith("/dev/null char 0666", inside["stat"], StringComparison.Ordinal);
    }

    /// <summary>
    /// Engines name all of the host's nodes (--privileged). A ptmx that is bound from the host opens the host's devpts, from where terminals of
    /// others can be reached.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Ptmx_stays_the_link_to_the_containers_own(bool userNamespace)
    {
        Bundle bundle = NewBundle().Linux(
            "devices",
            """[{"path":"/dev/ptmx","type":"c","major":5,"minor":2,"fileMode":438},{"path":"/dev/a//b/../fifo/","type":"p","fileMode":416}]""");
        if (userNamespace)
        {
            Require.UserNamespaces();
            _ = bundle.UserNamespace();
        }

        Report inside = Probe(bundle, "link", "/dev/ptmx", "stat", "/dev/a/fifo", "pty");

        Assert.Equal("pts/ptmx", inside["/dev/ptmx"]);
        Assert.StartsWith("/dev/a/fifo fifo 0640 ", inside.All("stat")[0], StringComparison.Ordinal);
        Assert.StartsWith("/dev/pts/0 char ", inside.All("stat")[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_bound_dev_is_left_alone()
    {
        string dev = Directory.CreateDirectory(Temp + "/dev").FullName;
        Bundle bundle = NewBundle().Linux("devices", """[{"path":"/dev/d","type":"p"}]""");
        bundle.Mounts.Clear();
        bundle.Mount("/proc", "proc", "proc").Mount("/dev", "bind", dev, "rbind");

        _ = Probe(bundle, "ids");

        Assert.Empty(Directory.GetFileSystemEntries(dev));
    }

    [Fact]
    public void In_a_user_namespace_the_hosts_nodes_are_bound()
    {
        Require.UserNamespaces();
        Bundle bundle = NewBundle().UserNamespace().Linux(
            "devices",
            """[{"path":"/dev/kmsg","type":"c","major":1,"minor":11,"fileMode":420},{"path":"/dev/fifo","type":"p","fileMode":416,"uid":9}]""");

        Report inside = Probe(bundle, "mounts", "stat", "/dev/null", "stat", "/dev/kmsg", "stat", "/dev/fifo", "open", "/dev/null", "w");

        Assert.Equal("/null", MountLine.At(inside, "/dev/null").Root);
        Assert.StartsWith("/dev/null char 0666 65534 65534 1:3 ", inside.All("stat")[0], StringComparison.Ordinal); // the host's root is unmapped
        Assert.Contains(" 1:11 ", inside.All("stat")[1], StringComparison.Ordinal);
        Assert.StartsWith("/dev/fifo fifo 0640 9 0 ", inside.All("stat")[2], StringComparison.Ordinal);
        Assert.Equal("/dev/null w ok", inside["open"]);
    }

    [Fact]
    public void In_a_user_namespace_a_node_the_host_does_not_have_is_named()
    {
        Require.UserNamespaces();
        Bundle bundle = NewBundle().UserNamespace().Linux("devices", """[{"path":"/dev/no-such-node","type":"c","major":1,"minor":3}]""");
        bundle.Write();

        _ = Fails(
            "cannot open mount source '/dev/no-such-node' (linux.devices[0]): no such file or directory (ENOENT)", "run", "--bundle", bundle.Dir, Id);
    }

    private static void MakeNode(string path, uint mode, nuint numbers) => _ = Native.Check(Native.mknod(path, mode, numbers), "mknod");
}
