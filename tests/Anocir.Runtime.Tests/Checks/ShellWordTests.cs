using System.Diagnostics;
using Anocir.Runtime.Checks;
using Xunit;

namespace Anocir.Runtime.Tests.Checks;

/// <summary>A path of a bundle stays one word in the commands that check proposes.</summary>
public sealed class ShellWordTests
{
    [Theory]
    [InlineData("/plain")]
    [InlineData("/it's $(here) \"now\" \\ `then`; #")]
    [InlineData("'")]
    [InlineData("two\nlines")]
    public void The_shell_reads_it_as_it_was(string text)
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardOutput = true };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add("printf %s " + ShellWord.Quote(text));
        using Process shell = Process.Start(start)!;
        Assert.Equal(text, shell.StandardOutput.ReadToEnd());
        shell.WaitForExit();
    }
}
