using System;
using System.Globalization;
using System.Text;
using Anocir.Cli.CommandLine;
using Anocir.Cli.Pages;
using Anocir.Linux;
using Anocir.Runtime.Errors;

namespace Anocir.Cli.Commands;

/// <summary>
/// <c>anocir pages</c> (hidden): manual pages and completions, written into a tree as below /usr/share. A command, so that the one binary is
/// enough to install them.
/// </summary>
internal static class PagesCommand
{
    private const uint FileMode = 0x1a4; // 0644
    private const uint DirectoryMode = 0x1ed; // 0755

    public static int Run(Arguments arguments)
    {
        string directory = arguments.Operand(0)!;
        MakeDirectory(directory);
        DateTimeOffset date = Date();
        for (CommandId command = CommandId.Anocir; command < CommandId.Count; command++)
        {
            if (!CommandTable.Get(command).IsHidden)
            {
                Write(directory, "man/man1", ManPage.NameOf(command) + ".1", ManPage.For(command, date));
            }
        }

        for (int i = 0; i < TopicTable.Count; i++)
        {
            TopicInfo topic = TopicTable.Get(i);
            if (topic.HasPage)
            {
                Write(directory, "man/man7", $"anocir-{topic.Name}.7", ManPage.For(topic, date));
            }
        }

        Write(directory, "bash-completion/completions", "anocir", BashCompletion.Text());
        Write(directory, "zsh/vendor-completions", "_anocir", ZshCompletion.Text());
        Write(directory, "fish/vendor_completions.d", "anocir.fish", FishCompletion.Text());
        return 0;
    }

    // The date in the footer: that of the sources, when the build names it (reproducible-builds.org), else today.
    private static DateTimeOffset Date() =>
        long.TryParse(Environment.GetEnvironmentVariable("SOURCE_DATE_EPOCH"), NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
        && seconds <= uint.MaxValue ? DateTimeOffset.FromUnixTimeSeconds(seconds) : DateTimeOffset.UtcNow;

    private static void Write(string directory, string folder, string name, string text)
    {
        string path = directory;
        foreach (string part in folder.Split('/'))
        {
            path += "/" + part;
            MakeDirectory(path);
        }

        path += "/" + name;
        SysResult opened = Sys.Open(path, O.WRONLY | O.CREAT | O.TRUNC | O.CLOEXEC, FileMode);
        if (opened.IsError)
        {
            throw ContainerException.System("create", path, opened.Errno);
        }

        using var file = new Fd(opened.Int);
        SysResult written = Sys.WriteAll(file.Number, Encoding.UTF8.GetBytes(text));
        if (written.IsError)
        {
            throw ContainerException.System("write", path, written.Errno);
        }
    }

    private static void MakeDirectory(string path)
    {
        SysResult made = Sys.MkdirAt(At.FDCWD, path, DirectoryMode);
        if (made.IsError && made.Errno != Errno.EEXIST)
        {
            throw ContainerException.System("create", path, made.Errno);
        }
    }
}
