using Anocir.Plan;

namespace Anocir.Init;

/// <summary>Steps that enter or make namespaces, and what is set inside them.</summary>
internal static unsafe class NamespaceSteps
{
    public static int Join(InitState* state, Step* step) => (int)Native.Syscall(Nr.setns, state->Fd(step->SlotA), (nint)step->X);

    public static int Unshare(Step* step) => Sys.Call(Nr.unshare, (nint)step->X);

    /// <summary>Makes the child a sibling of this helper, so that the controller, and after it the engine's subreaper, can wait for it.</summary>
    public static int CloneInit(InitState* state, Step* step)
    {
        int pidfd = -1;
        CloneArgs args = default;
        args.flags = step->X | Clone.PARENT;
        args.exit_signal = 0; // CLONE_PARENT demands it; the kernel then uses the helper's own (SIGCHLD)
        if (step->SlotA != Step.NoSlot)
        {
            args.flags |= Clone.INTO_CGROUP;
            args.cgroup = (uint)state->Fd(step->SlotA);
        }

        if (step->SlotB != Step.NoSlot)
        {
            args.flags |= Clone.PIDFD;
            args.pidfd = (ulong)&pidfd;
        }

        // Without CLONE_VM the child goes on in its own copy of this stack.
        nint pid = Native.Syscall(Nr.clone3, (nint)(&args), sizeof(CloneArgs));
        if (pid <= 0)
        {
            return (int)pid;
        }

        if (step->SlotB != Step.NoSlot)
        {
            state->Fill(step->SlotB, pidfd);
        }

        int sent = Socket.Send(state->Fd(Slots.Sync), (uint)step->Y, pid);
        return sent < 0 ? Dispatcher.Die : Dispatcher.TakeElse;
    }

    public static int SetHostname(InitState* state, Step* step) => SetText(Nr.sethostname, state->Data(step->S0));

    public static int SetDomainname(InitState* state, Step* step) => SetText(Nr.setdomainname, state->Data(step->S0));

    public static int LoopbackUp()
    {
        const int Inet = 2;
        const int DatagramCloexec = 2 | 0x80000;
        const uint SetFlags = 0x8914; // SIOCSIFFLAGS
        const ulong Lo = 'l' | ('o' << 8);
        const short Up = 1;
        int socket = (int)Native.Syscall(Nr.socket, Inet, DatagramCloexec, 0);
        if (socket < 0)
        {
            return socket;
        }

        // A new namespace's loopback has no other flag that could be changed.
        IfReq request = default;
        request.name0 = Lo;
        request.ifr_flags = Up;
        int result = Sys.Ioctl(socket, SetFlags, &request);
        Sys.Drop(socket);
        return result;
    }

    private static int SetText(int number, byte* text) => Sys.Call(number, text, Ascii.Length(text));
}
