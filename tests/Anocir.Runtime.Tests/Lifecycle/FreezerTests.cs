using System;
using System.IO;
using Anocir.Runtime.Lifecycle;
using Anocir.Runtime.State;
using Anocir.Runtime.Tests.State;
using Xunit;

namespace Anocir.Runtime.Tests.Lifecycle;

public sealed class FreezerTests : IDisposable
{
    private readonly TemporaryDirectory _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Theory]
    [InlineData(1, "1\n", true)]
    [InlineData(1, "0\n", false)]
    [InlineData(1, null, false)]
    [InlineData(2, "1\n", false)]
    public void AFrozenCgroupAboveHoldsProcessesOnVersion1(int version, string? file, bool expected)
    {
        if (file is not null)
        {
            File.WriteAllText(_temporary["freezer.parent_freezing"], file);
        }

        var cgroup = new CgroupRecord { Driver = "cgroupfs", Version = version, Paths = [_temporary.Path], Controllers = [], Freezer = _temporary.Path };
        Assert.Equal(expected, Freezer.IsFrozenAbove(cgroup));
    }
}
