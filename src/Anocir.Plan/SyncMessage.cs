using System.Runtime.InteropServices;

namespace Anocir.Plan;

/// <summary>
/// Messages on the socket pair, one packet each: a <see cref="SyncMessage"/>, for <see cref="Failed"/> followed by text.
/// <code>
/// controller                          helper                      init
///     |---- spawn ------------------->|                            |
///     |                               |-- clone3(CLONE_PARENT) --->|
///     |&lt;--- Pid ----------------------|                            |
///     |                               exits                        |
///     |---- MapsWritten (only with a new user namespace) --------->|
///     |        ... the controller makes the v1 cgroups (or enters init into them) while init mounts ...
///     |---- CgroupsReady (only where init is not born in them) --->|
///     |&lt;--- Console + fd (only with process.terminal) -------------|
///     |&lt;--- HooksReached (only with prestart, createRuntime or createContainer hooks)
///     |---- HooksDone -------------------------------------------->|
///     |&lt;--- SeccompListener (only with SCMP_ACT_NOTIFY) -----------|
///     |---- ListenerTaken ---------------------------------------->|
///     |&lt;--- Ready -------------------------------------------------|
///     |        ... the record with the PID is on disk ...
///     |---- Committed -------------------------------------------->|  closes the socket, waits on the FIFO
/// </code>
/// Helper and init run at the same time: what init says may come before Pid. At any point before Committed the helper or init may send Failed instead and exit; EOF means the peer died.
/// </summary>
public enum SyncKind : uint
{
    /// <summary>Never sent.</summary>
    None = 0,

    /// <summary>Helper: init exists; Value = its PID in the helper's PID namespace, which is the controller's.</summary>
    Pid = 1,

    /// <summary>Controller: uid_map and gid_map of init are written.</summary>
    MapsWritten = 2,

    /// <summary>Controller: the container's cgroups exist, for init to enter, or init was made a member of them.</summary>
    CgroupsReady = 3,

    /// <summary>Init: mounts are there, the root is not yet pivoted: run prestart and createRuntime hooks.</summary>
    HooksReached = 4,

    /// <summary>Controller: those hooks succeeded.</summary>
    HooksDone = 5,

    /// <summary>Init: the attached fd is the master side of the console.</summary>
    Console = 6,

    /// <summary>Init: everything is done but the wait for start.</summary>
    Ready = 7,

    /// <summary>Controller: the record is on disk, init may outlive the controller.</summary>
    Committed = 8,

    /// <summary>Helper or init: a step failed; the other fields tell which, <see cref="SyncMessage.TextLength"/> bytes of text follow.</summary>
    Failed = 9,

    /// <summary>Helper to init, on their own socket pair: the attached fd is the next mount source.</summary>
    Source = 10,

    /// <summary>Init: the filter is in force; Value = number of the listener among its own fds. Sent by write(2): no descriptor goes along, since the
    /// filter may hold sendmsg(2) up until somebody listens.</summary>
    SeccompListener = 11,

    /// <summary>Controller: it has the listener and handed it over.</summary>
    ListenerTaken = 12,

    /// <summary>Helper of exec, which was not born in the container's v2 cgroup: a second helper was; Value = its PID. That one clones init.</summary>
    Helper = 13,
}

/// <summary>One packet of the protocol drawn at <see cref="SyncKind"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SyncMessage
{
    /// <summary>Most bytes of text behind a <see cref="SyncKind.Failed"/>; longer text loses its beginning.</summary>
    public const int MaxText = 3072;

    /// <summary>A <see cref="SyncKind"/>.</summary>
    public uint Kind;

    /// <summary>Index of the failed step, <see cref="InvalidPlan"/> when the plan itself was refused.</summary>
    public uint Step;

    /// <summary>Error number of the failed step.</summary>
    public int Errno;

    /// <summary>Bytes of text that follow: the file system context's log, or the last output of a hook.</summary>
    public uint TextLength;

    /// <summary>PID for <see cref="SyncKind.Pid"/>; for failures a detail that depends on the step's kind (a wait status, a rejected value).</summary>
    public long Value;

    /// <summary>Value of <see cref="Step"/> when no step ran because the plan did not pass the check. Errno is EINVAL for the header or
    /// the slot table, Value = byte offset of what is wrong; EBADMSG for a step, Value = its index. Without a usable slot table, or without
    /// a socket in it, the exit code is 125; after every reported failure it is 1.</summary>
    public const uint InvalidPlan = 0xFFFFFFFF;
}

/// <summary>
/// What init writes to <see cref="Slots.ReplyFifo"/> behind a 'G' when a step after the start byte failed: one record (shorter than PIPE_BUF);
/// <see cref="TextLength"/> bytes of text follow. EOF after a bare 'G' means that exec succeeded, EOF alone that init was killed before.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct StartFailure
{
    /// <summary>What the answer begins with: execve is next, or a record follows.</summary>
    public const byte Going = (byte)'G';

    /// <summary>The start byte itself.</summary>
    public const byte Start = (byte)'S';

    /// <summary>Value of <see cref="Version"/>.</summary>
    public const byte CurrentVersion = 1;

    /// <summary>Most bytes of text, so that the record fits PIPE_BUF.</summary>
    public const int MaxText = 2048;

    /// <summary><see cref="CurrentVersion"/>.</summary>
    public byte Version;

    /// <summary>Zero.</summary>
    public byte Reserved;

    /// <summary><see cref="StepKind"/> of the failed step.</summary>
    public ushort StepKind;

    /// <summary>How many steps after <see cref="StepKind.WaitForStart"/> succeeded. startContainer hooks come first, so it is the number of one.</summary>
    public uint Step;

    /// <summary>Error number.</summary>
    public int Errno;

    /// <summary>Bytes of text that follow.</summary>
    public uint TextLength;

    /// <summary>Detail as in <see cref="SyncMessage.Value"/>; for <see cref="StepKind.Exec"/> the index of the candidate.</summary>
    public long Value;
}
