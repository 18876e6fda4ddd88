using Xunit;

namespace Anocir.Runtime.Tests.Validation;

public sealed class NotBuiltTests
{
    [Theory]
    [InlineData("process/apparmorProfile", "\"docker-default\"", "process.apparmorProfile")]
    [InlineData("process/selinuxLabel", "\"x\"", "process.selinuxLabel")]
    [InlineData("process/scheduler", """{"policy":"SCHED_BATCH"}""", "process.scheduler")]
    [InlineData("process/ioPriority", """{"class":"IOPRIO_CLASS_BE","priority":4}""", "process.ioPriority")]
    [InlineData("linux/mountLabel", "\"x\"", "linux.mountLabel")]
    [InlineData("linux/intelRdt", "{}", "linux.intelRdt")]
    [InlineData("linux/memoryPolicy", """{"mode":"MPOL_BIND","nodes":"0"}""", "linux.memoryPolicy")]
    [InlineData("linux/netDevices", """{"eth0":{}}""", "linux.netDevices")]
    [InlineData("linux/seccomp", """{"defaultAction":"SCMP_ACT_ALLOW","listenerPath":"/x"}""", "linux.seccomp.listenerPath")]
    [InlineData("linux/seccomp", """{"defaultAction":"SCMP_ACT_ALLOW","listenerMetadata":"x"}""", "linux.seccomp.listenerMetadata")]
    [InlineData("linux/seccomp", """{"defaultAction":"SCMP_ACT_NOTIFY"}""", "linux.seccomp.defaultAction")]
    [InlineData("linux/seccomp",
        "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"mount\"],\"action\":\"SCMP_ACT_NOTIFY\"}]}",
        "linux.seccomp.syscalls[0].action")]
    public void PropertyIsNamed(string path, string value, string property) =>
        Assert.Equal(property + ": not supported by this version of anocir", TestConfig.Refused(path, value));

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
