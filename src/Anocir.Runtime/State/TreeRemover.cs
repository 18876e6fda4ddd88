using Anocir.Linux;
using Anocir.Runtime.Errors;

namespace Anocir.Runtime.State;

/// <summary>Removes what is in a directory. Never follows a symbolic link and never enters another mount.</summary>
internal static class TreeRemover
{
    /// <summary>Removes all, stops at the first failure.</summary>
    /// <param name="directory">Descriptor of the directory.</param>
    /// <param name="path">Its path, for messages.</param>
    /// <param name="last">Name of a file that is removed once nothing else is left.</param>
    public static void RemoveContents(int directory, string path, string? last = null)
    {
        SysResult rewound = Sys.Seek(directory, 0);
        if (rewound.IsError)
        {
            throw ContainerException.System("list", path, rewound.Errno);
        }

        foreach (string name in DirectoryReader.Names(directory, path))
        {
            if (name != last)
            {
                Remove(directory, name, path + "/" + name);
            }
        }

        if (last is not null)
        {
            Remove(directory, last, path + "/" + last);
        }
    }

    private static void Remove(int directory, string name, string path)
    {
        SysResult result = Sys.UnlinkAt(directory, name);
        if (result.Is(Errno.EISDIR) || result.Is(Errno.EPERM))
        {
            RemoveDirectory(directory, name, path);
        }
        else if (result.IsError && !result.Is(Errno.ENOENT))
        {
            throw ContainerException.System("remove", path, result.Errno);
        }
    }

    private static void RemoveDirectory(int parent, string name, string path)
    {
        const ulong Confined = Resolve.BENEATH | Resolve.NO_SYMLINKS | Resolve.NO_XDEV;
        SysResult result = Sys.OpenAt2(parent, name, O.RDONLY | O.DIRECTORY | O.CLOEXEC, Confined);
        if (result.IsError)
        {
            throw ContainerException.System("remove", path, result.Errno, result.Is(Errno.EXDEV) ? "something is mounted there" : null);
        }

        using (var directory = new Fd(result.Int))
        {
            RemoveContents(directory.Number, path);
        }

        SysResult removed = Sys.UnlinkAt(parent, name, At.REMOVEDIR);
        if (removed.IsError && !removed.Is(Errno.ENOENT))
        {
            throw ContainerException.System("remove", path, removed.Errno);
        }
    }
}
