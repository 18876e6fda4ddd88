using Anocir.Runtime.Validation;
using Xunit;

namespace Anocir.Runtime.Tests.Validation;

public sealed class LinuxChecksTests
{
    [Theory]
    [InlineData("linux/maskedPaths/-", "\"x\"", "linux.maskedPaths[10]: must be an absolute path, got \"x\"")]
    [InlineData("linux/readonlyPaths/-", "\"\"", "linux.readonlyPaths[5]: must be an absolute path, got \"\"")]
    [InlineData("linux/rootfsPropagation", "\"foo\"",
        "linux.rootfsPropagation: rootfsPropagation=foo is not supported, must be one of private rprivate rshared rslave runbindable "
        + "shared slave unbindable")]
    [InlineData("linux/personality", """{"domain":"BSD"}""",
        "linux.personality.domain: invalid personality domain, must be LINUX or LINUX32, got \"BSD\"")]
    [InlineData("linux/cgroupsPath", "\"/a/../b\"", "linux.cgroupsPath: must not contain \"..\", got \"/a/../b\"")]
    [InlineData("linux/devices", """[{"path":"dev/x","type":"c","major":1,"minor":3}]""",
        "linux.devices[0].path: must be an absolute path, got \"dev/x\"")]
    [InlineData("linux/devices", """[{"path":"/dev/x","type":"x","major":1,"minor":3}]""",
        "linux.devices[0].type: invalid device type, must be c, u, b or p, got \"x\"")]
    [InlineData("linux/devices", """[{"path":"/dev/x","type":"c","minor":3}]""",
        "linux.devices[0].major: must be present unless the type is p")]
    [InlineData("linux/devices", """[{"path":"/dev/x","type":"c","major":1,"minor":-1}]""",
        "linux.devices[0].minor: must be from 0 to 1048575, got -1")]
    [InlineData("linux/devices", """[{"path":"/dev/x","type":"b","major":4096,"minor":1}]""",
        "linux.devices[0].major: must be from 0 to 4095, got 4096")]
    [InlineData("linux/devices", """[{"path":"/dev/x","type":"p","fileMode":65536}]""",
        "linux.devices[0].fileMode: must not be above 07777 (4095), got 65536")]
    [InlineData("linux/devices", """[{"path":"/dev/x","type":"p","gid":4294967295}]""", "linux.devices[0].gid: must be below 4294967295")]
    [InlineData("linux/resources/devices/-", """{"allow":true}""",
        "linux.resources.devices[1].access: device access at 1 field cannot be empty")]
    [InlineData("linux/resources/devices/-", """{"allow":true,"access":"rx"}""",
        "linux.resources.devices[1].access: must be made of r, w and m, got \"rx\"")]
    [InlineData("linux/resources/devices/-", """{"allow":true,"access":"r","type":"p"}""",
        "linux.resources.devices[1].type: invalid cgroup device type, must be a, b or c, got \"p\"")]
    [InlineData("linux/resources/devices/-", """{"allow":true,"access":"r","major":-2}""",
        "linux.resources.devices[1].major: must be -1 (all) or from 0 to 4095, got -2")]
    [InlineData("hooks", """{"prestart":[{"path":"/a"},{"path":"b"}]}""", "hooks.prestart[1].path: must be an absolute path, got \"b\"")]
    [InlineData("hooks", """{"poststop":[{"path":"/a","timeout":0}]}""", "hooks.poststop[0].timeout: must be greater than zero, got 0")]
    [InlineData("hooks", """{"startContainer":[{"path":"/a","timeout":-1}]}""",
        "hooks.startContainer[0].timeout: must be greater than zero, got -1")]
    public void WrongValueIsRefused(string path, string value, string message) =>
        Assert.Equal(message, TestConfig.Refused(path, value));

    [Theory]
    [InlineData("linux/devices", """[{"path":"/dev/x","type":"p"},{"path":"/dev/y","type":"u","major":0,"minor":0,"fileMode":33188}]""")]
    [InlineData("linux/resources/devices/-", """{"allow":true,"access":"rwm","type":"a","major":-1,"minor":-1}""")]
    [InlineData("linux/personality", """{"domain":"LINUX32"}""")]
    [InlineData("linux/cgroupsPath", "\"/a/b..c\"")]
    [InlineData("hooks", """{"createContainer":[{"path":"/a","timeout":1}]}""")]
    public void GoodValueIsAccepted(string path, string value) => TestConfig.Accepted(path, value);

