namespace Anocir.Plan;

/// <summary>Slots with a fixed meaning; the planner hands out the others from <see cref="FirstFree"/>.</summary>
public static class Slots
{
    /// <summary>init's end of the SOCK_SEQPACKET pair to the controller. EOF on it is the controller's death.</summary>
    public const short Sync = 0;

    /// <summary>First FIFO (exec.fifo), O_RDWR: init reads the one byte of <c>start</c> from it.</summary>
    public const short StartFifo = 1;

    /// <summary>Second FIFO, O_RDWR: init writes 'G' before execve, which closes it; or 'G' and a <see cref="StartFailure"/>.</summary>
    public const short ReplyFifo = 2;

    /// <summary>Root of the container: the bind mount of root.path.</summary>
    public const short Root = 3;

    /// <summary>Append-only memfd for what hooks inside the container print, or empty.</summary>
    public const short HookOutput = 4;

    /// <summary>The pty's master side until it is sent, then empty.</summary>
    public const short ConsoleMaster = 5;

    /// <summary>The pty's slave side.</summary>
    public const short ConsoleSlave = 6;

    /// <summary>Directory of the container's v2 cgroup, for CLONE_INTO_CGROUP.</summary>
    public const short Cgroup = 7;

    /// <summary>First slot without a fixed meaning.</summary>
    public const short FirstFree = 8;
}
