using Anocir.Runtime.Validation;
using Xunit;

namespace Anocir.Runtime.Tests.Validation;

public sealed class NamespaceChecksTests
{
    private const string User = """{"type":"user"}""";
    private const string Map = """[{"containerID":0,"hostID":1000,"size":10}]""";

    [Theory]
    [InlineData("linux/namespaces/-", """{"type":"pid"}""", "linux.namespaces[5].type: malformed spec file: duplicated ns \"pid\"")]
    [InlineData("linux/namespaces/-", """{"type":"user","path":"x"}""", "linux.namespaces[5].path: must be an absolute path, got \"x\"")]
    [InlineData("linux/namespaces/-", User,
        "linux.namespaces: user namespaces enabled, but no namespace path to join nor mappings to apply specified")]
    [InlineData("linux/uidMappings", Map,
        "linux.uidMappings: user namespace mappings specified, but user namespace isn't enabled in the config")]
    [InlineData("linux/gidMappings", Map,
        "linux.gidMappings: user namespace mappings specified, but user namespace isn't enabled in the config")]
    [InlineData("linux/namespaces/3", """{"type":"cgroup"}""", "hostname: unable to set hostname without a private UTS namespace")]
    [InlineData("linux/namespaces/4", """{"type":"cgroup"}""",
        "linux.maskedPaths: unable to restrict sys entries without a private MNT namespace")]
    [InlineData("linux/timeOffsets", """{"monotonic":{"secs":1}}""",
        "linux.timeOffsets: time namespace offsets specified, but time namespace isn't enabled in the config")]
    public void WrongValueIsRefused(string path, string value, string message) =>
        Assert.Equal(message, TestConfig.Refused(path, value));

    [Fact]
    public void DomainNameNeedsANamespace() =>
        Assert.Equal(
            "domainname: unable to set domainname without a private UTS namespace",
            TestConfig.Refused("hostname", "", "domainname", "\"x\"", "linux/namespaces/3", """{"type":"cgroup"}"""));

    [Fact]
    public void ReadonlyPathsNeedANamespace() =>
        Assert.Equal(
            "linux.readonlyPaths: unable to restrict sys entries without a private MNT namespace",
            TestConfig.Refused("linux/maskedPaths", "", "linux/namespaces/4", """{"type":"cgroup"}"""));

    [Theory]
    [InlineData("""[{"containerID":0,"hostID":1000,"size":0}]""", "linux.uidMappings[0].size: must be at least 1")]
    [InlineData("""[{"containerID":0,"hostID":4294967290,"size":10}]""",
        "linux.uidMappings[0].size: must end below ID 4294967295, got 10")]
    [InlineData("""[{"containerID":0,"hostID":1000,"size":10},{"containerID":9,"hostID":5000,"size":1}]""",
        "linux.uidMappings[1]: must not overlap linux.uidMappings[0]")]
    [InlineData("""[{"containerID":0,"hostID":1000,"size":10},{"containerID":20,"hostID":995,"size":10}]""",
        "linux.uidMappings[1]: must not overlap linux.uidMappings[0]")]
    [InlineData("""[{"containerID":1,"hostID":1000,"size":10}]""",
        "linux.uidMappings: user namespaces enabled, but no mapping found for uid 0")]
    [InlineData("[]", "linux.uidMappings: user namespaces enabled, but no uid mappings found")]
    public void WrongMappingIsRefused(string mapping, string message) =>
        Assert.Equal(
            message, TestConfig.Refused("linux/namespaces/-", User, "linux/uidMappings", mapping, "linux/gidMappings", Map));

    [Fact]
    public void MappingsOfANewNamespaceAreAccepted() =>
        TestConfig.Accepted("linux/namespaces/-", User, "linux/uidMappings", Map, "linux/gidMappings", Map);

    [Fact]
    public void MappingsOfAJoinedNamespaceAreAWarning() =>
        Assert.Equal(
            ["linux.uidMappings, linux.gidMappings: the user namespace to join has its own mappings, ignoring"],
            TestConfig.Check(
                new ValidationOptions(), "linux/namespaces/-", """{"type":"user","path":"/proc/1/ns/user"}""", "linux/uidMappings", Map));

    [Theory]
    [InlineData("process/user/uid", "10", "process.user.uid: cannot set uid to unmapped user in user namespace, got 10")]
    [InlineData("process/user/gid", "11", "process.user.gid: cannot set gid to unmapped user in user namespace, got 11")]
    [InlineData("process/user/additionalGids", "[9,12]",
        "process.user.additionalGids[1]: cannot set gid to unmapped user in user namespace, got 12")]
    public void UnmappedIdIsRefused(string path, string value, string message) =>
        Assert.Equal(
            message,
            TestConfig.Refused("linux/namespaces/-", User, "linux/uidMappings", Map, "linux/gidMappings", Map, path, value));

    [Fact]
    public void TimeOffsetsNeedANewNamespace()
    {
        Assert.SkipUnless(System.IO.File.Exists("/proc/self/timens_offsets"), "time namespaces");
        TestConfig.Accepted("linux/namespaces/-", """{"type":"time"}""", "linux/timeOffsets", """{"boottime":{"secs":-5,"nanosecs":1}}""");
        Assert.Equal(
            "linux.timeOffsets: time namespace enabled, but both namespace path and time offsets specified -- you may only provide one",
            TestConfig.Refused(
                "linux/namespaces/-", """{"type":"time","path":"/proc/1/ns/time"}""", "linux/timeOffsets", """{"boottime":{"secs":1}}"""));
        Assert.Equal(
            "linux.timeOffsets.boottime.nanosecs: must be below 1000000000, got 1000000000",
            TestConfig.Refused(
                "linux/namespaces/-", """{"type":"time"}""", "linux/timeOffsets", """{"boottime":{"nanosecs":1000000000}}"""));
    }

    [Fact]
    public void EmptyTimeOffsetsAskForNothing() => TestConfig.Accepted("linux/timeOffsets", "{}");

    [Fact]
    public void RootlessNeedsAUserNamespace() =>
        Assert.Equal(
            "linux.namespaces: rootless container requires user namespaces",
            TestConfig.Refused(new ValidationOptions { Rootless = true }));

    [Fact]
    public void RootlessHasNoAdditionalGroups() =>
        Assert.Equal(
            "process.user.additionalGids: cannot set any additional groups in a rootless container",
            TestConfig.Refused(
                new ValidationOptions { Rootless = true }, "linux/namespaces/-", User, "linux/uidMappings", Map,
                "linux/gidMappings", Map, "process/user/additionalGids", "[1]"));

    [Fact]
    public void RootlessMountOptionsNeedMappedIds() =>
        Assert.Equal(
            "mounts[2].options[5]: cannot specify gid=15 mount option for rootless container: user namespaces enabled, "
            + "but no mapping found for gid 15",
            TestConfig.Refused(
                new ValidationOptions { Rootless = true }, "linux/namespaces/-", User, "linux/uidMappings", Map,
                "linux/gidMappings", Map, "mounts/2/options/5", "\"gid=15\""));
}
