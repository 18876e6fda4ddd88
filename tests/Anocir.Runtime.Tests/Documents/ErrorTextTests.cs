using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Anocir.Linux;
using Anocir.Plan;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Planning;
using Xunit;

namespace Anocir.Runtime.Tests.Documents;

/// <summary>docs/errors.md explains every hint there is, no other, and quotes fixed phrases as the code has them.</summary>
public sealed partial class ErrorTextTests
{
    [Fact]
    public void Every_hint_of_a_step_is_explained_and_no_other()
    {
        SortedSet<string> hints = new(StringComparer.Ordinal);
        foreach (StepKind kind in Enum.GetValues<StepKind>())
        {
            foreach (Errno errno in Enum.GetValues<Errno>())
            {
                // What a hint may depend on besides the two: a user namespace among the flags, the flag for targets without symlinks, idmapping.
                foreach (Step step in (Step[])[default, new() { X = CloneNew.User, Flags = (ushort)StepFlags.NoSymlinks }, new() { X = MountAttr.IDMAP }])
                {
                    foreach (string property in (string[])["", "process.apparmorProfile", "process.selinuxLabel"])
                    {
                        if (StepHints.For(kind, step, errno, property) is { } hint)
                        {
                            _ = hints.Add(hint);
                        }
                    }
                }
            }
        }

        // Words that dockerd, Podman and containerd's shim take for the cause, whatever stands around them.
        string[] words =
        [
            "is a directory", "not a directory", "permission denied", "operation not permitted", "no such file or directory", "no such process",
            "executable file not found", "does not exist", "not running",
        ];
        Assert.All(hints, hint => Assert.DoesNotContain(words, word => hint.Contains(word, StringComparison.OrdinalIgnoreCase)));
        Assert.Equal(hints, [.. FirstCells("## Hints", "After `exec NAME"), .. FirstCells("With any operation", "When execve answers")]);
    }

    [Fact]
    public void Every_hint_of_an_exec_is_explained_and_no_other() => Assert.Equal(
        new SortedSet<string>(
            Enum.GetValues<Errno>().Select(static errno => ProgramText.ExecFailed("x", errno).Split("; hint: ")).Where(static p => p.Length == 2)
                .Select(static p => p[1]),
            StringComparer.Ordinal),
        FirstCells("After `exec NAME", "With any operation"));

    /// <summary>The table of the catalogue is made from the code; $ANOCIR_UPDATE_DOCUMENTS=1 writes it.</summary>
    [Fact]
    public void The_catalogue_is_the_codes()
    {
        const string From = "| message | cause | what to do |\n| --- | --- | --- |\n", To = "\n## Fixed phrases";
        string file = Root() + "/docs/errors.md";
        string text = File.ReadAllText(file);
        int start = text.IndexOf(From, StringComparison.Ordinal) + From.Length;
        int end = text.IndexOf(To, StringComparison.Ordinal);
        string table = string.Concat(ErrorCatalogue.All.Select(static c => $"| `{c.Message}` | {c.Cause} | {c.Fix} |\n".Replace("  |", " |", StringComparison.Ordinal)));
        if (Environment.GetEnvironmentVariable("ANOCIR_UPDATE_DOCUMENTS") == "1")
        {
            File.WriteAllText(file, text[..start] + table + text[end..]);
            return;
        }

        Assert.Equal(table, text[start..end]);
    }

    [Fact]
    public void Hints_of_an_errno_follow_where_nothing_more_exact_is_known()
    {
        Assert.EndsWith(
            "stale file handle (ESTALE); hint: the server of this network mount no longer has the file: unmount and mount it again",
            ContainerException.System("open", "/x", Errno.ESTALE).Message);
        Assert.EndsWith(" (ENOENT)", ContainerException.System("open", "/x", Errno.ENOENT).Message);
        Assert.EndsWith(" (ESTALE); hint: own", ContainerException.System("open", "/x", Errno.ESTALE, "own").Message);
        Assert.Equal(ErrnoHints.For(Errno.ENOTCONN), StepHints.For(StepKind.OpenTree, default, Errno.ENOTCONN, ""));
    }

    [Fact]
    public void Fixed_phrases_are_in_the_code()
    {
        string code = string.Concat(
            Directory.GetFiles(Root() + "/src", "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText)).Replace("\\\"", "\"", StringComparison.Ordinal);
        SortedSet<string> phrases = FirstCells("## Fixed phrases", "## Hints");
        Assert.True(phrases.Count > 10);
        string[] parts = [.. phrases.SelectMany(static cell => Code().Matches(cell)).SelectMany(static m => Placeholder().Split(m.Groups[1].Value))];
        Assert.All(parts, part => Assert.Contains(part, code, StringComparison.Ordinal));
    }

    private static SortedSet<string> FirstCells(string from, string to)
    {
        string text = File.ReadAllText(Root() + "/docs/errors.md");
        int start = text.IndexOf(from, StringComparison.Ordinal);
        int end = text.IndexOf(to, start, StringComparison.Ordinal);
        Assert.True(start >= 0 && end > start, $"docs/errors.md lacks '{from}' or '{to}'");
        return new SortedSet<string>(
            text[start..end].Split('\n').Where(static line => line.StartsWith("| ", StringComparison.Ordinal))
                .Select(static line => line.Split('|')[1].Trim()).Where(static cell => cell is not ("hint" or "phrase" or "---")),
            StringComparer.Ordinal);
    }

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../.."));

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    // Names in capitals stand for what varies; so does the text of the phrase that another one begins with.
    [GeneratedRegex(@"'?\b(?:ID|STATUS|N|X|config\.json|container does not exist: )\b'?|container does not exist: ")]
    private static partial Regex Placeholder();
}
