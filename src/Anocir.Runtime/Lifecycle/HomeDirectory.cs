using System;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Planning;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Lifecycle;

/// <summary>
/// The home directory of the container's user, for HOME: from the image's /etc/passwd, or from the file that mounts[] put
/// there. Only the sixth field is used and only for the numeric uid; names never decide anything (CVE-2016-3697).
/// </summary>
internal static class HomeDirectory
{
    private const int MaxFile = 1024 * 1024;

    /// <summary>The directory, or "/" when there is none to be found.</summary>
    public static string Find(RuntimeConfig config, string rootfs, uint uid)
    {
        if (HasHome(config.Process))
        {
            return "/"; // not used
        }

        SysResult opened = default;
        bool mounted = false;
        foreach (Mount mount in config.Mounts)
        {
            if (mount.Destination is "/etc/passwd" && mount.Source is { } source && source.StartsWith('/'))
            {
                opened = Sys.Open(source, O.RDONLY | O.NONBLOCK | O.CLOEXEC);
                mounted = true;
            }
        }

        return Read(mounted ? opened : OpenIn(rootfs), uid);
    }

    /// <summary>
    /// The same for a process that joins a running container: from the /etc/passwd that is there now. <paramref name="root"/> is the link
    /// /proc/PID/root of its init, behind which the container's own mounts are seen.
    /// </summary>
    public static string FindInside(Process process, string root) => HasHome(process) ? "/" : Read(OpenIn(root), process.User.Uid);

    /// <summary>The sixth field of the first line whose third field is <paramref name="uid"/>.</summary>
    internal static string Find(ReadOnlySpan<byte> passwd, uint uid)
    {
        while (!passwd.IsEmpty)
        {
            int end = passwd.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? passwd : passwd[..end];
            passwd = end < 0 ? default : passwd[(end + 1)..];
            ReadOnlySpan<byte> id = Field(line, 2);
            if (Utf8Parser.TryParse(id, out uint number, out int used) && used == id.Length && number == uid)
            {
                ReadOnlySpan<byte> home = Field(line, 5);
                return home.IsEmpty || home.Contains((byte)0) ? "/" : Encoding.UTF8.GetString(home);
            }
        }

        return "/";
    }

    private static bool HasHome(Process? process) => !ProcessEnvironment.NeedsHome(process?.Env ?? []);

    private static SysResult OpenIn(string rootfs)
    {
        SysResult root = Sys.Open(rootfs, O.PATH | O.DIRECTORY | O.CLOEXEC);
        if (root.IsError)
        {
            return root;
        }

        using var rootFd = new Fd(root.Int);
        SysResult found = Sys.OpenAt2(rootFd.Number, "etc/passwd", O.PATH | O.CLOEXEC, Resolve.IN_ROOT | Resolve.NO_MAGICLINKS);
        if (found.IsError)
        {
            return found;
        }

        // A FIFO or device of a hostile image is not even opened.
        using var file = new Fd(found.Int);
        return Sys.Statx(file.Number, "", At.EMPTY_PATH, out Statx stat).IsError || !stat.IsType(FileType.Regular)
            ? new SysResult(-(nint)(int)Errno.EINVAL)
            : Sys.Open("/proc/self/fd/" + file.Number.ToString(CultureInfo.InvariantCulture), O.RDONLY | O.NONBLOCK | O.CLOEXEC);
    }

    private static string Read(SysResult opened, uint uid)
    {
        if (opened.IsError)
        {
            return opened.Errno is Errno.EMFILE or Errno.ENFILE ? throw ContainerException.System("open", "/etc/passwd", opened.Errno) : "/";
        }

        using var file = new Fd(opened.Int);
        return Sys.Statx(file.Number, "", At.EMPTY_PATH, out Statx stat).IsError || !stat.IsType(FileType.Regular)
            ? "/" // a FIFO or device of a hostile image
            : Find(ReadAll(file.Number, (int)Math.Min(stat.Size, MaxFile)), uid);
    }

    private static ReadOnlySpan<byte> Field(ReadOnlySpan<byte> line, int index)
    {
        for (int i = 0; i < index; i++)
        {
            int colon = line.IndexOf((byte)':');
            if (colon < 0)
            {
                return default;
            }

            line = line[(colon + 1)..];
        }

        int end = line.IndexOf((byte)':');
        return end < 0 ? line : line[..end];
    }

    private static byte[] ReadAll(int fd, int size)
    {
        byte[] buffer = new byte[size];
        int length = 0;
        while (length < size)
        {
            SysResult read = Sys.Read(fd, buffer.AsSpan(length));
            if (read.IsError || read.Int == 0)
            {
                break;
            }

            length += read.Int;
        }

        return buffer[..length];
    }
}
