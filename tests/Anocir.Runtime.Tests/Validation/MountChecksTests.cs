using Anocir.Runtime.Validation;
using Xunit;

namespace Anocir.Runtime.Tests.Validation;

public sealed class MountChecksTests
{
    private const string Map = """[{"containerID":0,"hostID":1000,"size":10}]""";

    [Theory]
    [InlineData("""{"destination":"/","type":"tmpfs"}""", "mounts[7].destination: mountpoint \"/\" is on the top of rootfs")]
    [InlineData("""{"destination":"/a/../.","type":"tmpfs"}""", "mounts[7].destination: mountpoint \"/\" is on the top of rootfs")]
    [InlineData("""{"destination":"/proc","type":"tmpfs"}""",
        "mounts[7].destination: \"/proc\" cannot be mounted because it is not of type proc")]
    [InlineData("""{"destination":"/x/../proc/","type":"tmpfs"}""",
        "mounts[7].destination: \"/proc\" cannot be mounted because it is not of type proc")]
    [InlineData("""{"destination":"/proc","source":"/tmp","options":["rbind"]}""",
        "mounts[7].destination: \"/proc\" cannot be mounted because it is not of type proc")]
    [InlineData("""{"destination":"/proc/self/attr","type":"tmpfs"}""",
        "mounts[7].destination: \"/proc/self/attr\" cannot be mounted because it is inside /proc")]
    [InlineData("""{"destination":"/proc","type":"bind","source":"/tmp"}""",
        "mounts[7].destination: \"/proc\" cannot be mounted because it is not of type proc")]
    [InlineData("""{"destination":"/data","options":["bind"]}""", "mounts[7].source: must be present and not empty for a bind mount")]
    [InlineData("""{"destination":"/data"}""", "mounts[7].type: must be present unless the options have bind or rbind")]
    [InlineData("""{"destination":"/data","type":"tmpfs","uidMappings":[{"containerID":0,"hostID":0,"size":1}]}""",
        "mounts[7]: id-mapped mounts are only supported for bind-mounts")]
    [InlineData("""{"destination":"/data","source":"/tmp","options":["bind","idmap"]}""",
        "mounts[7]: id-mapped mounts must have both uid and gid mappings specified")]
    [InlineData("""{"destination":"/data","source":"/tmp","options":["bind"],"gidMappings":[{"containerID":0,"hostID":0,"size":1}]}""",
        "mounts[7]: id-mapped mounts must have both uid and gid mappings specified")]
    [InlineData("""{"destination":"/data","source":"/tmp","options":["bind","idmap=uids=0-1-1"]}""",
        "mounts[7]: id-mapped mounts must have both uid and gid mappings specified")]
    [InlineData("""{"destination":"/data","source":"/tmp","options":["bind","ridmap="]}""",
        "mounts[7]: id-mapped mounts must have both uid and gid mappings specified")]
    [InlineData("""{"destination":"/data","type":"tmpfs","options":["idmap=uids=0-1-1;gids=0-1-1"]}""",
        "mounts[7]: id-mapped mounts are only supported for bind-mounts")]
    [InlineData("""{"destination":"/data","source":"/tmp","options":["bind","idmap=uids=0-1-0;gids=0-1-1"]}""",
        "mounts[7].options (idmap, uids)[0].size: must be at least 1")]
    [InlineData("""{"destination":"/data","source":"/tmp","options":["bind","idmap=uids=0-1-5;gids=0-0-5#4-100-1"]}""",
        "mounts[7].options (idmap, gids)[1]: must not overlap mounts[7].options (idmap, gids)[0]")]
    [InlineData("""{"destination":"/data","source":"/tmp","options":["bind","idmap=uids=0-4294967295-1;gids=0-0-1"]}""",
        "mounts[7].options (idmap, uids)[0].size: must end below ID 4294967295, got 1")]
    [InlineData("""{"destination":"/data","source":"/tmp","options":["bind","ridmap=uids=0:1:1;gids=0-0-1"]}""",
        "mounts[7].options[1]: each mapping must be FROM-TO-COUNT, like 0-100000-65536, got \"ridmap=uids=0:1:1;gids=0-0-1\"")]
    [InlineData("""{"destination":"/data","source":"/tmp","options":["bind","idmap=@"]}""",
        "mounts[7].options[1]: must consist of uids=… and gids=… with a semicolon between them, got \"idmap=@\"")]
    [InlineData("""{"destination":"/data","source":"/tmp","options":["bind","idmap=uids=@0-0-1;gids=0-0-1"]}""",
        "mounts[7].options[1]: a mapping with '@' must begin with an ID of the container's user namespace, got \"idmap=uids=@0-0-1;gids=0-0-1\"")]
    public void WrongMountIsRefused(string mount, string message) => Assert.Equal(message, TestConfig.Refused("mounts/-", mount));

    [Theory]
    [InlineData("""{"destination":"/proc","source":"/proc","options":["rbind"]}""")]
    [InlineData("""{"destination":"/proc/meminfo","source":"/tmp","options":["bind"]}""")]
    [InlineData("""{"destination":"/processes","type":"tmpfs"}""")]
    [InlineData("""{"destination":"/data","source":"x","type":"none","options":["rbind","rro","rprivate","nosuid"]}""")]
    [InlineData("""{"destination":"/data","type":"overlay","source":"overlay","options":["lowerdir=/a:/b"]}""")]
    public void GoodMountIsAccepted(string mount) => TestConfig.Accepted("mounts/-", mount);

    [Fact]
    public void IdMapWithItsOwnMappingsIsAccepted() =>
        TestConfig.Accepted(
            "mounts/-", """{"destination":"/data","source":"x","options":["bind"]}""",
            "mounts/7/uidMappings", Map, "mounts/7/gidMappings", Map);

    [Fact]
    public void RelativeDestinationIsAWarning() =>
        Assert.Equal(
            ["mounts[7].destination: relative path \"data\" is deprecated, taking it as relative to /"],
            TestConfig.Check(new ValidationOptions(), "mounts/-", """{"destination":"data","type":"tmpfs"}"""));

    [Fact]
    public void FilesystemOptionsOfABindAreAWarning() =>
        Assert.Equal(
            ["mounts[7].options: bind mounts cannot have any filesystem-specific options applied: size=1,mode=755, ignoring"],
            TestConfig.Check(
                new ValidationOptions(), "mounts/-",
                """{"destination":"/data","source":"/tmp","options":["bind","size=1","ro","mode=755"]}"""));

    [Fact]
    public void RelativeSourceStartsAtTheBundle() =>
        Assert.Empty(TestConfig.Check(
            new ValidationOptions { Bundle = "/proc" }, "mounts/-", """{"destination":"/proc","source":"./","options":["bind"]}"""));

    [Fact]
    public void IdMapTakesTheMappingsOfTheContainer() =>
        TestConfig.Accepted(
            "mounts/-", """{"destination":"/data","source":"x","options":["bind","idmap"]}""",
            "linux/namespaces/-", """{"type":"user"}""", "linux/uidMappings", Map, "linux/gidMappings", Map);
}
