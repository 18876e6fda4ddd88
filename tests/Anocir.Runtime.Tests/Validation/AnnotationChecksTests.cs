using System;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using Anocir.Plan;
using Anocir.Runtime.Cgroups;
using Anocir.Runtime.Errors;
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
    [InlineData("run.oci.systemd.subgroup", "../x", "must be a path below the container's cgroup")]
    [InlineData("run.oci.delegate-cgroup", "/", "must be a path below the container's cgroup")]
    [InlineData("run.oci.delegate-cgroup", "a/../b", "must be a path below the container's cgroup")]
    [InlineData("run.oci.seccomp_bpf_data", "AAAA", "must be 1 to 4096 instructions of 8 bytes each, in base64")]
    [InlineData("run.oci.seccomp_bpf_data", "not base64", "must be 1 to 4096 instructions of 8 bytes each, in base64")]
    public void WrongValueIsRefused(string name, string value, string rule) => Assert.Equal(
        $"annotations[\"{name}\"]: {rule}, got \"{value}\"",
        TestConfig.Refused("annotations", $$"""{"{{name}}":"{{value}}"}"""));

    [Fact]
    public void OthersMeanNothing() => TestConfig.Accepted(
        "annotations", """{"run.oci.handler":"krun","io.kubernetes.cri.container-type":"sandbox","run.oci.seccomp_bpf_data":"BgAAAAAA/38=","run.oci.systemd.subgroup":"","run.oci.delegate-cgroup":"/init"}""");

    [Theory]
    [InlineData("init", CgroupMode.Unified, "/init")]
    [InlineData("/a//b/", CgroupMode.Unified, "/a/b")]
    [InlineData("", CgroupMode.Hybrid, null)]
    public void ACgroupBelowIsCleaned(string value, CgroupMode mode, string? path) =>
        Assert.Equal(path, SubCgroupName.Find(WithDelegate(value), AnnotationNames.DelegateCgroup, mode));

    [Theory]
    [InlineData(CgroupMode.Legacy)]
    [InlineData(CgroupMode.Hybrid)]
    public void ACgroupBelowNeedsV2(CgroupMode mode) => Assert.StartsWith(
        "invalid config: annotations[\"run.oci.delegate-cgroup\"]: needs cgroup v2; hint: ",
        Assert.Throws<ContainerException>(() => SubCgroupName.Find(WithDelegate("init"), AnnotationNames.DelegateCgroup, mode)).Message,
        StringComparison.Ordinal);

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

    private static RuntimeConfig WithDelegate(string value) => new() { Annotations = [new(AnnotationNames.DelegateCgroup, value)] };

    private static string Here([CallerFilePath] string file = "") => file;
}
