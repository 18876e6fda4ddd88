using System.Globalization;
using Anocir.Linux;
using Anocir.Runtime.Errors;

namespace Anocir.Runtime.Lifecycle;

/// <summary>The descriptors that the container gets besides 0 to 2: from 3 on, which the caller must have left open for us.</summary>
internal static class PreservedFds
{
    /// <summary>Fails when one is missing. One that is close-on-exec is not the caller's but one of ours.</summary>
    public static void Check(int listen, int preserve)
    {
        const int GetFlags = 1; // F_GETFD
        const int CloseOnExec = 1; // FD_CLOEXEC
        long end = 3L + listen + preserve;
        for (int fd = 3; fd < end; fd++)
        {
            SysResult flags = Sys.Fcntl(fd, GetFlags, 0);
            if (flags.IsError || (flags.Int & CloseOnExec) != 0)
            {
                string option = fd < 3L + listen ? "variable LISTEN_FDS" : "option --preserve-fds";
                throw new ContainerException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{option}: file descriptor {fd} is not open (EBADF); hint: the caller must pass descriptors 3 to {end - 1} without close-on-exec"));
            }
        }
    }
}
