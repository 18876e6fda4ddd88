using System.Collections.Generic;
using System.Linq;
using Anocir.Runtime.Cgroups.Limits;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Tests.Cgroups.Limits;

/// <summary>A cgroup that has only the files it is told of; and short ways to writes.</summary>
internal sealed class FakeFacts(params (string File, string Content)[] files) : CgroupFacts
{
    private readonly Dictionary<string, string> _files = files.ToDictionary(static f => f.File, static f => f.Content);

    public override bool Exists(string controller, string file) => _files.ContainsKey(file);

    public override string? Read(string controller, string file) => _files.GetValueOrDefault(file);

    /// <summary>linux.resources as config.json has it.</summary>
    public static Resources Parse(string resources) =>
        ConfigReader.ParseResources(System.Text.Encoding.UTF8.GetBytes(resources));

    /// <summary>The writes as <c>file=value</c>, one after the other, with <c>?</c> where the file may be missing and <c>~</c> where EINVAL waits.</summary>
    public string Writes(string resources, bool isUnified) => string.Join(" ; ", ResourceLimits.Writes(Parse(resources), isUnified, this).Select(static w =>
        w.File + ((w.Tolerance & LimitTolerance.MayBeMissing) != 0 ? "?" : "") + ((w.Tolerance & LimitTolerance.RetryLater) != 0 ? "~" : "") + "=" + w.Value));

    /// <summary>The properties of the writes.</summary>
    public string[] Properties(string resources, bool isUnified) =>
        [.. ResourceLimits.Writes(Parse(resources), isUnified, this).Select(static w => w.Property["linux.resources.".Length..])];
}
