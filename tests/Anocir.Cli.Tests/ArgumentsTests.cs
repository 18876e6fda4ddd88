using Anocir.Cli.CommandLine;
using CsCheck;
using Xunit;

namespace Anocir.Cli.Tests;

public sealed class ArgumentsTests
{
    [Theory]
    [InlineData("--bundle", "/b", "x")]
    [InlineData("--bundle=/b", "x")]
    [InlineData("-bundle", "/b", "x")]
    [InlineData("-bundle=/b", "x")]
    [InlineData("-b", "/b", "x")]
    [InlineData("-b=/b", "x")]
    [InlineData("--b", "/b", "x")]
    [InlineData("x", "--bundle", "/b")]
    [InlineData("--bundle", "/a", "x", "-b", "/b")]
    [InlineData("-b", "/b", "--", "x")]
    public void TextOptions(params string[] args)
    {
        Arguments parsed = Parse(CommandId.Create, args);
        Assert.Equal("/b", parsed.Text(OptionId.Bundle));
        Assert.Equal("x", parsed.Operand(0));
        Assert.Null(parsed.Operand(1));
    }

    [Fact]
    public void ExecLeavesEverythingBehindTheIdAlone()
    {
        Arguments parsed = Parse(CommandId.Exec, "-e", "A=1", "--env=B=2,3", "-t", "x", "--", "-t=false", "--env", "C=3", "--help", "-5");

        Assert.Equal("x", parsed.Operand(0));
        Assert.Equal(["--", "-t=false", "--env", "C=3", "--help", "-5"], parsed.OperandsFrom(1));
        Assert.Equal(["A=1", "B=2,3"], parsed.Texts(OptionId.Env));
        Assert.True(parsed.Has(OptionId.Tty));
        Assert.False(parsed.Has(OptionId.Help));
    }

    [Fact]
    public void TwoDashesBeforeTheIdEndTheOptions()
    {
        Arguments parsed = Parse(CommandId.Exec, "-t", "--", "-x", "-t");

        Assert.Equal(("-x", "-t"), (parsed.Operand(0), parsed.Operand(1)));
        Assert.Empty(parsed.Texts(OptionId.Cap));
        Assert.Empty(parsed.OperandsFrom(2));
    }

    [Theory]
    [InlineData("--detach", true)]
    [InlineData("-d", true)]
    [InlineData("-detach", true)]
    [InlineData("--detach=true", true)]
    [InlineData("--detach=1", true)]
    [InlineData("--detach=T", true)]
    [InlineData("--detach=", true)]
    [InlineData("--detach=false", false)]
    [InlineData("--detach=0", false)]
    [InlineData("--detach=F", false)]
    [InlineData("--keep", false)]
    public void Flags(string arg, bool expected) => Assert.Equal(expected, Parse(CommandId.Run, arg, "x").Has(OptionId.Detach));

    [Fact]
    public void TheLastFlagWins() => Assert.False(Parse(CommandId.Run, "-d", "x", "--detach=false").Has(OptionId.Detach));

    [Fact]
    public void AValueMayLookLikeAnOption() =>
        Assert.Equal("--detach", Parse(CommandId.Run, "--pid-file", "--detach", "x").Text(OptionId.PidFile));

    [Fact]
    public void AnEmptyPathCountsAsNotGiven()
    {
        Arguments parsed = Parse(CommandId.Run, "--pid-file=", "--console-socket", "", "x");
        Assert.Equal("", parsed.Text(OptionId.PidFile));
        Assert.Null(parsed.Path(OptionId.PidFile));
        Assert.Null(parsed.Path(OptionId.ConsoleSocket));
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("3", 3)]
    [InlineData("2147483647", int.MaxValue)]
    public void Numbers(string text, int expected) =>
        Assert.Equal(expected, Parse(CommandId.Create, "--preserve-fds", text, "x").Number(OptionId.PreserveFds));

    [Theory]
    [InlineData(new[] { "x", "KILL" }, "KILL", false)]
    [InlineData(new[] { "-a", "x", "9" }, "9", true)]
    [InlineData(new[] { "x", "-a" }, "-a", false)]
    [InlineData(new[] { "x", "--all" }, "--all", false)]
    [InlineData(new[] { "x", "-9" }, "-9", false)]
    [InlineData(new[] { "x", "--help" }, "--help", false)]
    public void KillTakesNoOptionsAfterTheId(string[] args, string signal, bool all)
    {
        Arguments parsed = Parse(CommandId.Kill, args);
        Assert.Equal("x", parsed.Operand(0));
        Assert.Equal(signal, parsed.Operand(1));
        Assert.Equal(all, parsed.Has(OptionId.All));
    }

