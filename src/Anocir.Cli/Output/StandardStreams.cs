using Anocir.Linux;

namespace Anocir.Cli.Output;

/// <summary>Descriptors 0 to 2.</summary>
internal static class StandardStreams
{
    /// <summary>
    /// Opens /dev/null in place of those that the caller has closed. Else the next file opened here, or in init, would be the standard input
    /// of a container's program.
    /// </summary>
    public static void Ensure()
    {
        if (Sys.AreOpen(0, 1, 2))
        {
            return;
        }

        const int GetFlags = 1; // F_GETFD
        for (int fd = 0; fd <= 2; fd++)
        {
            if (Sys.Fcntl(fd, GetFlags, 0).IsError)
            {
                _ = Sys.Open("/dev/null", O.RDWR); // the lowest free number, which is this one
            }
        }
    }
}
