using System;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Lifecycle;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Checks;

/// <summary>Whether the container's program is in its root and can be executed. Files that a mount may bring are left alone.</summary>
internal static class ProgramChecks
{
    private const string Property = "process.args[0]";
    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    public static void Check(CheckReport report, ContainerBundle bundle)
    {
        if (bundle.Config.Process is not { Args.Length: > 0 } process)
        {
            return;
        }

        string program = process.Args[0];
        SysResult opened = Sys.Open(bundle.Rootfs, O.PATH | O.DIRECTORY | O.CLOEXEC);
        if (opened.IsError)
        {
            report.Fail("root.path", $"cannot open '{bundle.Rootfs}': {ErrnoText.Describe(opened.Errno)}", "correct root.path");
            return;
        }

        using var root = new Fd(opened.Int);
        bool mayBeMounted = false;
        foreach (string candidate in Candidates(program, process))
        {
            mayBeMounted |= IsBelowMount(bundle.Config, candidate);
            SysResult found = Sys.OpenAt2(root.Number, candidate, O.PATH | O.CLOEXEC, Resolve.IN_ROOT | Resolve.NO_MAGICLINKS);
            if (!found.IsError)
            {
                using var file = new Fd(found.Int);
                if (!IsBelowMount(bundle.Config, candidate))
                {
                    CheckFile(report, bundle.Rootfs, candidate, file);
                }

                return;
            }
        }

        if (!mayBeMounted)
        {
            report.Fail(Property, $"\"{program}\" is not in '{bundle.Rootfs}'", "correct args or PATH in process.env, or install the program in the image");
        }
    }

    private static void CheckFile(CheckReport report, string root, string program, Fd file)
    {
        if (Sys.Statx(file.Number, "", At.EMPTY_PATH, out Statx stat).IsError)
        {
            return;
        }

        const int AnyExecute = 0x49; // 0111
        if (stat.IsType(FileType.Directory))
        {
            report.Fail(Property, $"'{program}' is a directory", "name a program");
        }
        else if ((stat.Mode & AnyExecute) == 0)
        {
            report.Fail(Property, $"'{program}' has no x bit", $"chmod +x {ShellWord.Quote(root + program)}");
        }
        else if (ProgramFile.Explain(root, program) is { } cause)
        {
            int colon = cause.LastIndexOf(": ", StringComparison.Ordinal);
            report.Fail(Property, $"'{program}': {(colon < 0 ? cause : cause[..colon])}", colon < 0 ? "put it into the image" : cause[(colon + 2)..]);
        }
        else
        {
            report.Ok(Property, program);
        }
    }

    private static string[] Candidates(string program, Process process)
    {
        if (program.Contains('/', StringComparison.Ordinal))
        {
            return [program[0] == '/' ? program : process.Cwd + "/" + program];
        }

        string path = DefaultPath;
        foreach (string variable in process.Env)
        {
            path = variable.StartsWith("PATH=", StringComparison.Ordinal) ? variable[5..] : path;
        }

        string[] directories = path.Split(':', StringSplitOptions.RemoveEmptyEntries);
        for (int i = 0; i < directories.Length; i++)
        {
            directories[i] += "/" + program;
        }

        return directories;
    }

    private static bool IsBelowMount(RuntimeConfig config, string path)
    {
        foreach (Mount mount in config.Mounts)
        {
            string destination = mount.Destination.TrimEnd('/');
            if (path == destination || path.StartsWith(destination + "/", StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