    [Theory]
    [InlineData("-")]
    [InlineData("")]
    [InlineData("-5")]
    [InlineData("-=")]
    public void ThingsThatAreOperands(string arg) => Assert.Equal(arg, Parse(CommandId.State, arg).Operand(0));

    [Theory]
    [InlineData("create", "flag needs an argument: --bundle", "x", "--bundle")]
    [InlineData("create", "flag needs an argument: -b", "x", "-b")]
    [InlineData("create", "flag provided but not defined: -foo", "--foo", "x")]
    [InlineData("create", "flag provided but not defined: -foo", "-foo=1", "x")]
    [InlineData("create", "flag provided but not defined: -dk", "-dk", "x")]
    [InlineData("create", "flag provided but not defined: -bund", "--bund", "x")]
    [InlineData("create", "flag provided but not defined: -", "--=", "x")]
    [InlineData("state", "flag provided but not defined: -root; hint: it is a global option, put it before the command", "--root", "r", "x")]
    [InlineData("run", "invalid boolean value \"maybe\" for -detach: must be true or false", "-d=maybe", "x")]
    [InlineData("run", "invalid value \"x\" for flag -preserve-fds: must be a whole number, 0 or more", "--preserve-fds", "x", "x")]
    [InlineData("run", "invalid value \"-1\" for flag -preserve-fds: must be a whole number, 0 or more", "--preserve-fds", "-1", "x")]
    [InlineData("run", "invalid value \"2147483648\" for flag -preserve-fds: must be a whole number, 0 or more", "--preserve-fds=2147483648", "x")]
    [InlineData("run", "invalid value \"\" for flag -preserve-fds: must be a whole number, 0 or more", "--preserve-fds=", "x")]
    [InlineData("create", "anocir: \"create\" requires exactly 1 argument(s)")]
    [InlineData("create", "anocir: \"create\" requires exactly 1 argument(s)", "a", "b")]
    [InlineData("list", "anocir: \"list\" requires exactly 0 argument(s)", "a")]
    [InlineData("kill", "anocir: \"kill\" requires a minimum of 1 argument(s)")]
    [InlineData("kill", "anocir: \"kill\" requires a maximum of 2 argument(s)", "a", "b", "c")]
    [InlineData("plan", "anocir: \"plan\" requires a maximum of 1 argument(s)", "a", "b")]
    public void Errors(string command, string message, params string[] args)
    {
        Assert.True(CommandTable.TryFind(command, out CommandId id));
        var e = Assert.Throws<UsageException>(() => Parse(id, args));
        Assert.Equal(message, e.Message);
        Assert.Equal(id, e.Command);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("-help")]
    [InlineData("x", "y", "z", "--help")]
    public void HelpNeedsNoOperands(params string[] args) => Assert.True(Parse(CommandId.Create, args).Has(OptionId.Help));

    [Fact]
    public void GlobalOptionsEndAtTheCommand()
    {
        string[] args = ["--root", "/r", "-debug", "--log-format=json", "state", "--root", "x"];
        Arguments global = Arguments.ParseGlobal(args);
        Assert.Equal("/r", global.Text(OptionId.Root));
        Assert.True(global.Has(OptionId.Debug));
        Assert.Equal("json", global.Text(OptionId.LogFormat));
        Assert.Equal("state", global.Operand(0));
        Assert.Equal(5, global.End);
        Assert.Equal("flag needs an argument: --root", Assert.Throws<UsageException>(() => Arguments.ParseGlobal(["--root"])).Message);
    }

    [Fact]
    public void AnyArgumentsParseOrAreUsageErrors()
    {
        string[] words = ["--", "-", "-d", "--detach=", "--preserve-fds", "-b", "--pid-file=x", "-h", "--root", "x"];
        Gen<string> word = Gen.OneOf(Gen.Int[0, words.Length - 1].Select(i => words[i]), Gen.String);
        Gen.Select(Gen.Int[0, (int)CommandId.Count - 1], word.Array[0, 6]).Sample((command, args) =>
        {
            try
            {
                Parse((CommandId)command, args);
                Arguments.ParseGlobal(args);
            }
            catch (UsageException e)
            {
                Assert.NotEmpty(e.Message);
            }
        });
    }

    private static Arguments Parse(CommandId command, params string[] args)
    {
        string[] all = [.. new[] { "--debug", "command" }, .. args];
        return Arguments.Parse(command, all, 2);
    }
}
