using System;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Anocir.Integration.Tests.Fixture;
using Xunit;

namespace Anocir.Integration.Tests.Documents;

/// <summary>The messages of docs/errors.md: each is what really comes, and each that is shown is made to happen here.</summary>
public sealed partial class ErrorExampleTests : ContainerTest
{
    public static TheoryData<string> Messages() => [.. ErrorCases.Messages];

    [Theory]
    [MemberData(nameof(Messages))]
    public void An_example_is_what_comes(string message)
    {
        ErrorCase cause = ErrorCases.Get(message);
        if (cause.Before is not null || cause.Wrapper.Length > 0)
        {
            Require.HostLane();
        }

        cause.Needs();
        Bundle bundle = NewBundle().WithoutNamespace("cgroup").Args("/bin/true"); // `spec` has that one on cgroup v2 only
        cause.Change(bundle);
        bundle.Write();
        cause.Afterwards(bundle);
        string[] before = cause.Before is null ? []
            : ["/usr/bin/unshare", "--mount", "--pid", "--fork", "--mount-proc", "/bin/sh", "-ec", Tagged(cause.Before) + "\nexec \"$@\"", "sh"];

        CliResult result = Cli.Execute(
            [
                .. before, .. cause.Wrapper, Paths.Anocir, "--root", Root, .. cause.Global, "run", "--bundle", bundle.Dir, .. cause.Options,
                cause.Id ?? Id,
            ],
            new SpawnOptions());
        RemoveOwnCgroups();

        string error = Cgroup().Replace(result.Error.Replace(bundle.Dir, "BUNDLE", StringComparison.Ordinal), "cgroup 'CGROUP'");
        Assert.Equal((1, "anocir run failed: " + message), (result.Code, ErrorCases.Normalize(error)));
        Assert.Equal(1, result.Stderr.AsSpan().Count('\n'));
    }

    [Fact]
    public void The_document_shows_these_and_no_others()
    {
        string text = Document();
        int start = text.IndexOf("## Catalogue", StringComparison.Ordinal);
        string[] shown =
        [
            .. text[start..text.IndexOf("## Fixed phrases", StringComparison.Ordinal)].Split('\n')
                .Where(static line => line.StartsWith("| `", StringComparison.Ordinal))
                .Select(static line => line.Split('`')[1]),
        ];
        Assert.Equal(ErrorCases.Messages.Order(StringComparer.Ordinal), shown.Order(StringComparer.Ordinal));
        Assert.True(shown.Length >= 40);
    }

    private string Tagged(string script) => script.Replace("TAG", Tag, StringComparison.Ordinal);

    // Those that a case has made around the command.
    private void RemoveOwnCgroups()
    {
        foreach (string path in Cgroups.Named(Tag).OrderByDescending(static path => path.Length))
        {
            Deadline.WaitFor(() => !Directory.Exists(path) || TryRemove(path), $"cgroup {path} to be removed");
        }
    }

    private static bool TryRemove(string path)
    {
        try
        {
            Directory.Delete(path);
            return true;
        }
        catch (IOException)
        {
            return false; // the last process in it has not been reaped yet
        }
    }

    private static string Document([CallerFilePath] string here = "") =>
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "../../../docs/errors.md"));

    [GeneratedRegex("cgroup '[^']+'")]
    private static partial Regex Cgroup();
}
