using System;
using System.IO;
using Anocir.Runtime.Cgroups;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Spec;
using Xunit;

namespace Anocir.Runtime.Tests.Cgroups;

/// <summary>pids.max on plain directories.</summary>
public sealed class PidsLimitTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("anocir-test-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [InlineData(CgroupMode.Unified, 1000, "1000")]
    [InlineData(CgroupMode.Legacy, 1000, "1000")]
    [InlineData(CgroupMode.Hybrid, -1, "max")]
    [InlineData(CgroupMode.Unified, 0, "1")]
    public void LimitIsWritten(CgroupMode mode, long limit, string value)
    {
        File.WriteAllText(_root + "/pids.max", "");
        PidsLimit.Apply(Plan(mode), new PidsResources { Limit = limit });
        Assert.Equal(value, File.ReadAllText(_root + "/pids.max"));
    }

    [Fact]
    public void AbsentLimitTouchesNothing()
    {
        PidsLimit.Apply(Plan(CgroupMode.Unified), new PidsResources());
        PidsLimit.Apply(Plan(CgroupMode.Unified), null);
        Assert.Empty(Directory.GetFiles(_root));
    }

    [Theory]
    [InlineData(CgroupMode.Unified)]
    [InlineData(CgroupMode.Legacy)]
    public void MissingControllerIsNamed(CgroupMode mode)
    {
        ContainerException e = Assert.Throws<ContainerException>(() => PidsLimit.Apply(Plan(mode), new PidsResources { Limit = 5 }));
        Assert.StartsWith("cannot set linux.resources.pids.limit: the pids controller is not available", e.Message, StringComparison.Ordinal);
    }

    private CgroupPlan Plan(CgroupMode mode) =>
        new(mode, [new CgroupTarget(new CgroupHierarchy(mode == CgroupMode.Unified ? "" : "pids", _root, "/"), "/")]);
}
