using Anocir.Runtime.Errors;
using Anocir.Runtime.Spec;
using Anocir.Runtime.Validation;
using Xunit;

namespace Anocir.Runtime.Tests.Validation;

public sealed class SysctlChecksTests
{
    [Theory]
    [InlineData("net.ipv4.ip_forward")]
    [InlineData("net/ipv4/conf/eno2.100/rp_filter")]
    [InlineData("net.ipv4.conf.eno2/100.rp_filter")]
    [InlineData("kernel.msgmax")]
    [InlineData("kernel/shm_rmid_forced")]
    [InlineData("fs.mqueue.msg_max")]
    [InlineData("kernel.domainname")]
    public void NamespacedParameterIsAccepted(string name) => TestConfig.Accepted("linux/sysctl", $$"""{"{{name}}":"1"}""");

    [Theory]
    [InlineData("kernel.hostname", "sysctl \"kernel.hostname\" is not allowed as it conflicts with the OCI \"hostname\" field")]
    [InlineData("vm.swappiness", "sysctl \"vm.swappiness\" is not in a separate kernel namespace")]
    [InlineData("user.max_user_namespaces", "setting ucounts without a user namespace not allowed: \"user.max_user_namespaces\"")]
    [InlineData("net/../kernel/core_pattern", "must be a name like net.ipv4.ip_forward")]
    [InlineData("net.//.kernel", "must be a name like net.ipv4.ip_forward")]
    [InlineData("/net/ipv4/ip_forward", "must be a name like net.ipv4.ip_forward")]
    [InlineData("", "must be a name like net.ipv4.ip_forward")]
    [InlineData("net", "sysctl \"net\" is not in a separate kernel namespace")]
    public void HostParameterIsRefused(string name, string rule) =>
        Assert.Equal($"linux.sysctl[\"{name}\"]: {rule}", TestConfig.Refused("linux/sysctl", $$"""{"{{name}}":"1"}"""));

    [Fact]
    public void IpcParameterNeedsTheNamespace() =>
        Assert.Equal(
            "linux.sysctl[\"kernel.sem\"]: sysctl \"kernel.sem\" is not allowed in the hosts ipc namespace",
            TestConfig.Refused("linux/namespaces/2", """{"type":"cgroup"}""", "linux/sysctl", """{"kernel.sem":"1"}"""));

    [Theory]
    [InlineData("""{"type":"cgroup"}""")]
    [InlineData("""{"type":"network","path":"/proc/self/ns/net"}""")]
    public void NetworkParameterNeedsAnotherNamespace(string entry) =>
        Assert.Equal(
            "linux.sysctl[\"net.core.somaxconn\"]: sysctl \"net.core.somaxconn\" not allowed in host network namespace",
            TestConfig.Refused("linux/namespaces/1", entry, "linux/sysctl", """{"net.core.somaxconn":"1"}"""));

    [Fact]
    public void MissingNetworkNamespaceIsNamed()
    {
        ContainerException e = Assert.Throws<ContainerException>(() => TestConfig.Check(
            new ValidationOptions(), "linux/namespaces/1", """{"type":"network","path":"/nonexistent"}""",
            "linux/sysctl", """{"net.core.somaxconn":"1"}"""));
        Assert.Equal("invalid netns path: cannot stat '/nonexistent': no such file or directory (ENOENT)", e.Message);
    }

    [Theory]
    [InlineData("net.ipv4.ip_forward", "net/ipv4/ip_forward")]
    [InlineData("net/ipv4/conf/eno2.100/rp_filter", "net/ipv4/conf/eno2.100/rp_filter")]
    [InlineData("net.ipv4.conf.eno2/100.rp_filter", "net/ipv4/conf/eno2.100/rp_filter")]
    [InlineData("a", "a")]
    [InlineData("a..b", null)]
    [InlineData("a/./b", null)]
    [InlineData("a/../b", null)]
    [InlineData("a./.b", "a/./b")]
    public void NameBecomesAPath(string name, string? path) =>
        Assert.Equal(path == "a/./b" ? null : path, SysctlName.ToPath(name));
}
