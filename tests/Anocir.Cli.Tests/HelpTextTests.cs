using System;
using System.Collections.Generic;
using Anocir.Cli.CommandLine;
using Xunit;

namespace Anocir.Cli.Tests;

public sealed unsafe class HelpTextTests
{
    public static TheoryData<int> Commands()
    {
        var data = new TheoryData<int>();
        for (CommandId id = CommandId.Anocir; id < CommandId.Count; id++)
        {
            data.Add((int)id);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void NamesEveryOption(int command)
    {
        string help = HelpText.For((CommandId)command);
        CommandInfo info = CommandTable.Get((CommandId)command);
        Assert.Contains(" - " + info.Summary + "\n", help, StringComparison.Ordinal);
        Assert.Contains("--help, -h", help, StringComparison.Ordinal);
        foreach (OptionId id in info.Options)
        {
            OptionInfo option = OptionTable.Get(id);
            string value = option.ValueName is { } name ? " " + name : "";
            Assert.Contains("   --" + option.Name + value, help, StringComparison.Ordinal);
            Assert.Contains(option.Help, help, StringComparison.Ordinal);
            if (option.Letter != '\0')
            {
                Assert.Contains(", -" + option.Letter + value, help, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void FitsAPageAndHasNoStrayBlanks(int command)
    {
        foreach (string line in HelpText.For((CommandId)command).Split('\n'))
        {
            Assert.True(line.Length <= 140, line);
            Assert.Equal(line.TrimEnd(), line);
        }
    }

    [Fact]
    public void TheProgramNamesEveryCommand()
    {
        string help = HelpText.For(CommandId.Anocir);
        Assert.StartsWith("NAME:\n   anocir - Open Container Initiative runtime\n", help);
        for (CommandId id = CommandId.Anocir + 1; id < CommandId.Count; id++)
        {
            CommandInfo info = CommandTable.Get(id);
            Assert.Equal(!info.IsHidden, help.Contains("\n   " + info.Name + " ", StringComparison.Ordinal));
            Assert.True(info.Run != null);
            Assert.True(CommandTable.TryFind(info.Name, out CommandId found));
            Assert.Equal(id, found);
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void NoNameIsTakenTwice(int command)
    {
        var names = new HashSet<string> { "help", "h" };
        foreach (OptionId id in CommandTable.Get((CommandId)command).Options)
        {
            OptionInfo option = OptionTable.Get(id);
            Assert.True(names.Add(option.Name), option.Name);
            Assert.True(option.Name.Length > 1);
            Assert.True(option.Letter == '\0' || names.Add(option.Letter.ToString()), option.Name);
        }
    }

    [Fact]
    public void CreateSaysThatNoSubreaperHasNoEffect()
    {
        Assert.Matches("--no-subreaper +no effect, ", HelpText.For(CommandId.Create));
        Assert.DoesNotMatch("--no-subreaper +no effect", HelpText.For(CommandId.Run));
    }

    [Fact]
    public void NoCommandIsTheProgramOrUnknown()
    {
        Assert.False(CommandTable.TryFind("anocir", out _));
        Assert.False(CommandTable.TryFind("Create", out _));
        Assert.False(CommandTable.TryFind("", out _));
    }
}
