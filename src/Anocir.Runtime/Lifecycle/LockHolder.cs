using System;
using System.Globalization;
using System.Text;
using Anocir.Linux;
using Anocir.Runtime.Cgroups;
using Anocir.Runtime.Launch;

namespace Anocir.Runtime.Lifecycle;

/// <summary>Who holds a lock of flock(2), from /proc/locks (proc_locks(5)).</summary>
internal static class LockHolder
{
    /// <summary><c> (process 42, state S, in do_wait)</c> with a blank before it; empty when it is not told, as from another PID namespace.</summary>
    public static string Describe(int fd)
    {
        bool isKnown = !Sys.Statx(fd, "", At.EMPTY_PATH, out Statx status).IsError;
        return isKnown && !CgroupFile.TryReadAll("/proc/locks", out byte[] content).IsError
            && Find(Encoding.ASCII.GetString(content), status.DevMajor, status.DevMinor, status.Ino) is > 0 and int pid
                ? " " + ProcessState.Describe(pid)
                : "";
    }

    /// <summary>The PID of the holder of an exclusive lock in the text of /proc/locks; 0 when there is none.</summary>
    public static int Find(string text, uint major, uint minor, ulong inode)
    {
        string file = string.Create(CultureInfo.InvariantCulture, $"{major:x2}:{minor:x2}:{inode}");
        foreach (string line in text.Split('\n'))
        {
            // 1: FLOCK  ADVISORY  WRITE 42 fe:00:1081406 0 EOF; one that waits has "->" before FLOCK
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words is [_, "FLOCK", _, "WRITE", var pid, var place, ..] && place == file
                && int.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            {
                return number;
            }
        }

        return 0;
    }
}
