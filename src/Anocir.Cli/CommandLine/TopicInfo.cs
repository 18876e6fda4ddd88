namespace Anocir.Cli.CommandLine;

/// <summary>One row of <see cref="TopicTable"/>.</summary>
internal readonly struct TopicInfo
{
    /// <summary>A topic with its text.</summary>
    public TopicInfo(string name, string summary, string text, bool hasPage = false)
    {
        Name = name;
        Summary = summary;
        Text = text;
        HasPage = hasPage;
    }

    /// <summary>Word after <c>anocir help</c>, in upper case the heading in anocir(1).</summary>
    public string Name { get; }

    /// <summary>What it is about, one line.</summary>
    public string Summary { get; }

    /// <summary>Paragraphs with an empty line between; lines that begin with four blanks stay as they are. No newline at the end.</summary>
    public string Text { get; }

    /// <summary>Whether it has a manual page of its own, anocir-NAME(7), in the place of a section of anocir(1).</summary>
    public bool HasPage { get; }
}
