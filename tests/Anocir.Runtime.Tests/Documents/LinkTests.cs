using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using Xunit;

namespace Anocir.Runtime.Tests.Documents;

/// <summary>The documents lead somewhere: every relative link in them names a file of the repository.</summary>
public sealed class LinkTests
{
    [Fact]
    public void Every_relative_link_has_a_target()
    {
        string root = Root();
        List<string> broken = [];
        foreach (string file in Directory.GetFiles(root, "*.md").Concat(Directory.GetFiles(root + "/docs", "*.md", SearchOption.AllDirectories)))
        {
            foreach (string link in Links(File.ReadAllText(file)))
            {
                string target = Path.Combine(Path.GetDirectoryName(file)!, link.Split('#')[0]);
                if (!link.Contains("://", StringComparison.Ordinal) && link[0] != '#' && !Path.Exists(target))
                {
                    broken.Add($"{Path.GetRelativePath(root, file)}: {link}");
                }
            }
        }

        Assert.Empty(broken);
    }

    private static IEnumerable<string> Links(string text)
    {
        for (int at = text.IndexOf("](", StringComparison.Ordinal); at >= 0; at = text.IndexOf("](", at + 1, StringComparison.Ordinal))
        {
            int end = text.IndexOf(')', at);
            if (end > at + 2)
            {
                yield return text[(at + 2)..end];
            }
        }
    }

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../.."));
}
