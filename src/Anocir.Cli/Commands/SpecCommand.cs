using System;
using Anocir.Cli.CommandLine;
using Anocir.Linux;
using Anocir.Runtime.Cgroups;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Spec;

namespace Anocir.Cli.Commands;

/// <summary><c>anocir spec</c>.</summary>
internal static class SpecCommand
{
    public static int Run(Arguments arguments)
    {
        string file = arguments.Path(OptionId.SpecFile) ?? "config.json";
        string path = arguments.Path(OptionId.SpecBundle) is { } bundle && file[0] != '/' ? bundle.TrimEnd('/') + "/" + file : file;
        ReadOnlyMemory<byte> document =
            SpecDocument.Write(arguments.Has(OptionId.SpecRootless), Sys.GetEuid(), Sys.GetEgid(), IsUnified());
        Write(path, document.Span);
        return 0;
    }

    // A cgroup2 file system on /sys/fs/cgroup itself; the mount table need not be read for that.
    private static bool IsUnified() => !Sys.FileSystemType("/sys/fs/cgroup", out long type).IsError && type == CgroupProbe.CgroupV2;

    private static void Write(string path, ReadOnlySpan<byte> document)
    {
        const uint Mode = 0x1b6; // 0666 less the umask, as runc
        SysResult result = Sys.Open(path, O.WRONLY | O.CREAT | O.EXCL | O.CLOEXEC, Mode);
        if (result.IsError)
        {
            throw ContainerException.System("create", path, result.Errno, result.Is(Errno.EEXIST) ? "remove it first, or choose another --bundle" : null);
        }

        using var file = new Fd(result.Int);
        result = Sys.WriteAll(file.Number, document);
        if (result.IsError)
        {
            _ = Sys.UnlinkAt(At.FDCWD, path);
            throw ContainerException.System("write", path, result.Errno);
        }
    }
}
