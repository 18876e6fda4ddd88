using Anocir.Runtime.Cgroups.Systemd;
using Anocir.Runtime.Errors;
using Xunit;

namespace Anocir.Runtime.Tests.Cgroups.Systemd;

public sealed class ScopeNameTests
{
    [Theory]
    [InlineData(null, false, "anocir-web.scope", "system.slice", "/system.slice")]
    [InlineData("", true, "anocir-web.scope", "user.slice", "/user.slice")]
    [InlineData("::x", false, "-x.scope", "system.slice", "/system.slice")]
    [InlineData("machine.slice:libpod:12ab", false, "libpod-12ab.scope", "machine.slice", "/machine.slice")]
    [InlineData("a-b-c.slice:p:n", true, "p-n.scope", "a-b-c.slice", "/a.slice/a-b.slice/a-b-c.slice")]
    [InlineData("-.slice:p:n", false, "p-n.scope", "-.slice", "/")]
    [InlineData(":p:x.slice", false, "x.slice", "system.slice", "/system.slice")]
    public void A_path_names_slice_and_unit(string? path, bool isUser, string unit, string slice, string slicePath) =>
        Assert.Equal(new ScopeName(unit, slice, slicePath), ScopeName.Parse(path, "web", isUser));

    [Theory]
    [InlineData("/a/b", "expected cgroupsPath to be of format \"slice:prefix:name\" for systemd cgroups, got \"/a/b\" instead")]
    [InlineData("a:b", "expected cgroupsPath to be of format \"slice:prefix:name\" for systemd cgroups, got \"a:b\" instead")]
    [InlineData("a:b:c:d", "expected cgroupsPath to be of format \"slice:prefix:name\" for systemd cgroups, got \"a:b:c:d\" instead")]
    [InlineData("a:b:c", "invalid slice name: 'a'; hint: a name such as a-b.slice, without slashes and double dashes")]
    [InlineData("a--b.slice:p:n", "invalid slice name: 'a--b.slice'; hint: a name such as a-b.slice, without slashes and double dashes")]
    [InlineData("-a.slice:p:n", "invalid slice name: '-a.slice'; hint: a name such as a-b.slice, without slashes and double dashes")]
    [InlineData("a/b.slice:p:n", "invalid slice name: 'a/b.slice'; hint: a name such as a-b.slice, without slashes and double dashes")]
    [InlineData(".slice:p:n", "invalid slice name: '.slice'; hint: a name such as a-b.slice, without slashes and double dashes")]
    public void A_wrong_path_is_named(string path, string message)
    {
        var e = Assert.Throws<ContainerException>(() => ScopeName.Parse(path, "web", false));
        Assert.Equal("invalid config: linux.cgroupsPath: " + message, e.Message);
    }

    [Fact]
    public void A_name_that_no_unit_can_have_is_named()
    {
        var e = Assert.Throws<ContainerException>(() => ScopeName.Parse(null, "a+b", false));
        Assert.Equal("cannot name a systemd unit 'anocir-a+b.scope': '+' is not allowed; hint: choose the name with linux.cgroupsPath slice:prefix:name", e.Message);
        e = Assert.Throws<ContainerException>(() => ScopeName.Parse(null, new string('a', 300), false));
        Assert.Equal("cannot name a systemd unit 'anocir-aaaaaaaaaaaaaaaaaaaaaaaaa…': 313 characters, 255 are possible", e.Message);
    }

    [Theory]
    [InlineData("252.39-1~deb12u2", 252)]
    [InlineData("v245-rc1", 245)]
    [InlineData("257", 257)]
    [InlineData("", 0)]
    [InlineData("unknown", 0)]
    public void A_version_is_its_first_number(string text, int version) => Assert.Equal(version, UnitState.ParseVersion(text));
}
