using System;
using Anocir.Runtime.Spec;
using Anocir.Runtime.Resctrl;

namespace Anocir.Runtime.Validation;

/// <summary>linux.intelRdt (config-linux.md "IntelRdt"), with the words of runc.</summary>
internal static class IntelRdtChecks
{
    public static void Check(LinuxConfig linux)
    {
        if (linux.IntelRdt is { } rdt)
        {
            Check(rdt, ResctrlRoot.Find());
        }
    }

    /// <summary>The same for a mount point of the resctrl file system, null when there is none.</summary>
    public static void Check(IntelRdt rdt, string? root)
    {
        if (rdt.ClosId is "." or ".." || (rdt.ClosId is not (null or "/") && rdt.ClosId.Contains('/', StringComparison.Ordinal)))
        {
            throw Reject.Rule("linux.intelRdt.closID", $"invalid intelRdt.ClosID {Printable.Quote(rdt.ClosId)}");
        }

        CheckLine("linux.intelRdt.l3CacheSchema", rdt.L3CacheSchema, "L3");
        CheckLine("linux.intelRdt.memBwSchema", rdt.MemBwSchema, "MB:");
        for (int i = 0; i < rdt.Schemata.Length; i++)
        {
            CheckLine($"linux.intelRdt.schemata[{i}]", rdt.Schemata[i], "");
        }

        if (root is null)
        {
            throw Reject.Rule("linux.intelRdt", "intelRdt is specified in config, but Intel RDT is not enabled; hint: "
                + "the CPU must have it, and the resctrl file system must be mounted on /sys/fs/resctrl");
        }

        if (rdt.L3CacheSchema is not null && !ResctrlRoot.Has(root, "L3") && !ResctrlRoot.Has(root, "L3CODE"))
        {
            throw Reject.Rule(
                "linux.intelRdt.l3CacheSchema", "intelRdt.l3CacheSchema is specified in config, but Intel RDT/CAT is not enabled");
        }

        if (rdt.MemBwSchema is not null && !ResctrlRoot.Has(root, "MB"))
        {
            throw Reject.Rule(
                "linux.intelRdt.memBwSchema", "intelRdt.memBwSchema is specified in config, but Intel RDT/MBA is not enabled");
        }
    }

    private static void CheckLine(string path, string? line, string start)
    {
        if (line is null)
        {
            return;
        }

        if (line.Contains('\n', StringComparison.Ordinal))
        {
            throw Reject.Value(path, "must not contain newlines", line);
        }

        if (!line.StartsWith(start, StringComparison.Ordinal))
        {
            throw Reject.Value(path, "must start with " + start, line);
        }
    }
}
