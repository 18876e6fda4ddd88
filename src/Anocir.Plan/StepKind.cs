namespace Anocir.Plan;

/// <summary>
/// The vocabulary of steps. Each entry names its operands; everything not named must be zero (slots: -1). "out" slots are
/// filled by the step (an fd that was in them is closed first). Init executes and chooses nothing: every alternative is an
/// <see cref="Step.ErrnoSet"/> with an <see cref="Step.Else"/> that the controller decided.
/// </summary>
public enum StepKind : ushort
{
    /// <summary>Not a step; a zeroed record is refused.</summary>
    None = 0,

    // ---- flow and messages -------------------------------------------------------------------------------------------

    /// <summary>Continue at Else.</summary>
    Jump = 1,

    /// <summary>exit_group(X), or with Y = 1 the exit code of the attended process (128 + signal when it was killed).</summary>
    Exit = 2,

    /// <summary>Send message X, with the number of the fd in SlotA (optional) as its value, on <see cref="Slots.Sync"/> (0: none), then wait for message Y (0: none). EOF: exit 1 without a word.
    /// Any other message: EPROTO.</summary>
    Sync = 3,

    /// <summary>Send the fd in SlotA with a <see cref="SyncMessage"/> of kind X by SCM_RIGHTS on the SOCK_SEQPACKET socket in SlotB.</summary>
    SendFd = 4,

    /// <summary>Read one byte from <see cref="Slots.StartFifo"/> (a retry on EINTR); from here on
    /// failures go to <see cref="Slots.ReplyFifo"/> as a <see cref="StartFailure"/>.</summary>
    WaitForStart = 5,

    /// <summary>Receive one fd with a <see cref="SyncMessage"/> of kind X from the SOCK_SEQPACKET socket in SlotB into SlotA (out). EOF: EPIPE.
    /// With a new user namespace the helper, which keeps the host's credentials, opens the mount sources and hands them over this way.</summary>
    ReceiveFd = 6,

    /// <summary>Give back the memory of what no later step uses: pages of the plan in front of the next step and of its data, and stack. For
    /// an init that is about to wait; works best when data is in the order of the steps.</summary>
    ReleasePlan = 7,

    /// <summary>Until exec, the signals in mask X (bit 0 is signal 1) end the process with exit code 128 + signal: process 1 of a PID
    /// namespace has no default actions, so a waiting init would not notice them.</summary>
    ExitOnSignals = 9,

    // ---- the process itself ------------------------------------------------------------------------------------------

    /// <summary>prctl(PR_SET_NAME, S0).</summary>
    SetName = 11,

    /// <summary>prctl(PR_SET_DUMPABLE, X), X = 0 or 1.</summary>
    SetDumpable = 12,

    /// <summary>prctl(PR_SET_PDEATHSIG, X), X = 0 clears; with X != 0 exits when the parent is already gone (getppid() == 0 is fine:
    /// then poll the Sync socket for EOF instead).</summary>
    SetParentDeathSignal = 13,

    /// <summary>setsid(2).</summary>
    SetSid = 14,

    /// <summary>umask(X).</summary>
    SetUmask = 15,

    /// <summary>personality(X).</summary>
    SetPersonality = 16,

    /// <summary>sched_setaffinity(0) with the mask blob S0/L.</summary>
    SetAffinity = 17,

    /// <summary>prlimit(0, resource X, soft Y, hard Z).</summary>
    SetRlimit = 18,

    /// <summary>prctl(PR_SET_NO_NEW_PRIVS).</summary>
    SetNoNewPrivileges = 19,

    /// <summary>prctl(PR_SET_KEEPCAPS, X).</summary>
    SetKeepCaps = 20,

    /// <summary>Drop every capability from 0 to Y (CAP_LAST_CAP of the kernel) that is not in mask X from the bounding set.</summary>
    DropBoundingCaps = 21,

    /// <summary>capset: effective X, permitted Y, inheritable Z.</summary>
    SetCaps = 22,

    /// <summary>Clear the ambient set, then raise every capability of mask X.</summary>
    SetAmbientCaps = 23,

    /// <summary>setgroups with the blob S0/L of 32-bit gids (L = 0: no groups; flag IgnoreErrors: EPERM of this call is passed over; X bit 0 set: leave groups
    /// alone), then setresgid(Z, Z, Z), then setresuid(Y, Y, Y). Detail = 1 setgroups, 2 setresgid, 3 setresuid.</summary>
    SetIds = 24,

    /// <summary>seccomp(SECCOMP_SET_MODE_FILTER, flags X) with the program blob S0/L of struct sock_filter. With SECCOMP_FILTER_FLAG_NEW_LISTENER the
    /// listener goes into SlotA (out, optional).</summary>
    LoadSeccomp = 25,

    /// <summary>keyctl(KEYCTL_JOIN_SESSION_KEYRING, S0), then KEYCTL_SETPERM to X.</summary>
    JoinSessionKeyring = 26,

