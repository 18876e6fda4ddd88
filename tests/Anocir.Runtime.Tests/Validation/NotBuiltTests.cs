using Xunit;

namespace Anocir.Runtime.Tests.Validation;

public sealed class NotBuiltTests
{
    [Theory]
    [InlineData("process/apparmorProfile", "\"\"")]
    [InlineData("linux/mountLabel", "\"\"")]
    [InlineData("linux/netDevices", "{}")]
    [InlineData("linux/resources/memory", "{}")]
    [InlineData("linux/resources/memory", """{"limit":-1,"swap":-1,"reservation":0,"disableOOMKiller":false,"useHierarchy":true}""")]
    [InlineData("linux/resources/cpu", """{"shares":0,"quota":0,"period":0,"cpus":"","idle":0}""")]
    [InlineData("linux/resources/pids", "{}")]
    [InlineData("linux/resources/pids", """{"limit":-1}""")]
    [InlineData("linux/resources/blockIO", """{"weight":0}""")]
    [InlineData("linux/resources/hugepageLimits", "[]")]
    [InlineData("linux/resources/network", """{"priorities":[]}""")]
    [InlineData("linux/resources/unified", "{}")]
    public void ValueThatChangesNothingIsAccepted(string path, string value) => TestConfig.Accepted(path, value);
}
