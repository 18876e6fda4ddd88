using System.Globalization;
using Anocir.Linux;
using Anocir.Runtime.Errors;

namespace Anocir.Runtime.Lifecycle;

/// <summary>checkpoint's <c>--status-fd</c>: a zero byte says that CRIU is ready to hand out pages.</summary>
internal static class StatusFd
{
    /// <summary>Refuses a number that is not open for writing; -1 is none.</summary>
    public static void Check(int fd)
    {
        const int GetFlags = 3, AccessMode = 3; // F_GETFL, O_ACCMODE
        if (fd < 0)
        {
            return;
        }

        SysResult flags = Sys.Fcntl(fd, GetFlags, 0);
        if (flags.IsError || (flags.Int & AccessMode) == O.RDONLY)
        {
            throw new ContainerException($"invalid --status-fd argument {fd.ToString(CultureInfo.InvariantCulture)}: "
                + (flags.IsError ? ErrnoText.Describe(flags.Errno) : "not writable"));
        }
    }

    /// <summary>Writes the byte. Who does not read it any more does not matter to the checkpoint.</summary>
    public static void Tell(int fd)
    {
        if (fd >= 0)
        {
            _ = Sys.WriteAll(fd, [0]);
            _ = Sys.Close(fd);
        }
    }
}
