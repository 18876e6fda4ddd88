using System;
using System.IO;
using System.Text.Json.Nodes;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Properties;

/// <summary>Binds: sources, targets that are made, remounts.</summary>
public sealed class BindMountTests : ContainerTest
{
    [Fact]
    public void A_file_is_bound_on_a_file_made_for_it()
    {
        File.WriteAllText(Temp + "/file", "from the host");
        Bundle bundle = NewBundle().Mount("/new/dir/file", "bind", Temp + "/file", "bind", "ro");

        Report inside = Probe(bundle, "read", "/new/dir/file", "stat", "/new", "stat", "/new/dir", "open", "/new/dir/file", "w");

        Assert.Equal("from the host", inside["/new/dir/file"]);
        Assert.Contains("dir 0755 0 0", inside.All("stat")[0], StringComparison.Ordinal);
        Assert.Contains("dir 0755 0 0", inside.All("stat")[1], StringComparison.Ordinal);
        Assert.Equal("/new/dir/file w EROFS", inside["open"]);
        Assert.Equal(0, new FileInfo(bundle.Rootfs + "/new/dir/file").Length);
        Assert.Equal(0x1a4u, (uint)File.GetUnixFileMode(bundle.Rootfs + "/new/dir/file")); // 0644
    }

    [Fact]
    public void What_the_source_is_mounted_with_stays_only_without_options_of_the_bind()
    {
        Bundle bundle = NewBundle();
        string first = Directory.CreateDirectory(bundle.Rootfs + "/first").FullName;
        bundle.Mount("/first", "bind", Directory.CreateDirectory(Temp + "/source").FullName, "bind", "ro", "nosuid", "nodev", "noexec", "noatime")
            .Mount("/plain", "bind", first, "bind")
            .Mount("/private", "bind", first, "rbind", "rprivate")
            .Mount("/rw", "bind", first, "rbind", "rw")
            .Mount("/nosuid", "bind", first, "bind", "nosuid", "private")
            .Mount("/times", "bind", first, "bind", "strictatime")
            .Mount("/all", "bind", first, "rbind", "rnosymfollow");

        Report inside = Probe(bundle, "mounts");

        Assert.All(["/plain", "/private"], place => Assert.Equal("ro,nosuid,nodev,noexec,noatime", Options(place)));
        Assert.Equal(("rw,noatime", "rw,nosuid,noatime", "rw"), (Options("/rw"), Options("/nosuid"), Options("/times")));
        Assert.Equal("ro,nosuid,nodev,noexec,noatime,nosymfollow", Options("/all"));

        string Options(string place) => string.Join(',', MountLine.At(inside, place).Options);
    }

    [Fact]
    public void Symlinks_are_followed_mounted_or_made_again_as_the_options_say()
    {
        File.WriteAllText(Temp + "/file", "from the host");
        _ = File.CreateSymbolicLink(Temp + "/link", "/else/where");
        Bundle bundle = NewBundle()
            .Mount("/followed", "bind", Temp + "/file", "bind")
            .Mount("/itself", "bind", Temp + "/file", "bind", "dest-nofollow")
            .Mount("/made/source", "bind", Temp + "/link", "bind", "src-nofollow")
            .Mount("/made/copy", "bind", Temp + "/link", "bind", "copy-symlink", "ro")
            .Mount("/made/file", "bind", Temp + "/file", "bind", "copy-symlink")
            .Shell("cat /followed; echo; cat /itself; echo; readlink /made/source; readlink /made/copy; cat /made/file; echo; cat /old1; cat /old2");
        File.WriteAllText(bundle.Rootfs + "/old1", "");
        File.WriteAllText(bundle.Rootfs + "/old2", "of the image");
        _ = File.CreateSymbolicLink(bundle.Rootfs + "/followed", "/old1");
        _ = File.CreateSymbolicLink(bundle.Rootfs + "/itself", "/old2");
        bundle.Write();

        CliResult result = Ok("run", "--bundle", bundle.Dir, Id);

        Assert.Equal(
            "from the host\nfrom the host\n/else/where\n/else/where\nfrom the host\nfrom the hostof the image", result.Stdout);
        Assert.Equal("", result.Stderr);
        Assert.Equal("/else/where", new FileInfo(bundle.Rootfs + "/made/copy").LinkTarget);
    }

    [Fact]
    public void A_symlink_is_not_made_again_over_something_else()
    {
        _ = File.CreateSymbolicLink(Temp + "/link", "/else/where");
        Bundle bundle = NewBundle().Mount("/link", "bind", Temp + "/link", "bind", "copy-symlink").Args("/bin/true");
        _ = File.CreateSymbolicLink(bundle.Rootfs + "/link", "/old");
        bundle.Write();

        _ = Fails("'/link' (mounts[", "run", "--bundle", bundle.Dir, Id);
    }

    [Fact]
    public void A_relative_source_starts_at_the_bundle()
    {
        Bundle bundle = NewBundle().Mount("/d", "bind", "data", "bind");
        _ = Directory.CreateDirectory(bundle.Dir + "/data");
        File.WriteAllText(bundle.Dir + "/data/file", "relative");

        Assert.Equal("relative", Probe(bundle, "read", "/d/file")["/d/file"]);
    }