    /// <summary>fchown(0, 1, 2) to uid X, gid unchanged, where the fd is not /dev/null (char 1:3) and the owner differs; EINVAL, EPERM, EROFS are ignored.</summary>
    ChownStdio = 27,

    /// <summary>sched_setattr(X = 0, struct sched_attr in the blob S0, Y = 0): policy, priority, deadline.</summary>
    SetScheduler = 28,

    /// <summary>ioprio_set(X = IOPRIO_WHO_PROCESS, 0, class and priority Y).</summary>
    SetIoPriority = 29,

    /// <summary>set_mempolicy(mode and flags X, node mask in the blob S0 (optional), Y bits and one).</summary>
    SetMemoryPolicy = 8,

    // ---- fds ---------------------------------------------------------------------------------------------------------

    /// <summary>openat2(SlotB or AT_FDCWD, S0, flags X | O_CLOEXEC, resolve Y) into SlotA (out).</summary>
    Open = 30,

    /// <summary>Close SlotA; an empty slot is fine.</summary>
    Close = 31,

    /// <summary>close_range(X, Y, flags Z).</summary>
    CloseRange = 32,

    /// <summary>Open S0 for writing as <see cref="Open"/> does (flags X, resolve Y, SlotB), write the blob S1/L in one write(2), close.</summary>
    WriteFile = 33,

    /// <summary>fstat SlotA: file type bits must be X (ENOTDIR when a directory was wanted, else EISDIR for an unexpected directory, else
    /// EINVAL); when Y != ~0 st_rdev must be Y (major &lt;&lt; 32 | minor; ENODEV); when Z != 0 fstatfs's f_type must be Z (EXDEV).</summary>
    VerifyFile = 34,

    /// <summary>fsetxattr(SlotA, name S0, value blob S1/L): the SELinux context of a file whose file system takes it no other way.</summary>
    SetAttribute = 35,

    /// <summary>dup3(SlotA, X, 0): X is a standard stream, 0 to 2.</summary>
    Duplicate = 36,

    // ---- namespaces --------------------------------------------------------------------------------------------------

    /// <summary>setns(SlotA, X); SlotA is a namespace file or a pidfd. Refused by the check before any <see cref="SetDumpable"/> 0.</summary>
    JoinNamespace = 40,

    /// <summary>unshare(X).</summary>
    Unshare = 41,

    /// <summary>clone3(X | CLONE_PARENT, X only CLONE_NEW* flags, cgroup SlotA or none when -1, exit_signal 0, with SlotB != -1 also CLONE_PIDFD into SlotB (out, in the
    /// helper)). The child continues with the next step; the caller sends message Y (<see cref="SyncKind.Pid"/> when the child is init) with the child's PID and continues at Else.</summary>
    CloneInit = 42,

    /// <summary>sethostname(S0).</summary>
    SetHostname = 43,

    /// <summary>setdomainname(S0).</summary>
    SetDomainname = 44,

    /// <summary>Bring the loopback interface up (SIOCSIFFLAGS on "lo").</summary>
    LoopbackUp = 45,

    // ---- mounts ------------------------------------------------------------------------------------------------------

    /// <summary>mount(NULL, S0, NULL, X): propagation of a path of the old root.</summary>
    SetPropagation = 50,

    /// <summary>open_tree(SlotB or AT_FDCWD, S0, flags X | OPEN_TREE_CLOEXEC) into SlotA (out). S0 may be the empty string with AT_EMPTY_PATH.</summary>
    OpenTree = 51,

    /// <summary>fsopen(S0) into SlotA (out).</summary>
    FsOpen = 52,

    /// <summary>fsconfig(SlotA, command X, key S0 (optional), value S1 (optional), 0). A failure reports the context's log text.</summary>
    FsConfig = 53,

    /// <summary>fsconfig(SlotA, SET_STRING, "mode", octal mode of SlotB &amp; 07777): a tmpfs keeps the mode of the directory it covers.</summary>
    FsConfigMode = 54,

    /// <summary>fsmount(SlotA, FSMOUNT_CLOEXEC, attributes X) into SlotB (out); closes SlotA.</summary>
    FsMount = 55,

    /// <summary>mount_setattr(SlotA, "", AT_EMPTY_PATH [| AT_RECURSIVE with flag Recursive], set X, clear Y, propagation Z, userns fd SlotB or none).</summary>
    MountSetattr = 56,

    /// <summary>move_mount(SlotA, "", SlotB, S0 (optional: else ""), MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH). A last symlink is not followed.</summary>
    MoveMount = 57,

    /// <summary>mount(S0 source (optional), "/proc/self/fd/N" of SlotB, type S1 (optional), flags X, data S2 (optional)).</summary>
    MountOnFd = 58,

    /// <summary>Resolve path S0 inside root SlotB into SlotA (out, O_PATH). With a Create flag, creates missing components (directories
    /// with mode X, the file with mode Y), following dangling symlinks inside the root, at most 40. Every look-up is
    /// openat2(RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS).</summary>
    ResolveTarget = 59,

