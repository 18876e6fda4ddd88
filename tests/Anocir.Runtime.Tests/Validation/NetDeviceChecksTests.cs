using Anocir.Runtime.Validation;
using Xunit;

namespace Anocir.Runtime.Tests.Validation;

public sealed class NetDeviceChecksTests
{
    [Theory]
    [InlineData("""{"":{}}""", "linux.netDevices[\"\"]: invalid network device name \"\"")]
    [InlineData("""{"a/b":{}}""", "linux.netDevices[\"a/b\"]: invalid network device name \"a/b\"")]
    [InlineData("""{"sixteen-letters-":{}}""", "linux.netDevices[\"sixteen-letters-\"]: invalid network device name \"sixteen-letters-\"")]
    [InlineData("""{"eth0":{"name":".."}}""", "linux.netDevices[\"eth0\"].name: invalid network device name \"..\"")]
    [InlineData("""{"eth0":{"name":"a b"}}""", "linux.netDevices[\"eth0\"].name: invalid network device name \"a b\"")]
    [InlineData("""{"eth0":{},"eth1":{"name":"eth0"}}""", "linux.netDevices[\"eth1\"].name: must not be given twice, got \"eth0\"")]
    public void WrongDeviceIsRefused(string devices, string message) =>
        Assert.Equal(message, TestConfig.Refused("linux/netDevices", devices));

    [Fact]
    public void DevicesOfTheHostNeedAnotherNamespaceToGoTo() => Assert.Equal(
        "linux.netDevices: unable to move network devices without a NET namespace",
        TestConfig.Refused("linux/namespaces", """[{"type":"mount"},{"type":"uts"}]""", "linux/netDevices", """{"eth0":{}}"""));

    [Fact]
    public void RootlessContainersGetNone() => Assert.Equal(
        "linux.netDevices: network devices are not supported for rootless containers",
        TestConfig.Refused(new ValidationOptions { Rootless = true }, "linux/netDevices", """{"eth0":{}}"""));

    [Fact]
    public void NamesMayChange() => TestConfig.Accepted("linux/netDevices", """{"eth0":{"name":"lan"},"fifteen-letters":{}}""");
}
