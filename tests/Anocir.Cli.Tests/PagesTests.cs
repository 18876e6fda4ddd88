using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Anocir.Cli.CommandLine;
using Anocir.Cli.Pages;
using Anocir.Runtime.Errors;
using Xunit;

namespace Anocir.Cli.Tests;

/// <summary>Manual pages in mandoc, completions in the shells that they are for, and the command that writes them.</summary>
public sealed class PagesTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("anocir-pages-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task The_command_writes_a_tree_as_below_share_with_the_date_of_the_sources()
    {
        Command run = await Command.Run(["pages", _directory + "/share"], new() { ["SOURCE_DATE_EPOCH"] = "86400" });
        Assert.Equal(new Command(0, "", ""), run);

        string[] expected =
        [
            "man/man7/anocir-errors.7", "bash-completion/completions/anocir", "fish/vendor_completions.d/anocir.fish", "zsh/vendor-completions/_anocir",
            .. VisibleCommands().Select(static id => "man/man1/" + ManPage.NameOf(id) + ".1"),
        ];
        string[] written = [.. Directory.GetFiles(_directory + "/share", "*", SearchOption.AllDirectories)];
        Assert.Equal(expected.Order(StringComparer.Ordinal), written.Select(f => f[(_directory.Length + 7)..]).Order(StringComparer.Ordinal));
        Assert.StartsWith(
            ".TH ANOCIR 1 1970-01-02 \"anocir 0.1.0\"\n", await File.ReadAllTextAsync(_directory + "/share/man/man1/anocir.1"));
    }

    [Fact]
    public async Task A_directory_that_cannot_be_written_is_named()
    {
        Command run = await Command.Run(["pages", "/proc/nowhere"]);
        Assert.Equal(1, run.Status);
        Assert.Contains("cannot create '/proc/nowhere': no such file or directory (ENOENT)", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_page_is_clean_for_mandoc_and_shows_its_options()
    {
        foreach (CommandId id in VisibleCommands())
        {
            string file = _directory + "/" + ManPage.NameOf(id) + ".1";
            await File.WriteAllTextAsync(file, ManPage.For(id, DateTimeOffset.UnixEpoch));

            Command lint = await Shell("mandoc", ["-Tlint", "-Wwarning", file]);
            Assert.Equal(new Command(0, "", ""), lint);
            string page = (await Shell("mandoc", ["-Tascii", "-Owidth=300", file])).Output;
            page = System.Text.RegularExpressions.Regex.Replace(page, ".\b", "");
            foreach (string name in OptionNames(id))
            {
                Assert.Contains(name, page, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task The_page_of_errors_is_clean_and_has_each_message()
    {
        Assert.True(TopicTable.TryFind("errors", out TopicInfo topic));
        string file = _directory + "/anocir-errors.7";
        await File.WriteAllTextAsync(file, ManPage.For(topic, DateTimeOffset.UnixEpoch));
        Assert.Equal(new Command(0, "", ""), await Shell("mandoc", ["-Tlint", "-Wwarning", file]));
        string page = (await Shell("mandoc", ["-Tutf8", "-Owidth=500", file])).Output;
        Assert.All(ErrorCatalogue.All, cause => Assert.Contains(cause.Message, page, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("anocir st", "start state")]
    [InlineData("anocir --log-l", "--log-level")]
    [InlineData("anocir --log-level=w", "warning")]
    [InlineData("anocir --log-format ", "text json")]
    [InlineData("anocir create --bun", "--bundle")]
    [InlineData("anocir create -b DIR/in", "DIR/inner")]
    [InlineData("anocir create -f DIR/co", "DIR/config.json")]
    [InlineData("anocir --root /r state ", "c1 c2")]
    [InlineData("anocir state c2", "c2")]
    [InlineData("anocir create ", "")]
    [InlineData("anocir kill c1 K", "KILL")]
    [InlineData("anocir list --format j", "json")]
    [InlineData("anocir help mess", "messages")]
    [InlineData("anocir delete --fo", "--force")]
    [InlineData("anocir check DIR/in", "DIR/inner")]
    public async Task Bash_completes(string line, string proposals)
    {
        MakeFakeProgram();
        await File.WriteAllTextAsync(_directory + "/script", BashCompletion.Text());
        string script = $$"""
            PATH={{_directory}}:$PATH; . {{_directory}}/script
            line='{{line}}'; line=${line//=/ = }; read -ra COMP_WORDS <<<"$line"; [[ $line != *' ' ]] || COMP_WORDS+=('')
            COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _anocir; echo "${COMPREPLY[@]}"
            """;

        Command run = await Shell("bash", ["-c", script.Replace("DIR", _directory, StringComparison.Ordinal)]);

        Assert.Equal(new Command(0, proposals.Replace("DIR", _directory, StringComparison.Ordinal) + "\n", ""), run);
    }

    [Theory]
    [InlineData("anocir st", "start state")]
    [InlineData("anocir --log-l", "--log-level")]
    [InlineData("anocir --log-level w", "warning")]
    [InlineData("anocir create --bun", "--bundle")]
    [InlineData("anocir --root /r state ", "c1 c2")]
    [InlineData("anocir kill K", "KILL")]
    public async Task Fish_completes(string line, string proposals)
    {
        MakeFakeProgram();
        await File.WriteAllTextAsync(_directory + "/script", FishCompletion.Text());
        Command run = await Shell(
            "fish", ["--no-config", "-c", $"set -x PATH {_directory} $PATH; source {_directory}/script; complete --do-complete '{line}'"]);

        IEnumerable<string> found = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static l => l.Split('\t')[0]);
        Assert.Equal((0, proposals), (run.Status, string.Join(' ', found.Order(StringComparer.Ordinal))));
    }

    [Fact]
    public async Task Zsh_reads_its_function()
    {
        await File.WriteAllTextAsync(_directory + "/_anocir", ZshCompletion.Text());
        Assert.Equal(new Command(0, "", ""), await Shell("zsh", ["-f", "-n", _directory + "/_anocir"]));
        foreach (CommandId id in VisibleCommands())
        {
            Assert.All(OptionNames(id), name => Assert.Contains(name, ZshCompletion.Text(), StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Each_topic_is_help_and_a_section_of_the_manual()
    {
        string page = ManPage.For(CommandId.Anocir, DateTimeOffset.UnixEpoch);
        for (int i = 0; i < TopicTable.Count; i++)
        {
            TopicInfo topic = TopicTable.Get(i);
            Command run = await Command.Run(["help", topic.Name]);
            Assert.Equal(new Command(0, HelpText.For(topic), ""), run);
            Assert.False(CommandTable.TryFind(topic.Name, out _));
            string heading = ".SH \"" + topic.Name.ToUpperInvariant().Replace('-', ' ') + "\"\n";
            Assert.Equal(!topic.HasPage, page.Contains(heading, StringComparison.Ordinal));
            Assert.Contains("   " + topic.Name + " ", HelpText.For(CommandId.Anocir), StringComparison.Ordinal);
            Assert.All(topic.Text.Split('\n'), line => Assert.True((topic.HasPage || line.Length <= 140) && line == line.TrimEnd(), line));
        }
    }

    private static List<CommandId> VisibleCommands()
    {
        var ids = new List<CommandId>();
        for (CommandId id = CommandId.Anocir; id < CommandId.Count; id++)
        {
            if (!CommandTable.Get(id).IsHidden)
            {
                ids.Add(id);
            }
        }

        return ids;
    }

    private static List<string> OptionNames(CommandId command)
    {
        List<string> names = ["--help"];
        foreach (OptionId id in CommandTable.Get(command).Options)
        {
            names.Add("--" + OptionTable.Get(id).Name);
        }

        return names;
    }

    // What the completions ask for the containers below a root.
    private void MakeFakeProgram()
    {
        _ = Directory.CreateDirectory(_directory + "/inner");
        File.WriteAllText(_directory + "/config.json", "");
        string program = _directory + "/anocir";
        File.WriteAllText(program, "#!/bin/sh\ncase $* in '--root /r list --quiet' | 'list --quiet') echo c1; echo c2 ;; *) exit 9 ;; esac\n");
        File.SetUnixFileMode(program, (UnixFileMode)0x1ed);
    }

    private static async Task<Command> Shell(string program, string[] arguments)
    {
        // Other lanes than the host's, which 'make test' fits out, may lack a shell.
        bool isThere = Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(directory => File.Exists(directory + "/" + program));
        Assert.SkipUnless(isThere || (Environment.GetEnvironmentVariable("ANOCIR_LANE") ?? "host") == "host", "this machine lacks " + program);
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C.UTF-8";
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new Command(process.ExitCode, await output, await error);
    }
}
