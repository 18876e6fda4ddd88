using System;
using System.Collections.Generic;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Validation;

/// <summary>config.md "Process", "POSIX process", "Linux Process"; also for the process file of exec.</summary>
internal static class ProcessChecks
{
    // A struct winsize has 16-bit fields.
    private const uint MaxConsoleSize = 65535;

    public static void Check(Process process, List<string> warnings)
    {
        if (process.Cwd.Length == 0)
        {
            throw Reject.Rule("process.cwd", "Cwd property must not be empty");
        }

        if (process.Cwd[0] != '/')
        {
            throw Reject.Value("process.cwd", "Cwd must be an absolute path", process.Cwd);
        }

        if (process.Args.Length == 0)
        {
            throw Reject.Rule("process.args", "args must not be empty");
        }

        CheckEnvironment(process.Env);
        CheckRlimits(process.Rlimits);
        CheckCapabilities(process.Capabilities, warnings);
        if (process.OomScoreAdj is < -1000 or > 1000)
        {
            throw Reject.Number("process.oomScoreAdj", "must be from -1000 to 1000", process.OomScoreAdj.Value);
        }

        if (process.ConsoleSize is { } size)
        {
            CheckConsole("process.consoleSize.height", size.Height);
            CheckConsole("process.consoleSize.width", size.Width);
        }
    }

    private static void CheckEnvironment(string[] environment)
    {
        for (int i = 0; i < environment.Length; i++)
        {
            int equals = environment[i].IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
            {
                // Without the text: it may be a secret.
                throw Reject.Rule(
                    $"process.env[{i}]",
                    equals < 0 ? "invalid environment variable: missing '='" : "invalid environment variable: name cannot be empty");
            }
        }
    }

    private static void CheckRlimits(Rlimit[] limits)
    {
        uint seen = 0;
        for (int i = 0; i < limits.Length; i++)
        {
            Rlimit limit = limits[i];
            int number = RlimitNames.Number(limit.Type);
            if (number < 0)
            {
                throw Reject.Value($"process.rlimits[{i}].type", "wrong rlimit value", limit.Type);
            }

            if ((seen & (1u << number)) != 0)
            {
                throw Reject.Value($"process.rlimits[{i}].type", "must not be given twice", limit.Type);
            }

            seen |= 1u << number;
            if (limit.Soft > limit.Hard)
            {
                throw Reject.Rule(
                    $"process.rlimits[{i}].soft", $"must not be above the hard limit {limit.Hard}, got {limit.Soft}");
            }
        }
    }

    private static void CheckCapabilities(Capabilities? sets, List<string> warnings)
    {
        if (sets is null)
        {
            return;
        }

        SortedSet<string>? unknown = null;
        CollectUnknown(sets.Bounding, ref unknown);
        CollectUnknown(sets.Effective, ref unknown);
        CollectUnknown(sets.Inheritable, ref unknown);
        CollectUnknown(sets.Permitted, ref unknown);
        CollectUnknown(sets.Ambient, ref unknown);
        if (unknown is not null)
        {
            warnings.Add($"ignoring unknown or unavailable capabilities: [{Printable.Shorten(string.Join(' ', unknown))}]");
        }
    }

    private static void CollectUnknown(string[]? set, ref SortedSet<string>? unknown)
    {
        foreach (string name in set ?? [])
        {
            if (CapabilityNames.Number(name) < 0)
            {
                _ = (unknown ??= new SortedSet<string>(StringComparer.Ordinal)).Add(name);
            }
        }
    }

    private static void CheckConsole(string path, uint size)
    {
        if (size > MaxConsoleSize)
        {
            throw Reject.Number(path, "must not be above 65535", size);
        }
    }
}
