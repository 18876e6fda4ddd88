using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using Anocir.Plan;
using Xunit;

namespace Anocir.Runtime.Tests.Documents;

/// <summary>docs/plan-format.md names every kind, message, flag and fixed slot, with its number, and no other.</summary>
public sealed class PlanFormatTests
{
    [Fact]
    public void Every_kind_of_step_has_its_row() =>
        Assert.Equal(Rows<StepKind>(static kind => kind != StepKind.None), Section("## Kinds", "## Messages"));

    [Fact]
    public void Every_message_has_its_row() =>
        Assert.Equal(Rows<SyncKind>(static kind => kind != SyncKind.None), Section("## Messages", "On the reply FIFO"));

    [Fact]
    public void Every_flag_has_its_row() =>
        Assert.Equal(Rows<StepFlags>(static flag => flag != StepFlags.None), Section("| flag |", "## What init checks"));

    [Fact]
    public void The_version_is_the_current_one() =>
        Assert.Contains($"| Version | u16 | {PlanHeader.CurrentVersion};", Text(), StringComparison.Ordinal);

    private static SortedSet<string> Rows<T>(Func<T, bool> isWanted)
        where T : struct, Enum =>
        [.. Enum.GetValues<T>().Where(isWanted).Select(static v => string.Create(CultureInfo.InvariantCulture, $"{v} = {v:D}"))];

    // "| name | number | …" becomes "name = number".
    private static SortedSet<string> Section(string from, string to)
    {
        string text = Text();
        int start = text.IndexOf(from, StringComparison.Ordinal);
        int end = text.IndexOf(to, start, StringComparison.Ordinal);
        Assert.True(start >= 0 && end > start, $"docs/plan-format.md lacks '{from}' or '{to}'");
        return
        [
            .. text[start..end].Split('\n')
                .Select(static line => line.Split('|', StringSplitOptions.TrimEntries))
                .Where(static cells => cells.Length > 3 && int.TryParse(cells[2], NumberStyles.None, CultureInfo.InvariantCulture, out _))
                .Select(static cells => cells[1] + " = " + cells[2]),
        ];
    }

    private static string Text([CallerFilePath] string here = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "../../../docs/plan-format.md"));
}
