using Anocir.Plan;

namespace Anocir.Init;

/// <summary>Steps that fill /dev.</summary>
internal static unsafe class DeviceSteps
{
    private const int PathMax = 4096;
    private const uint ParentMode = 0x1ED; // 0755

    /// <summary>CVE-2026-41579: made, with the umask of 0 that the plan has set, below a held directory, then changed through the fd of what was made and found to be right.</summary>
    public static int MakeNode(InitState* state, Step* step)
    {
        byte* name = state->Data(step->S0);
        int root = state->Fd(step->SlotB);
        int parent = OpenParent(root, &name);
        if (parent < 0)
        {
            return parent;
        }

        int result = MakeNode(parent, name, step);
        CloseParent(parent, root);
        return result;
    }

    public static int MakeSymlink(InitState* state, Step* step)
    {
        byte* name = state->Data(step->S0);
        byte* target = state->Data(step->S1);
        int root = state->Fd(step->SlotB);
        int parent = OpenParent(root, &name);
        if (parent < 0)
        {
            return parent;
        }

        int result = (int)Native.Syscall(Nr.symlinkat, (nint)target, parent, (nint)name);
        if (result == -Errno.EEXIST && (step->X == 1 || IsLinkTo(parent, name, target)))
        {
            result = 0;
        }

        CloseParent(parent, root);
        return result;
    }

    private static int MakeNode(int parent, byte* name, Step* step)
    {
        uint mode = (uint)step->X;
        uint major = (uint)(step->Y >> 32);
        uint minor = (uint)step->Y;

        // A dev_t as user space passes it: minor 0-7 and 20-31, major 8-19 (linux/kdev_t.h, new_decode_dev).
        nint device = (nint)((minor & 0xFF) | (major << 8) | ((minor & ~0xFFu) << 12));
        int number = (mode & S.IFMT) == S.IFDIR ? Nr.mkdirat : Nr.mknodat;
        int result = (int)Native.Syscall(number, parent, (nint)name, (nint)mode, device);
        if (result != -Errno.EEXIST && (result != 0 || (step->Flags & (ushort)StepFlags.Fresh) != 0))
        {
            return result;
        }

        bool made = result == 0;
        int fd = Sys.OpenAt2(parent, name, O.PATH | O.NOFOLLOW, Resolve.BENEATH | Resolve.NO_SYMLINKS);
        if (fd < 0)
        {
            return fd;
        }

        Statx stat;
        result = Sys.Stat(fd, &stat);
        bool same = result == 0 && (stat.stx_mode & S.IFMT) == (mode & S.IFMT)
            && stat.stx_rdev_major == major && stat.stx_rdev_minor == minor;
        if (!same)
        {
            result = result < 0 ? result : -Errno.EEXIST;
        }
        else if (made && (stat.stx_uid != (uint)(step->Z >> 32) || stat.stx_gid != (uint)step->Z))
        {
            byte none = 0;
            result = (int)Native.Syscall(
                Nr.fchownat, fd, (nint)(&none), (nint)(step->Z >> 32), (nint)(uint)step->Z, At.EMPTY_PATH);
        }

        Sys.Drop(fd);
        return result;
    }

    private static void CloseParent(int parent, int root)
    {
        if (parent != root)
        {
            Sys.Drop(parent);
        }
    }

    // Opens the directory of a path, making what is missing, and leaves the last component in name. The root itself when there is no more.
    private static int OpenParent(int root, byte** name)
    {
        byte* path = *name;
        int length = Ascii.Length(path);
        int last = length;
        while (last > 0 && path[last - 1] != '/')
        {
            last--;
        }

        if (last == length || last >= PathMax)
        {
            return last == length ? -Errno.EINVAL : -Errno.ENAMETOOLONG;
        }

        *name = path + last;
        if (last == 0)
        {
            return root;
        }

        byte* buffer = stackalloc byte[last + 1];
        Ascii.Copy(buffer, path, last);
        buffer[last] = 0;
        return PathWalk.Open(root, buffer, StepFlags.CreateDirectory, ParentMode, 0);
    }

    private static bool IsLinkTo(int parent, byte* name, byte* target)
    {
        byte* buffer = stackalloc byte[PathMax];
        int length = (int)Native.Syscall(Nr.readlinkat, parent, (nint)name, (nint)buffer, PathMax - 1);
        if (length < 0)
        {
            return false;
        }

        buffer[length] = 0;
        return Ascii.Equal(buffer, target);
    }
}
