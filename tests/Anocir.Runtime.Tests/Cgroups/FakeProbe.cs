using System.Collections.Generic;
using System.Text;
using Anocir.Runtime.Cgroups;
using Xunit;

namespace Anocir.Runtime.Tests.Cgroups;

/// <summary>A host described by its mount types and its two files below /proc/self.</summary>
internal sealed class FakeProbe : CgroupProbe
{
    private readonly string _self;
    private readonly string? _mountInfo;
    private readonly Dictionary<string, long> _types;

    public FakeProbe(string self, Dictionary<string, long> types, string? mountInfo = null)
    {
        _self = self;
        _types = types;
        _mountInfo = mountInfo;
    }

    /// <summary>Paths that exist besides those with a type.</summary>
    public HashSet<string> Existing { get; } = [];

    public override long FileSystemType(string path) => _types.GetValueOrDefault(path, -1);

    public override bool Exists(string path) => Existing.Contains(path);

    public override byte[] Read(string path)
    {
        if (path == "/proc/self/cgroup")
        {
            return Encoding.UTF8.GetBytes(_self);
        }

        Assert.Equal("/proc/self/mountinfo", path);
        Assert.True(_mountInfo is not null, "mountinfo was read although everything is at its standard place");
        return Encoding.UTF8.GetBytes(_mountInfo);
    }
}