    /// <summary>Copy the contents of directory SlotA into directory SlotB: directories, files, symlinks, devices, fifos, with owner, mode
    /// and mtime, xattrs; stays on SlotA's file system; bounded depth 64 (ELOOP).</summary>
    CopyTree = 60,

    /// <summary>Make the node or directory S0 (one or more components) below directory SlotB: mode and type X, rdev Y (major &lt;&lt; 32 | minor), owner Z
    /// (uid &lt;&lt; 32 | gid). An existing one of the same type and rdev is kept, another one is EEXIST. The plan has set the umask to 0 before: modes are exact.
    /// With flag Fresh what was made keeps the owner it was made with.</summary>
    MakeNode = 61,

    /// <summary>Make the symlink S0 below directory SlotB with target S1; an existing one with the same target is kept; any other file there is
    /// left alone as runc does for default links when X = 1, else EEXIST.</summary>
    MakeSymlink = 62,

    /// <summary>fchdir(SlotA); pivot_root(".", "."); make the old root a slave recursively, detach it; chdir("/").</summary>
    PivotRoot = 63,

    /// <summary>Without pivot: fchdir(SlotA), mount(".", "/", MS_MOVE), chroot("."), chdir("/").</summary>
    MoveRoot = 64,

    /// <summary>Without a mount namespace: fchdir(SlotA), chroot("."), chdir("/").</summary>
    ChangeRoot = 66,

    /// <summary>chdir(S0), then getcwd must be an absolute path (CVE-2024-21626: anything else fails with EXDEV).</summary>
    ChangeDirectory = 65,

    // ---- terminal ----------------------------------------------------------------------------------------------------

    /// <summary>Open "dev/pts/ptmx" in root SlotB, check that it is devpts (magic 0x1cd1) and char 5:2, unlock it, TIOCGPTPEER its slave (char
    /// major 136..143 on devpts), set the size X = rows, Y = columns when not 0; master into Slots.ConsoleMaster, slave into Slots.ConsoleSlave.</summary>
    OpenConsole = 70,

    /// <summary>dup2(SlotA, 0..2), TIOCSCTTY.</summary>
    UseConsole = 71,

    // ---- programs ----------------------------------------------------------------------------------------------------

    /// <summary>Run a hook inside the container: vector S0 (first entry: the path to execute; argv starts at the second entry), vector env
    /// S1, blob S2/L on stdin, deadline X in milliseconds (0: none), working directory SlotB (optional, else init's). When Y != 0, the 10
    /// bytes at offset Y of the blob are replaced by init's own PID (config.md: hooks in the container see it as the container does), right-aligned with spaces. stdout and stderr go
    /// to Slots.HookOutput or /dev/null. Fails with ETIMEDOUT after killing it, ECHILD with detail = wait status, or the error of its exec;
    /// the end of the hook's output is the text.</summary>
    RunHook = 80,

    /// <summary>Choose the program: the first of the candidate paths (vector S0) that is a regular file with execute permission for the
    /// current credentials. Fails with the first error other than ENOENT/ENOTDIR seen (EACCES for not executable, EISDIR for a directory), else ENOENT.
    /// Detail = index of the candidate.</summary>
    FindProgram = 81,

    /// <summary>execve(the chosen candidate, vector argv S0, vector env S1). After a <see cref="WaitForStart"/> it writes 'G' to
    /// <see cref="Slots.ReplyFifo"/> first. A failure's text is the path of the candidate.</summary>
    Exec = 82,

    // ---- attending a foreground container (the controller has exec'd anocir-init in its own place) -------------------

    /// <summary>Write the start byte to SlotA (O_WRONLY) and wait for 'G' and EOF on SlotB, polling the pidfd in slot X, at most Y ms.
    /// A <see cref="StartFailure"/> is kept in memory (see <see cref="ExecController"/>) and the step fails with EIO.</summary>
    StartContainer = 90,

    /// <summary>Serve a running container whose pidfd is SlotA until it exits: forward signals (all blocked, read by signalfd; not SIGCHLD,
    /// SIGURG, SIGWINCH), reap children, and when SlotB (console master) is set copy stdin → master → stdout and pass on SIGWINCH as
    /// TIOCSWINSZ; termios to restore in blob S0/L on fd 0 (optional). When a line that begins with READY=1 has come on the datagram socket in slot X, say
    /// READY=1 on the socket in slot Y, once (X = 0: no such sockets). Then waitid(P_PIDFD) and remember the exit code.</summary>
    Attend = 91,

    /// <summary>unlinkat(SlotB or AT_FDCWD, S0, X = 0 or AT_REMOVEDIR).</summary>
    Remove = 92,

    /// <summary>Execute the controller: execveat(SlotA, "", argv vector S0, env vector S1, AT_EMPTY_PATH). When X != 0, X is the index in
    /// argv of a string with at least 24 writable bytes that gets the attended exit code in decimal; when Y != 0, likewise the index of
    /// a string with at least 2 * (sizeof(StartFailure) + MaxText) + 1 writable bytes that gets the kept failure record and its text in hexadecimal. Signal mask is emptied first.</summary>
    ExecController = 93,
}
