using Anocir.Plan;

namespace Anocir.Init;

/// <summary>Steps that change who the process is: ids and capabilities.</summary>
internal static unsafe class IdSteps
{
    public static int SetKeepCaps(Step* step) => Sys.Prctl(8, step->X); // PR_SET_KEEPCAPS

    public static int DropBoundingCaps(InitState* state, Step* step)
    {
        const int BoundingRead = 23; // PR_CAPBSET_READ
        const int BoundingDrop = 24; // PR_CAPBSET_DROP
        for (uint cap = 0; cap <= (uint)step->Y; cap++)
        {
            // Dropping needs CAP_SETPCAP even for what is not there.
            int result = ((step->X >> (int)cap) & 1) == 0 ? Sys.Prctl(BoundingDrop, cap) : 0;
            if (result < 0 && Sys.Prctl(BoundingRead, cap) == 1)
            {
                state->Detail = cap;
                return result;
            }
        }

        return 0;
    }

    public static int SetCaps(Step* step)
    {
        CapHeader header;
        header.version = 0x20080522; // _LINUX_CAPABILITY_VERSION_3
        header.pid = 0;
        CapData data;
        data.effective = (uint)step->X;
        data.effective_high = (uint)(step->X >> 32);
        data.permitted = (uint)step->Y;
        data.permitted_high = (uint)(step->Y >> 32);
        data.inheritable = (uint)step->Z;
        data.inheritable_high = (uint)(step->Z >> 32);
        return Sys.Call(Nr.capset, &header, (nint)(&data));
    }

    public static int SetAmbientCaps(InitState* state, Step* step)
    {
        const int Ambient = 47; // PR_CAP_AMBIENT
        const int Raise = 2;
        const int ClearAll = 4;
        int result = Sys.Prctl(Ambient, ClearAll);
        for (uint cap = 0; cap < 64 && result == 0; cap++)
        {
            if (((step->X >> (int)cap) & 1) != 0)
            {
                state->Detail = cap;
                result = Sys.Prctl(Ambient, Raise, cap);
            }
        }

        return result;
    }

    public static int SetIds(InitState* state, Step* step)
    {
        if ((step->X & 1) == 0)
        {
            state->Detail = 1;
            int groups = Sys.Call(Nr.setgroups, (nint)(step->L / sizeof(uint)), state->Data(step->S0));
            if (groups < 0 && (groups != -Errno.EPERM || (step->Flags & (ushort)StepFlags.IgnoreErrors) == 0))
            {
                return groups;
            }
        }

        state->Detail = 2;
        int result = (int)Native.Syscall(Nr.setresgid, (nint)step->Z, (nint)step->Z, (nint)step->Z);
        if (result == 0)
        {
            state->Detail = 3;
            result = (int)Native.Syscall(Nr.setresuid, (nint)step->Y, (nint)step->Y, (nint)step->Y);
        }

        return result;
    }

    /// <summary>A program that reopens /dev/stdout needs to own it; a /dev/null is shared with the host and stays as it is.</summary>
    public static int ChownStdio(InitState* state, Step* step)
    {
        const uint MemMajor = 1;
        const uint NullMinor = 3;
        for (int fd = 0; fd <= 2; fd++)
        {
            Statx stat;
            int result = Sys.Stat(fd, &stat);
            if (result == 0)
            {
                bool isNull = (stat.stx_mode & S.IFMT) == S.IFCHR && stat.stx_rdev_major == MemMajor && stat.stx_rdev_minor == NullMinor;
                if (isNull || stat.stx_uid == (uint)step->X)
                {
                    continue;
                }

                result = (int)Native.Syscall(Nr.fchown, fd, (nint)step->X, -1);
            }

            // An id without mapping, an id of another user namespace, a read-only file system: nothing init could do better.
            if (result is not (0 or -Errno.EINVAL or -Errno.EPERM or -Errno.EROFS))
            {
                state->Detail = fd;
                return result;
            }
        }

        return 0;
    }
}