    [Theory]
    [InlineData("private")]
    [InlineData("rprivate")]
    public void PrivateNeedsPivot(string propagation)
    {
        TestConfig.Accepted("linux/rootfsPropagation", $"\"{propagation}\"");
        Assert.Equal(
            "linux.rootfsPropagation: rootfsPropagation of [r]private is not safe without pivot_root",
            TestConfig.Refused(new ValidationOptions { NoPivot = true }, "linux/rootfsPropagation", $"\"{propagation}\""));
    }

    [Theory]
    [InlineData("1048576", "linux.resources.memory.kernel: limits of kernel memory are no longer supported, ignoring")]
    [InlineData("0")]
    public void KernelMemoryIsPassedOverWithAWarning(string value, params string[] warnings) => Assert.Equal(
        warnings, TestConfig.Check(new ValidationOptions(), "linux/resources", $$$"""{"memory":{"kernel":{{{value}}}}}"""));

    [Fact]
    public void PersonalityFlagsAreAWarning() =>
        Assert.Equal(
            ["linux.personality.flags: the specification defines no flags, ignoring"],
            TestConfig.Check(new ValidationOptions(), "linux/personality", """{"domain":"LINUX","flags":["X"]}"""));

    [Theory]
    [InlineData("defaultAction", "\"X\"", "defaultAction: not a valid action for seccomp, got \"X\"")]
    [InlineData("defaultErrnoRet", "4096", "defaultErrnoRet: must not be above 4095, got 4096")]
    [InlineData("architectures", "[\"X\"]", "architectures[0]: not a valid arch for seccomp, got \"X\"")]
    [InlineData("flags", "[\"X\"]", "flags[0]: not a valid flag for seccomp, got \"X\"")]
    [InlineData("syscalls/0/names", "[]", "syscalls[0].names: must contain at least one name")]
    [InlineData("syscalls/0/names", "[\"\"]", "syscalls[0].names[0]: empty string is not a valid syscall")]
    [InlineData("syscalls/0/action", "\"LOG\"", "syscalls[0].action: not a valid action for seccomp, got \"LOG\"")]
    [InlineData("syscalls/0/errnoRet", "4096", "syscalls[0].errnoRet: must not be above 4095, got 4096")]
    [InlineData("defaultAction", "\"SCMP_ACT_NOTIFY\"", "defaultAction: SCMP_ACT_NOTIFY cannot be used as default action")]
    [InlineData("syscalls/0/action", "\"SCMP_ACT_NOTIFY\"", "listenerPath: must be set when a rule has the action SCMP_ACT_NOTIFY")]
    [InlineData("syscalls/-", """{"names":["open","write"],"action":"SCMP_ACT_NOTIFY"}""",
        "syscalls[1].names[1]: SCMP_ACT_NOTIFY cannot be used for the write syscall")]
    [InlineData("listenerMetadata", "\"x\"", "listenerMetadata: must not be set without listenerPath")]
    [InlineData("syscalls/0/args/0/index", "6", "syscalls[0].args[0].index: must be from 0 to 5, got 6")]
    [InlineData("syscalls/0/args/0/op", "\"EQ\"", "syscalls[0].args[0].op: not a valid operator for seccomp, got \"EQ\"")]
    public void WrongSeccompIsRefused(string path, string value, string message)
    {
        const string Filter = """
            {
              "defaultAction": "SCMP_ACT_ALLOW",
              "syscalls": [
                { "names": ["read"], "action": "SCMP_ACT_ERRNO", "args": [{ "index": 5, "value": 0, "op": "SCMP_CMP_EQ" }] }
              ]
            }
            """;
        TestConfig.Accepted("linux/seccomp", Filter);
        Assert.Equal("linux.seccomp." + message, TestConfig.Refused("linux/seccomp", Filter, "linux/seccomp/" + path, value));
    }

    [Fact]
    public void ListenerPathWithoutNotifyIsIgnored() => TestConfig.Accepted(
        "linux/seccomp", """{"defaultAction":"SCMP_ACT_ALLOW","listenerPath":"/nowhere","listenerMetadata":"x"}""");

    [Fact]
    public void SeccompWithoutActionAndRulesIsNone() => TestConfig.Accepted("linux/seccomp", "{}");
}