    [Fact]
    public void A_relative_destination_starts_at_the_root_with_a_warning()
    {
        Bundle bundle = NewBundle().Mount("some/place", "tmpfs", "tmpfs").Probe("mounts");
        bundle.Write();

        CliResult result = Ok("run", "--bundle", bundle.Dir, Id);

        Assert.Contains("relative path \\\"some/place\\\" is deprecated", result.Stderr, StringComparison.Ordinal);
        Assert.Equal("tmpfs", MountLine.At(new Report(result.Stdout), "/some/place").Type);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Source_and_destination_may_be_paths_of_the_host_below_the_root(bool userNamespace)
    {
        // The source lies on an earlier mount of the same container.
        string data = Directory.CreateDirectory(Temp + "/data").FullName;
        File.WriteAllText(data + "/file", "of the earlier mount");
        Bundle bundle = NewBundle();
        _ = Directory.CreateDirectory(bundle.Rootfs + "/first");
        _ = Directory.CreateDirectory(bundle.Rootfs + "/second");
        bundle.Mount("/first", "bind", data, "bind").Mount(bundle.Rootfs + "/second", "bind", bundle.Rootfs + "/first", "rbind");
        if (userNamespace)
        {
            bundle.UserNamespace();
        }

        Report inside = Probe(bundle, "read", "/second/file", "mounts");

        Assert.Equal("of the earlier mount", inside["/second/file"]);
        Assert.EndsWith("/data", MountLine.At(inside, "/second").Root, StringComparison.Ordinal); // a tmpfs counts from its own root
    }

    [Fact]
    public void A_destination_written_as_a_path_of_the_host_is_judged_by_what_it_means()
    {
        Bundle bundle = NewBundle();
        bundle.Mount(bundle.Rootfs + "/proc/sys", "tmpfs", "tmpfs").Write();

        _ = Fails("\"/proc/sys\" cannot be mounted because it is inside /proc", "run", "--bundle", bundle.Dir, Id);
    }

    [Theory]
    [InlineData("bind")]
    [InlineData("bind", "idmap")]
    [InlineData("rbind", "ridmap")]
    public void A_bind_with_mappings_is_idmapped_with_or_without_the_option(params string[] options)
    {
        Require.IdMappedMounts();
        Bundle bundle = NewBundle().Mount("/b", "bind", Directory.CreateDirectory(Temp + "/source").FullName, options);
        File.WriteAllText(Temp + "/source/file", "");
        JsonNode mount = bundle.Config["mounts"]!.AsArray()[^1]!;
        foreach (string property in (string[])["uidMappings", "gidMappings"])
        {
            mount[property] = JsonNode.Parse("""[{"containerID":0,"hostID":70000,"size":10}]""");
        }

        Assert.Contains("70000 70000", Probe(bundle, "stat", "/b/file")["stat"], StringComparison.Ordinal);
    }

    [Fact]
    public void Type_bind_alone_is_a_bind()
    {
        Bundle bundle = NewBundle().Mount("/b", "bind", Directory.CreateDirectory(Temp + "/source").FullName);

        // A mount's root counts from the root of its file system, which /tmp may be.
        Assert.EndsWith(Path.GetFileName(Temp) + "/source", MountLine.At(Probe(bundle, "mounts"), "/b").Root, StringComparison.Ordinal);
    }

    [Fact]
    public void Remount_with_bind_changes_only_the_mount()
    {
        Bundle bundle = NewBundle().Mount("/b", "bind", Directory.CreateDirectory(Temp + "/source").FullName, "bind");
        bundle.Mount("/b", "none", "", "remount", "bind", "ro", "nosuid");

        Report inside = Probe(bundle, "mounts", "open", "/b/file", "c");

        Assert.Equal(["ro", "nosuid", "relatime"], MountLine.At(inside, "/b").Options);
        Assert.Contains("rw", MountLine.At(inside, "/b").Super);
        Assert.Equal("/b/file c EROFS", inside["open"]);
    }

    [Fact]
    public void Remount_without_bind_changes_the_file_system()
    {
        Bundle bundle = NewBundle().Mount("/t", "tmpfs", "tmpfs", "size=64k").Mount("/t", "tmpfs", "tmpfs", "remount", "size=128k", "nosuid");

        MountLine mount = MountLine.At(Probe(bundle, "mounts"), "/t");

        Assert.Contains("size=128k", mount.Super);
        Assert.Contains("nosuid", mount.Options);
    }

    [Fact]
    public void Mounts_are_made_in_the_order_of_the_config()
    {
        Bundle bundle = NewBundle().Mount("/a", "tmpfs", "first").Mount("/a/b", "tmpfs", "second").Mount("/a", "tmpfs", "third");

        Report inside = Probe(bundle, "mounts", "stat", "/a/b");

        Assert.Equal(["first", "second", "third"],
            [.. Array.ConvertAll(Array.FindAll(MountLine.All(inside), line => line.Target is "/a" or "/a/b"), line => line.Source)]);
        Assert.Equal("/a/b !ENOENT", inside["stat"]);
    }

    [Theory]
    [InlineData("/no/such/source", "cannot open mount source '/no/such/source' for '/b' (mounts[7]): no such file or directory (ENOENT)")]
    public void A_missing_source_is_named(string source, string message)
    {
        Bundle bundle = NewBundle().Mount("/b", "bind", source, "bind");
        bundle.Write();

        _ = Fails(message, "run", "--bundle", bundle.Dir, Id);
    }

    [Theory]
    [InlineData("file", "/etc")]
    [InlineData("directory", "/etc/passwd")]
    public void A_file_on_a_directory_and_the_reverse_fail(string kind, string destination)
    {
        File.WriteAllText(Temp + "/file", "");
        _ = Directory.CreateDirectory(Temp + "/directory");
        Bundle bundle = NewBundle().Mount(destination, "bind", $"{Temp}/{kind}", "bind");
        bundle.Write();

        _ = Fails($"'{destination}' (mounts[7])", "run", "--bundle", bundle.Dir, Id);
    }
}
