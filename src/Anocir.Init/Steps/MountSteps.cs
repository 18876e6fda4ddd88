using Anocir.Plan;

namespace Anocir.Init;

/// <summary>Steps that attach and change mounts.</summary>
internal static unsafe class MountSteps
{
    public static int SetPropagation(InitState* state, Step* step) => Mount(null, state->Data(step->S0), null, step->X, null);

    public static int MountSetattr(InitState* state, Step* step)
    {
        byte none = 0;
        MountAttr attr;
        attr.attr_set = step->X;
        attr.attr_clr = step->Y;
        attr.propagation = step->Z;
        attr.userns_fd = step->SlotB == Step.NoSlot ? 0 : (uint)state->Fd(step->SlotB);
        int flags = At.EMPTY_PATH | ((step->Flags & (ushort)StepFlags.Recursive) != 0 ? At.RECURSIVE : 0);
        return (int)Native.Syscall(Nr.mount_setattr, state->Fd(step->SlotA), (nint)(&none), flags, (nint)(&attr), sizeof(MountAttr));
    }

    public static int MoveMount(InitState* state, Step* step)
    {
        const int EmptyPaths = 0x04 | 0x40; // MOVE_MOUNT_F_EMPTY_PATH, MOVE_MOUNT_T_EMPTY_PATH
        byte none = 0;
        byte* name = state->Data(step->S0);
        return (int)Native.Syscall(
            Nr.move_mount, state->Fd(step->SlotA), (nint)(&none), state->Fd(step->SlotB), (nint)(name == null ? &none : name), EmptyPaths);
    }

    /// <summary>mount(2) where the mount API cannot say it, on a held target: the link below /proc leads to the fd, not along a path.</summary>
    public static int MountOnFd(InitState* state, Step* step)
    {
        byte* target = stackalloc byte[40];
        Ascii.FdPath(target, state->Fd(step->SlotB));
        return Mount(state->Data(step->S0), target, state->Data(step->S1), step->X, state->Data(step->S2));
    }

    public static int Mount(byte* source, byte* target, byte* type, ulong flags, byte* data) =>
        (int)Native.Syscall(Nr.mount, (nint)source, (nint)target, (nint)type, (nint)flags, (nint)data);
}
