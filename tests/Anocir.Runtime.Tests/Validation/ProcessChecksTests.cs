using System.Text.Json.Nodes;
using Anocir.Runtime.Validation;
using Xunit;

namespace Anocir.Runtime.Tests.Validation;

public sealed class ProcessChecksTests
{
    [Theory]
    [InlineData("ociVersion", "", "ociVersion: must be present and not empty")]
    [InlineData("annotations", """{"":"x"}""", "annotations: a key must not be empty")]
    [InlineData("hostname", "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"",
        "hostname: must not be longer than 64 bytes, got \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"")]
    [InlineData("process/cwd", "", "process.cwd: Cwd property must not be empty")]
    [InlineData("process/cwd", "\"tmp\"", "process.cwd: Cwd must be an absolute path, got \"tmp\"")]
    [InlineData("process/args", "[]", "process.args: args must not be empty")]
    [InlineData("process/args", "", "process.args: args must not be empty")]
    [InlineData("process/env/-", "\"FOO\"", "process.env[2]: invalid environment variable: missing '='")]
    [InlineData("process/env/-", "\"SECRET=a\\u0000b\"", "process.env[2]: must not contain a NUL byte")]
    [InlineData("process/env/-", "\"=x\"", "process.env[2]: invalid environment variable: name cannot be empty")]
    [InlineData("process/rlimits/-", """{"type":"RLIMIT_NOFILE","hard":1,"soft":1}""",
        "process.rlimits[1].type: must not be given twice, got \"RLIMIT_NOFILE\"")]
    [InlineData("process/rlimits/0/type", "\"RLIMIT_FOO\"", "process.rlimits[0].type: wrong rlimit value, got \"RLIMIT_FOO\"")]
    [InlineData("process/rlimits/0/soft", "1025", "process.rlimits[0].soft: must not be above the hard limit 1024, got 1025")]
    [InlineData("process/oomScoreAdj", "1001", "process.oomScoreAdj: must be from -1000 to 1000, got 1001")]
    [InlineData("process/oomScoreAdj", "-1001", "process.oomScoreAdj: must be from -1000 to 1000, got -1001")]
    [InlineData("process/consoleSize", """{"height":1,"width":65536}""", "process.consoleSize.width: must not be above 65535, got 65536")]
    [InlineData("process/user/umask", "512", "process.user.umask: must not be above 0777 (511), got 512")]
    [InlineData("process/user/uid", "4294967295", "process.user.uid: must be below 4294967295, got 4294967295")]
    [InlineData("process/user/gid", "4294967295", "process.user.gid: must be below 4294967295, got 4294967295")]
    [InlineData("process/user/additionalGids", "[1,4294967295]",
        "process.user.additionalGids[1]: must be below 4294967295, got 4294967295")]
    public void WrongValueIsRefused(string path, string value, string message) =>
        Assert.Equal(message, TestConfig.Refused(path, value));

    [Fact]
    public void DefaultIsAccepted() => TestConfig.Accepted();

    [Fact]
    public void ProcessMayBeAbsent() => TestConfig.Accepted("process", "");

    [Theory]
    [InlineData("process/oomScoreAdj", "-1000")]
    [InlineData("process/user/umask", "511")]
    [InlineData("process/execCPUAffinity", """{"initial":"0"}""")]
    [InlineData("process/rlimits/0/soft", "0")]
    [InlineData("process/env/-", "\"FOO=\"")]
    public void EdgeIsAccepted(string path, string value) => TestConfig.Accepted(path, value);

    [Fact]
    public void UnknownCapabilitiesAreAWarningWithTheTextOfRunc() =>
        Assert.Equal(
            ["ignoring unknown or unavailable capabilities: [CAP_ CAP_FOO KILL]"],
            TestConfig.Check(
                new ValidationOptions(),
                "process/capabilities/bounding/-", "\"CAP_FOO\"",
                "process/capabilities/ambient", """["CAP_FOO","KILL","CAP_"]"""));

    [Theory]
    [InlineData("invalid")]
    [InlineData("2.0.0")]
    [InlineData("1")]
    [InlineData("1.")]
    [InlineData("1.x")]
    [InlineData("1.0.0.0")]
    [InlineData("1.0")]
    [InlineData("1.0.")]
    [InlineData("1.0.0 ")]
    [InlineData("1.0.0-")]
    public void OtherVersionIsRefused(string version) =>
        Assert.Equal(
            $"ociVersion: must be a version 1.x.y of the specification, got \"{version}\"",
            TestConfig.Refused("ociVersion", $"\"{version}\""));

    [Theory]
    [InlineData("1.0.0")]
    [InlineData("1.2.1")]
    [InlineData("1.0.2-dev")]
    [InlineData("1.0.0-rc5+dev")]
    [InlineData("1.3.0+dev")]
    public void KnownVersionIsAccepted(string version) => TestConfig.Accepted("ociVersion", $"\"{version}\"");

    [Fact]
    public void TooManyGroupsAreRefused()
    {
        var groups = new JsonArray();
        for (int i = 0; i <= 65536; i++)
        {
            groups.Add(i);
        }

        Assert.Equal(
            "process.user.additionalGids: must not have more than 65536 entries, got 65537",
            TestConfig.Refused("process/user/additionalGids", groups.ToJsonString()));
    }
}
