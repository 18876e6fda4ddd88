using System;
using Anocir.Linux;
using Anocir.Runtime.Errors;

namespace Anocir.Runtime.Launch;

/// <summary>
/// Where memfds may not be executed (sysctl vm.memfd_noexec): a file on a tmpfs that is attached nowhere. Once the mount is
/// read-only, nobody can open the file for writing, not even root through /proc/PID/exe, and nobody else has a path to it.
/// </summary>
internal static class DetachedImage
{
    private const string File = "anocir-init";

    public static Fd Create(ReadOnlySpan<byte> content)
    {
        SysResult context = Sys.FsOpen("tmpfs");
        if (context.IsError)
        {
            throw Refuse(context.Errno);
        }

        using var contextFd = new Fd(context.Int);
        SysResult step = Sys.FsConfigCreate(contextFd.Number);
        SysResult mounted = step.IsError ? step : Sys.FsMount(contextFd.Number, 0);
        if (mounted.IsError)
        {
            throw Refuse(mounted.Errno);
        }

        using var mount = new Fd(mounted.Int);
        SysResult opened = Sys.OpenAt(mount.Number, File, O.WRONLY | O.CREAT | O.EXCL | O.CLOEXEC, 0x16d);
        if (opened.IsError)
        {
            throw Refuse(opened.Errno);
        }

        using (var writer = new Fd(opened.Int))
        {
            step = Sys.WriteAll(writer.Number, content);
        }

        // With the writer closed the mount can become read-only; EBUSY would mean that somebody still could write.
        if (!step.IsError)
        {
            step = Sys.SetMountReadonly(mount.Number);
        }

        SysResult image = step.IsError ? step : Sys.OpenAt(mount.Number, File, O.RDONLY | O.CLOEXEC);
        return image.IsError ? throw Refuse(image.Errno) : new Fd(image.Int);
    }

    private static ContainerException Refuse(Errno errno) => new(
        "cannot execute anocir-init from a memfd: permission denied (EACCES), nor from a detached tmpfs: "
        + ErrnoText.Describe(errno) + "; hint: sysctl -w vm.memfd_noexec=1");
}
