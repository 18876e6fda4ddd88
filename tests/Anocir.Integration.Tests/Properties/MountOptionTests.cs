using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Properties;

/// <summary>Every word of the option table (config.md "Mounts", mount(8)), on a bind and on a new file system.</summary>
public sealed class MountOptionTests : ContainerTest
{
    // option: what the mount's own options must be, and must have been without it
    private static readonly Dictionary<string, string> s_attributes = new()
    {
        ["ro"] = "ro,relatime", ["rw"] = "rw,relatime", ["nosuid"] = "rw,nosuid,relatime", ["suid"] = "rw,relatime",
        ["nodev"] = "rw,nodev,relatime", ["dev"] = "rw,relatime", ["noexec"] = "rw,noexec,relatime", ["exec"] = "rw,relatime",
        ["noatime"] = "rw,noatime", ["atime"] = "rw,relatime", ["nodiratime"] = "rw,nodiratime,relatime", ["diratime"] = "rw,relatime",
        ["relatime"] = "rw,relatime", ["norelatime"] = "rw,relatime", ["strictatime"] = "rw", ["nostrictatime"] = "rw,relatime",
        ["nosymfollow"] = "rw,relatime,nosymfollow", ["symfollow"] = "rw,relatime", ["defaults"] = "rw,relatime",
    };

    public static TheoryData<string, string> Attributes()
    {
        var data = new TheoryData<string, string>();
        foreach ((string option, string expected) in s_attributes)
        {
            data.Add(option, expected);
            if (option != "defaults")
            {
                data.Add("r" + option, expected);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Attributes))]
    public void An_attribute_shows_on_a_bind_and_on_a_tmpfs(string option, string expected)
    {
        Bundle bundle = NewBundle().Mount("/t", "tmpfs", "tmpfs", option);
        bundle.Mount("/b", "bind", Directory.CreateDirectory(Temp + "/source").FullName, "bind", option);

        Report inside = Probe(bundle, "mounts");

        Assert.Equal(expected, string.Join(',', MountLine.At(inside, "/t").Options));
        Assert.Equal(expected, string.Join(',', MountLine.At(inside, "/b").Options));
    }

    [Theory]
    [InlineData("ro,rw", "rw,relatime")]
    [InlineData("rw,ro", "ro,relatime")]
    [InlineData("nosuid,nodev,noexec,suid", "rw,nodev,noexec,relatime")]
    [InlineData("noatime,atime", "rw,relatime")]
    [InlineData("noatime,strictatime,nostrictatime", "rw,noatime")]
    [InlineData("noatime,strictatime", "rw")] // these three: mount(2) weighs its flags, the order says nothing
    [InlineData("strictatime,noatime", "rw")]
    [InlineData("noatime,relatime", "rw,noatime")]
    [InlineData("strictatime,nodiratime", "rw,nodiratime")]
    public void The_later_of_two_options_counts(string options, string expected)
    {
        Bundle bundle = NewBundle().Mount("/t", "tmpfs", "tmpfs", options.Split(','));
        bundle.Mount("/b", "bind", Directory.CreateDirectory(Temp + "/source").FullName, ["bind", .. options.Split(',')]);

        Report inside = Probe(bundle, "mounts");

        Assert.Equal(expected, string.Join(',', MountLine.At(inside, "/t").Options));
        Assert.Equal(expected, string.Join(',', MountLine.At(inside, "/b").Options));
    }

    [Theory]
    [InlineData("sync", "sync")]
    [InlineData("dirsync", "dirsync")]
    [InlineData("mand", "mand")]
    [InlineData("lazytime", "lazytime")]
    [InlineData("async", "")]
    [InlineData("nomand", "")]
    [InlineData("nolazytime", "")]
    [InlineData("silent", "")]
    [InlineData("loud", "")]
    [InlineData("iversion", "")]
    [InlineData("noiversion", "")]
    public void A_flag_of_the_file_system_shows_in_its_superblock(string option, string shown)
    {
        string[] super = MountLine.At(Probe(NewBundle().Mount("/t", "tmpfs", "tmpfs", option), "mounts"), "/t").Super;

        foreach (string flag in (string[])["sync", "dirsync", "mand", "lazytime"])
        {
            Assert.Equal(flag == shown, Array.IndexOf(super, flag) >= 0);
        }
    }

    [Theory]
    [InlineData("private", "")]
    [InlineData("rprivate", "")]
    [InlineData("shared", "shared:")]
    [InlineData("rshared", "shared:")]
    [InlineData("slave", "master:")]
    [InlineData("rslave", "master:")]
    [InlineData("unbindable", "unbindable")]
    [InlineData("runbindable", "unbindable")]
    public void A_bind_gets_the_propagation_it_asks_for(string option, string expected)
    {
        // The fixture's mounts are shared, so there is a master to be a slave of.
        Bundle bundle = NewBundle().Mount("/b", "bind", Directory.CreateDirectory(Temp + "/source").FullName, "bind", option);

        string[] seen = MountLine.At(Probe(bundle, "mounts"), "/b").Propagation;

        if (expected.Length == 0)
        {
            Assert.Empty(seen);
        }
        else
        {
            Assert.StartsWith(expected, seen[0], StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_word_nobody_knows_goes_to_the_file_system_whose_own_words_are_reported()
    {
        Bundle bundle = NewBundle().Mount("/t", "tmpfs", "tmpfs", "nosuid", "nosuchoption=1");
        bundle.Write();

        _ = Fails("cannot configure mount 'nosuchoption=1' for '/t' (mounts[7]): invalid argument (EINVAL): tmpfs: Unknown parameter 'nosuchoption'",
            "run", "--bundle", bundle.Dir, Id);
    }

    /// <summary>Beyond 255 bytes a text goes by mount(2), whose mount is only reached afterwards; all the rest is as ever.</summary>
    [Fact]
    public void A_source_too_long_for_the_mount_api_changes_nothing_else()
    {
        string letters = new('é', 200); // 400 bytes
        string source = new('x', 300);
        Bundle bundle = NewBundle()
            .Mount("/link", "tmpfs", letters, "ro", "rnosuid", "noexec", "shared", "tmpcopyup")
            .Mount("/data", "tmpfs", source, "mode=755"); // ends in /dev, on top of the tmpfs there
        _ = Directory.CreateDirectory(bundle.Rootfs + "/place");
        File.WriteAllText(bundle.Rootfs + "/place/file", "image");
        _ = File.CreateSymbolicLink(bundle.Rootfs + "/link", "/place");
        _ = File.CreateSymbolicLink(bundle.Rootfs + "/data", "/dev");

        Report inside = Probe(bundle, "mounts", "read", "/place/file", "open", "/place/new", "c", "stat", "/dev/null", "link", "/dev/ptmx", "open", "/dev/null", "w");

        MountLine place = MountLine.At(inside, "/place");
        Assert.Equal(("tmpfs", letters, "ro,nosuid,noexec,relatime"), (place.Type, place.Source, string.Join(',', place.Options)));
        Assert.StartsWith("shared:", Assert.Single(place.Propagation), StringComparison.Ordinal);
        Assert.Equal("image", inside["/place/file"].Trim());
        Assert.Equal(["/place/new c EROFS", "/dev/null w ok"], inside.All("open"));
        Assert.Equal(source, MountLine.All(inside).Last(line => line.Target == "/dev").Source);
        Assert.StartsWith("/dev/null char 0666 0 0 1:3 ", inside["stat"], StringComparison.Ordinal);
        Assert.Equal("pts/ptmx", inside["/dev/ptmx"]);
    }
}
