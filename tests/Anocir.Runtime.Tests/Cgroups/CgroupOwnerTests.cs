using System.Text;
using Anocir.Runtime.Cgroups;
using Anocir.Runtime.Spec;
using Xunit;

namespace Anocir.Runtime.Tests.Cgroups;

public sealed class CgroupOwnerTests
{
    [Theory]
    [InlineData(0, "rw", """{"type":"cgroup"}""", """[{"containerID":0,"hostID":100000,"size":65536}]""", 100000u)]
    [InlineData(1000, "rw", """{"type":"cgroup"}""", """[{"containerID":0,"hostID":100000,"size":65536}]""", 101000u)]
    [InlineData(0, "ro", """{"type":"cgroup"}""", """[{"containerID":0,"hostID":100000,"size":65536}]""", null)]
    [InlineData(0, "rw", """{"type":"cgroup","path":"/proc/1/ns/cgroup"}""", """[{"containerID":0,"hostID":100000,"size":65536}]""", null)]
    [InlineData(0, "rw", """{"type":"pid"}""", """[{"containerID":0,"hostID":100000,"size":65536}]""", null)]
    [InlineData(70000, "rw", """{"type":"cgroup"}""", """[{"containerID":0,"hostID":100000,"size":65536}]""", null)]
    [InlineData(1000, "rw", """{"type":"cgroup"}""", "[]", 1000u)]
    [InlineData(0, "rw", """{"type":"cgroup"}""", "[]", null)]
    public void OnlyAWritableMountInAnOwnNamespaceIsGivenAway(int uid, string option, string space, string mappings, uint? owner)
    {
        string json = $$"""
            {"ociVersion":"1.0.0","root":{"path":"r"},"process":{"cwd":"/","args":["x"],"user":{"uid":{{uid}},"gid":0} },
            "mounts":[{"destination":"/sys/fs/cgroup/","type":"cgroup","source":"cgroup","options":["nosuid","{{option}}"]}],
            "linux":{"namespaces":[{{space}}],"uidMappings":{{mappings}}
            """ + "}}";
        Assert.Equal(owner, CgroupOwner.Find(ConfigReader.Parse(Encoding.UTF8.GetBytes(json))));
    }
}
