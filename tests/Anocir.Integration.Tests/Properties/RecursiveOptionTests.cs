using System;
using System.IO;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Properties;

/// <summary>bind and rbind, and the r* options, on a source with a mount below it.</summary>
public sealed class RecursiveOptionTests : ContainerTest
{
    [Fact]
    public void Bind_leaves_the_mounts_below_behind_and_rbind_takes_them_along()
    {
        using var source = new MountedTree(Temp);
        Bundle bundle = NewBundle().Mount("/one", "bind", source.Path, "bind").Mount("/all", "bind", source.Path, "rbind");

        Report inside = Probe(bundle, "mounts", "stat", "/one/below/inner", "stat", "/all/below/inner");

        Assert.Equal("tmpfs", MountLine.At(inside, "/all/below").Type);
        Assert.DoesNotContain(MountLine.All(inside), line => line.Target == "/one/below");
        Assert.Equal("/one/below/inner !ENOENT", inside.All("stat")[0]);
        Assert.StartsWith("/all/below/inner file", inside.All("stat")[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ro", "ro", "rw")]
    [InlineData("rro", "ro", "ro")]
    [InlineData("nosuid", "nosuid", "-nosuid")]
    [InlineData("rnosuid", "nosuid", "nosuid")]
    [InlineData("noexec", "noexec", "-noexec")]
    [InlineData("rnoexec", "noexec", "noexec")]
    [InlineData("nodev", "nodev", "-nodev")]
    [InlineData("rnodev", "nodev", "nodev")]
    [InlineData("noatime", "noatime", "-noatime")]
    [InlineData("rnoatime", "noatime", "noatime")]
    [InlineData("rnodiratime", "nodiratime", "nodiratime")]
    [InlineData("rstrictatime", "-relatime", "-relatime")]
    [InlineData("rnosymfollow", "nosymfollow", "nosymfollow")]
    public void Only_recursive_options_reach_the_mounts_below(string option, string top, string below)
    {
        using var source = new MountedTree(Temp);
        Bundle bundle = NewBundle().Mount("/all", "bind", source.Path, "rbind", option);

        Report inside = Probe(bundle, "mounts");

        AssertHas(MountLine.At(inside, "/all"), top);
        AssertHas(MountLine.At(inside, "/all/below"), below);
    }

    [Fact]
    public void A_recursive_option_can_take_a_flag_of_the_host_away_and_the_host_keeps_it()
    {
        using var source = new MountedTree(Temp, "noexec");
        Bundle bundle = NewBundle().Mount("/all", "bind", source.Path, "rbind", "rexec");

        Report inside = Probe(bundle, "mounts");

        AssertHas(MountLine.At(inside, "/all/below"), "-noexec");
        Assert.Contains("noexec", source.BelowOnTheHost().Options);
    }

    [Fact]
    public void A_flag_of_the_host_stays_below_a_bind_and_on_one_without_options_and_the_host_keeps_it()
    {
        using var source = new MountedTree(Temp, "noexec");
        Bundle bundle = NewBundle()
            .Mount("/plain", "bind", source.Path + "/below", "bind")
            .Mount("/ro", "bind", source.Path + "/below", "bind", "ro")
            .Mount("/tree", "bind", source.Path, "rbind", "ro");

        Report inside = Probe(bundle, "mounts");

        AssertHas(MountLine.At(inside, "/plain"), "noexec");
        AssertHas(MountLine.At(inside, "/ro"), "-noexec"); // as with runc and crun
        AssertHas(MountLine.At(inside, "/ro"), "ro");
        AssertHas(MountLine.At(inside, "/tree/below"), "noexec");
        AssertHas(MountLine.At(inside, "/tree/below"), "-ro");
        Assert.Contains("noexec", source.BelowOnTheHost().Options);
    }

    private static void AssertHas(MountLine mount, string option)
    {
        bool absent = option[0] == '-';
        Assert.True(
            (Array.IndexOf(mount.Options, absent ? option[1..] : option) >= 0) != absent,
            $"{mount.Target}: expected {option}, got {string.Join(',', mount.Options)}");
    }

    /// <summary>A directory with a tmpfs mounted on its subdirectory <c>below</c>, which holds the file <c>inner</c>.</summary>
    private sealed class MountedTree : IDisposable
    {
        private const nuint NoExec = 8;

        public MountedTree(string temp, string option = "")
        {
            Path = Directory.CreateDirectory(temp + "/tree").FullName;
            string below = Directory.CreateDirectory(Path + "/below").FullName;
            _ = Native.Check(Native.mount("tree", below, "tmpfs", option == "noexec" ? NoExec : 0, null), "mount");
            File.WriteAllText(below + "/inner", "");
        }

        public string Path { get; }

        public MountLine BelowOnTheHost() =>
            Array.Find(Array.ConvertAll(File.ReadAllLines("/proc/self/mountinfo"), MountLine.Parse), line => line.Target == Path + "/below")!;

        public void Dispose() => _ = Native.umount2(Path + "/below", 2);
    }
}
