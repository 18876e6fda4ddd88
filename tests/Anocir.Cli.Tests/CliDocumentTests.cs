using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Anocir.Cli.CommandLine;
using Xunit;

namespace Anocir.Cli.Tests;

/// <summary>docs/cli.md has each command with its usage line and each of its options, and no option that there is not.</summary>
public sealed partial class CliDocumentTests
{
    private static readonly Dictionary<string, string> s_sections = Sections();

    public static TheoryData<int> Commands() =>
        [.. Enumerable.Range(0, (int)CommandId.Count).Where(static id => !CommandTable.Get((CommandId)id).IsHidden)];

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_command_has_its_usage_and_its_options(int command)
    {
        CommandInfo info = CommandTable.Get((CommandId)command);
        bool isProgram = (CommandId)command == CommandId.Anocir;
        string section = s_sections[isProgram ? "Global options" : info.Name];
        string usage = isProgram ? info.Operands : info.Name + (info.Operands.Length == 0 ? "" : " " + info.Operands);
        Assert.Contains("\n    anocir " + usage + "\n", isProgram ? s_sections[""] : section, StringComparison.Ordinal);
        foreach (OptionId id in info.Options)
        {
            OptionInfo option = OptionTable.Get(id);
            string value = option.ValueName is { } name ? " " + name : "";
            Assert.Contains($"`--{option.Name}{value}`", section.Replace("\\|", "|", StringComparison.Ordinal), StringComparison.Ordinal);
            if (option.Letter != '\0')
            {
                Assert.Matches($"`--{option.Name}{Regex.Escape(value)}`, `-{option.Letter}`", section);
            }
        }
    }

    [Fact]
    public void No_section_has_an_option_that_its_commands_do_not_have()
    {
        foreach ((string command, string section) in s_sections)
        {
            if (CommandTable.TryFind(command, out CommandId id))
            {
                string[] known = [.. Names(CommandId.Anocir), .. s_sections.Where(s => s.Value == section).SelectMany(s => Names(s.Key))];
                Assert.All(Option().Matches(section), match => Assert.Contains(match.Groups[1].Value, known));
            }
        }
    }

    private static List<string> Names(string command) => CommandTable.TryFind(command, out CommandId id) ? Names(id) : [];

    private static List<string> Names(CommandId command)
    {
        List<string> names = ["help"];
        foreach (OptionId id in CommandTable.Get(command).Options)
        {
            names.Add(OptionTable.Get(id).Name);
        }

        return names;
    }

    // "## start, state" is the section of both; what comes before the first heading is that of "".
    private static Dictionary<string, string> Sections([CallerFilePath] string here = "")
    {
        var sections = new Dictionary<string, string>();
        string text = File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "../../docs/cli.md"));
        foreach (string part in ("\n" + text).Split("\n## "))
        {
            string heading = part.StartsWith('\n') ? "" : part.Split('\n')[0];
            foreach (string name in heading.Split(", "))
            {
                sections.Add(name, part);
            }
        }

        return sections;
    }

    [GeneratedRegex("--([a-z][a-z-]+)")]
    private static partial Regex Option();
}
