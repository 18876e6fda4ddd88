using System.Globalization;
using Anocir.Linux;
using Anocir.Runtime.Errors;

namespace Anocir.Runtime.Lifecycle;

/// <summary>The descriptors of <c>--preserve-fds</c>: 3 and up, which the caller must have left open for us.</summary>
internal static class PreservedFds
{
    /// <summary>Fails when one is missing. One that is close-on-exec is not the caller's but one of ours.</summary>
    public static void Check(int count)
    {
        const int GetFlags = 1; // F_GETFD
        const int CloseOnExec = 1; // FD_CLOEXEC
        for (int fd = 3; fd < 3 + count; fd++)
        {
            SysResult flags = Sys.Fcntl(fd, GetFlags, 0);
            if (flags.IsError || (flags.Int & CloseOnExec) != 0)
            {
                string number = fd.ToString(CultureInfo.InvariantCulture);
                throw new ContainerException($"option --preserve-fds: file descriptor {number} is not open (EBADF); hint: the caller must pass "
                    + $"descriptors 3 to {(2 + count).ToString(CultureInfo.InvariantCulture)} without close-on-exec");
            }
        }
    }
}
