using System.Runtime.CompilerServices;
using Anocir.Plan;

namespace Anocir.Init;

/// <summary>
/// Path resolution inside a root, with creation of what is missing. openat2(RESOLVE_IN_ROOT) keeps every look-up inside, whatever the
/// image contains or somebody exchanges meanwhile (CVE-2019-18837, CVE-2021-30465). Creation goes component by component, each in a
/// held directory, because no system call creates along a path inside a root (CVE-2024-45310). The plan has set the umask to 0: modes are
/// exact.
/// </summary>
internal unsafe struct PathWalk
{
    private const int PathMax = 4096;
    private const int MaxLinks = 40;
    private const ulong OneStep = Resolve.BENEATH | Resolve.NO_SYMLINKS | Resolve.NO_MAGICLINKS;

    // One buffer holds both halves of the walk: from its beginning what is resolved ("/a/b", free of symlinks), at its end what is left
    // to walk. The target of a symlink is read into the gap between them and pushed to the right.
    private byte* _buffer;
    private byte* _rest;
    private int _done;

    private int _root;
    private int _parent;
    private StepFlags _flags;
    private uint _directoryMode;
    private uint _fileMode;

    /// <summary>Returns an O_PATH fd of <paramref name="path"/> inside <paramref name="root"/>, or a negative error number.</summary>
    public static int Open(int root, byte* path, StepFlags flags, uint directoryMode, uint fileMode)
    {
        ulong resolve = Resolve.IN_ROOT | Resolve.NO_MAGICLINKS | ((flags & StepFlags.NoSymlinks) != 0 ? Resolve.NO_SYMLINKS : 0);
        int last = (flags & StepFlags.NoFollowLast) != 0 ? O.NOFOLLOW : 0;
        int fd = Sys.OpenAt2(root, path, O.PATH | last, resolve);
        if (fd != -Errno.ENOENT || (flags & (StepFlags.CreateDirectory | StepFlags.CreateFile)) == 0)
        {
            return fd;
        }

        PathWalk walk = default;
        walk._root = root;
        walk._parent = root;
        walk._flags = flags;
        walk._directoryMode = directoryMode;
        walk._fileMode = fileMode;
        fd = walk.Create(path, resolve);
        walk.SetParent(root);
        return fd;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Create(byte* path, ulong resolve)
    {
        int length = Ascii.Length(path);
        if (length >= PathMax)
        {
            return -Errno.ENAMETOOLONG;
        }

        byte* buffer = stackalloc byte[PathMax];
        _buffer = buffer;
        _rest = buffer + PathMax - 1 - length;
        _done = 0;
        Ascii.Copy(_rest, path, length + 1);
        int last = CreateLast(length, resolve);
        if (last != -Errno.EEXIST)
        {
            return last;
        }

        int links = 0;
        while (true)
        {
            int component = NextComponent();
            if (component == 0)
            {
                return OpenDone();
            }

            if (component == 2 && _rest[0] == '.' && _rest[1] == '.')
            {
                int result = GoUp();
                if (result < 0)
                {
                    return result;
                }

                continue;
            }

            byte* name = TakeComponent(component);
            if (name == null)
            {
                return -Errno.ENAMETOOLONG;
            }

            bool isLast = NextComponent() == 0;
            int fd = Enter(name, isLast);
            if (fd < 0)
            {
                return fd;
            }

            Statx stat;
            int error = Sys.Stat(fd, &stat);
            bool isLink = error == 0 && (stat.stx_mode & S.IFMT) == S.IFLNK;
            if (isLink && !(isLast && (_flags & StepFlags.NoFollowLast) != 0))
            {
                error = (_flags & StepFlags.NoSymlinks) != 0 || ++links > MaxLinks ? -Errno.ELOOP : PushTarget(fd, name);
                Sys.Drop(fd);
                if (error < 0)
                {
                    return error;
                }

                continue;
            }

            if (error < 0)
            {
                Sys.Drop(fd);
                return error;
            }

            if (isLast)
            {
                return fd;
            }

            _done += component + 1;
            SetParent(fd);
        }
    }

    // Most often only the last component is missing: made in the directory that the kernel finds. EEXIST: anything else, to be walked.
    private int CreateLast(int length, ulong resolve)
    {
        byte* name = _rest + length;
        while (name > _rest && name[-1] != '/')
        {
            name--;
        }

        if (name - _rest < 2 || *name is 0 or (byte)'.')
        {
            return -Errno.EEXIST;
        }

        name[-1] = 0;
        int parent = Sys.OpenAt2(_root, _rest, O.PATH, resolve);
        name[-1] = (byte)'/';
        if (parent < 0)
        {
            return -Errno.EEXIST;
        }

        int result = Make(parent, name, isLast: true);
        if (result == 0)
        {
            // ELOOP: somebody exchanged it for a symlink.
            result = Sys.OpenAt2(parent, name, O.PATH, OneStep);
            result = result < 0 ? -Errno.EEXIST : result;
        }

        Sys.Drop(parent);
        return result;
    }

    // Skips slashes and "." and returns the length of the component then at _rest, 0 at the end.
    private int NextComponent()
    {
        while (true)
        {
            while (*_rest == '/')
            {
                _rest++;
            }

            int length = 0;
            while (_rest[length] != 0 && _rest[length] != '/')
            {
                length++;
            }

            if (length != 1 || *_rest != '.')
            {
                return length;
            }

            _rest++;
        }
    }

    // Moves a component behind what is resolved, as a string. Null when the two halves meet.
    private byte* TakeComponent(int length)
    {
        byte* separator = _buffer + _done;
        if (separator + 2 > _rest)
        {
            return null;
        }

        *separator = (byte)'/';
        Ascii.Copy(separator + 1, _rest, length);
        _rest += length;
        separator[1 + length] = 0;
        return separator + 1;
    }

    // Opens the component in its directory, after making it if it is missing.
    private readonly int Enter(byte* name, bool isLast)
    {
        int fd = Sys.OpenAt2(_parent, name, O.PATH | O.NOFOLLOW, OneStep);
        if (fd != -Errno.ENOENT)
        {
            return fd;
        }

        int error = Make(_parent, name, isLast);

        // EEXIST: somebody was faster; what is there now is opened and judged like anything found.
        return error is 0 or -Errno.EEXIST ? Sys.OpenAt2(_parent, name, O.PATH | O.NOFOLLOW, OneStep) : error;
    }

    private readonly int Make(int parent, byte* name, bool isLast) => isLast && (_flags & StepFlags.CreateFile) != 0
        ? (int)Native.Syscall(Nr.mknodat, parent, (nint)name, (nint)(S.IFREG | _fileMode), 0)
        : (int)Native.Syscall(Nr.mkdirat, parent, (nint)name, (nint)_directoryMode);

    // Puts the target of the symlink in front of what is left to walk.
    private int PushTarget(int link, byte* name)
    {
        byte none = 0;
        int room = (int)(_rest - name) - 1;
        int length = (int)Native.Syscall(Nr.readlinkat, link, (nint)(&none), (nint)name, room);
        if (length <= 0)
        {
            return length < 0 ? length : -Errno.ENOENT;
        }

        if (length >= room)
        {
            return -Errno.ENAMETOOLONG;
        }

        *--_rest = (byte)'/';
        for (int i = length - 1; i >= 0; i--)
        {
            *--_rest = name[i];
        }

        if (*_rest == '/')
        {
            _done = 0;
            SetParent(_root);
        }

        return 0;
    }

    // "..": what is resolved has no symlinks, so its parent is the text without the last component. The root's parent is the root.
    private int GoUp()
    {
        _rest += 2;
        while (_done > 0 && _buffer[--_done] != '/')
        {
        }

        int fd = OpenDone();
        if (fd >= 0)
        {
            SetParent(fd);
        }

        return fd;
    }

    private readonly int OpenDone()
    {
        const ulong Flags = Resolve.IN_ROOT | Resolve.NO_SYMLINKS | Resolve.NO_MAGICLINKS;
        fixed (byte* dot = "."u8)
        {
            _buffer[_done] = 0;
            return Sys.OpenAt2(_root, _done == 0 ? dot : _buffer + 1, O.PATH, Flags);
        }
    }

    private void SetParent(int fd)
    {
        if (_parent != _root)
        {
            Sys.Drop(_parent);
        }

        _parent = fd;
    }
}
