using System;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using Anocir.Plan;
using Anocir.Runtime.Planning;
using Anocir.Runtime.Spec;
using Anocir.Runtime.Tests.Planning;
using Xunit;

namespace Anocir.Runtime.Tests.Validation;

public sealed class AnnotationChecksTests
{
    [Theory]
    [InlineData("run.oci.mount_context_type", "x", "must be one of context fscontext defcontext rootcontext")]
    [InlineData("run.oci.seccomp.receiver", "x", "must be an absolute path")]
    [InlineData("run.oci.hooks.stdout", "out", "must be an absolute path")]
    [InlineData("run.oci.hooks.stderr", "err", "must be an absolute path")]
    [InlineData("run.oci.pidfd_receiver", "", "must be an absolute path")]
    [InlineData("run.oci.seccomp_bpf_data", "AAAA", "must be 1 to 4096 instructions of 8 bytes each, in base64")]
    [InlineData("run.oci.seccomp_bpf_data", "not base64", "must be 1 to 4096 instructions of 8 bytes each, in base64")]
    public void WrongValueIsRefused(string name, string value, string rule) => Assert.Equal(
        $"annotations[\"{name}\"]: {rule}, got \"{value}\"",
        TestConfig.Refused("annotations", $$"""{"{{name}}":"{{value}}"}"""));

    [Fact]
    public void OthersMeanNothing() => TestConfig.Accepted(
        "annotations", """{"run.oci.handler":"krun","io.kubernetes.cri.container-type":"sandbox","run.oci.seccomp_bpf_data":"BgAAAAAA/38="}""");

    [Fact]
    public void EachIsDescribed()
    {
        string document = File.ReadAllText(Path.Combine(Path.GetDirectoryName(Here())!, "../../../docs/annotations.md"));
        Assert.All(AnnotationNames.Unsafe.Split(' '), name => Assert.Contains("| `" + name + (name.EndsWith('.') ? "" : "`"), document, StringComparison.Ordinal));
    }

    [Fact]
    public void GroupsOfTheCallerStayWhenAskedFor()
    {
        static ulong[] Groups(PlanWriter plan) => [.. plan.Indexes(StepKind.SetIds).Select(i => plan.At(i).X)];

        Assert.Equal([0ul], Groups(TestPlans.Build(false)));
        Assert.Equal([1ul], Groups(TestPlans.Build(false, "annotations", """{"run.oci.keep_original_groups":"1"}""")));
    }

    private static string Here([CallerFilePath] string file = "") => file;
}
