using System;
using Anocir.Cli.CommandLine;
using Anocir.Cli.Output;
using Anocir.Runtime.Errors;
using Xunit;

namespace Anocir.Cli.Tests;

public sealed class ErrorRendererTests
{
    [Theory]
    [InlineData("create", "anocir create failed: no")]
    [InlineData("run", "anocir run failed: no")]
    [InlineData("finish", "anocir run failed: no")]
    [InlineData("start", "no")]
    [InlineData("state", "no")]
    [InlineData("delete", "no")]
    public void OnlyCreateAndRunSayWhoFailed(string command, string expected)
    {
        Assert.True(CommandTable.TryFind(command, out CommandId id));
        Assert.Equal(expected, ErrorRenderer.Message(new ContainerException("no"), id));
    }

    [Fact]
    public void AnUnexpectedExceptionAsksForAReport()
    {
        string message = ErrorRenderer.Message(new InvalidOperationException("why"), CommandId.Create);
        Assert.Equal(
            "internal error: InvalidOperationException: why; this is a bug in anocir 0.1.0, please report it with the command line and config.json",
            message);
    }

    [Fact]
    public void UsageErrorsStandAlone() =>
        Assert.Equal("no", ErrorRenderer.Message(new UsageException(CommandId.Create, "no"), CommandId.Create));

    [Fact]
    public void TablesHaveRuncsColumns() => Assert.Equal(
        "ID                 PID         OWNER\na-very-long-name   7           root\n",
        Table.Format([["ID", "PID", "OWNER"], ["a-very-long-name", "7", "root"]]));

    [Fact]
    public void ATableForgesNoLinesAndMovesNoCursor()
    {
        string table = Table.Format([["A", "B"], ["x\nok", "\u001b[2Jy"]]);
        Assert.Equal(2, table.AsSpan().Count('\n'));
        Assert.DoesNotContain('\u001b', table);
    }
}
