using System;
using System.Globalization;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Planning;
using Anocir.Runtime.Spec;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>A container that a process is to be added to: its record and configuration, its live init, the namespaces that differ from ours.</summary>
internal sealed class ExecTarget : IDisposable
{
    // In the order in which they are joined.
    private static readonly (NamespaceType Type, string File)[] s_namespaces =
    [
        (NamespaceType.Network, "net"), (NamespaceType.Ipc, "ipc"), (NamespaceType.Uts, "uts"), (NamespaceType.Cgroup, "cgroup"),
        (NamespaceType.Time, "time"), (NamespaceType.Pid, "pid"), (NamespaceType.Mount, "mnt"), (NamespaceType.User, "user"),
    ];

    private readonly bool _initDeniesSetgroups;

    private ExecTarget(ContainerRecord record, RuntimeConfig config, Fd pidfd, bool isWaiting)
    {
        Record = record;
        Config = config;
        Pidfd = pidfd;
        Proc = "/proc/" + record.Pid.ToString(CultureInfo.InvariantCulture);
        Namespaces = Differing(isWaiting);
        _initDeniesSetgroups = JoinsUserNamespace && SetgroupsDenied(record.Pid);
        if ((Namespaces & CloneNew.Mount) == 0)
        {
            Root = Open(Proc + "/root");
        }
    }

    /// <summary>The container's record.</summary>
    public ContainerRecord Record { get; }

    /// <summary>Its configuration as it was at create.</summary>
    public RuntimeConfig Config { get; }

    /// <summary>pidfd of its init; whatever becomes of the PID, this is the container.</summary>
    public Fd Pidfd { get; }

    /// <summary>/proc/PID of its init.</summary>
    public string Proc { get; }

    /// <summary>CLONE_NEW* flags of the namespaces to join: those of the configuration, and of a restore, that are not our own.</summary>
    public uint Namespaces { get; }

    /// <summary>Its root directory when it has no mount namespace of its own, else null.</summary>
    public Fd? Root { get; }

    /// <summary>Whether the user namespace that a process is in there forbids setgroups(2).</summary>
    public bool DeniesSetgroups => JoinsUserNamespace ? _initDeniesSetgroups : Caller.Current.SetgroupsDenied;

    /// <summary>Whether its user namespace is another than ours.</summary>
    public bool JoinsUserNamespace => (Namespaces & CloneNew.User) != 0;

    /// <summary>Opens a container that runs, waits for start, or with <paramref name="ignorePaused"/> is paused.</summary>
    /// <exception cref="ContainerException">It does none of these; runc's texts.</exception>
    public static ExecTarget Open(RuntimeOptions options, ContainerId id, bool ignorePaused)
    {
        using var store = StateStore.Open(options.Root);
        using ContainerDirectory directory = store.Get(id);
        ContainerRecord record = directory.Load();
        ContainerStatus status = ContainerProcess.Evaluate(record);
        switch (status)
        {
            case ContainerStatus.Stopped:
                throw Stopped();
            case ContainerStatus.Creating:
                throw new ContainerException("cannot exec in a container that is being created");
            case ContainerStatus.Paused when !ignorePaused:
                throw new ContainerException("cannot exec in a paused container (use --ignore-paused to override)");
        }

        RuntimeConfig config = StoredConfig.Load(directory)
            ?? throw (ContainerProcess.IsAlive(record.Pid, record.PidStartTime)
                ? new ContainerException($"cannot read the configuration of container '{id.Value}': it was being deleted; hint: delete it with 'anocir delete --force'")
                : Stopped()); // a delete was faster
        Fd pidfd = ContainerProcess.OpenLivePidfd(record) ?? throw Stopped();
        try
        {
            return new ExecTarget(record, config, pidfd, status == ContainerStatus.Created);
        }
        catch
        {
            pidfd.Dispose();
            throw;
        }
    }

    /// <summary>The container's init has ended.</summary>
    public static ContainerException Stopped() => new("cannot exec in a stopped container");

    /// <summary>
    /// Comes after everything that was read under <see cref="Proc"/>: an init that lives now had this PID then, so it was no stranger's.
    /// </summary>
    /// <exception cref="ContainerException">It has ended.</exception>
    public void RequireLive() => RequireLive(Pidfd);

    /// <summary>The same of any pidfd.</summary>
    internal static void RequireLive(Fd pidfd)
    {
        if (Sys.PollInput(pidfd.Number, -1, 0).Value != 0)
        {
            throw Stopped();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Root?.Dispose();
        Pidfd.Dispose();
    }

    /// <summary>The name of the file below /proc/PID/ns for a type of namespace.</summary>
    internal static string FileOf(NamespaceType wanted)
    {
        foreach ((NamespaceType type, string file) in s_namespaces)
        {
            if (type == wanted)
            {
                return file;
            }
        }

        return "";
    }

    // Of the namespaces that the container was given: one that its init has made for itself since is the init's, with the rights over who is in it.
    // What is shared with us need not be joined, and one's own user namespace cannot be (setns(2)).
    private uint Differing(bool isWaiting)
    {
        uint flags = 0;
        foreach ((NamespaceType type, string file) in s_namespaces)
        {
            bool isItsOwn = Config.Linux?.FindNamespace(type) is not null || (type == NamespaceType.Time && Record.IsRestored);
            if (!isItsOwn)
            {
                continue;
            }

            if (Sys.Statx(At.FDCWD, "/proc/self/ns/" + file, 0, out Statx ours).IsError)
            {
                continue; // the kernel has none of this type
            }

            string path = Proc + "/ns/" + file;
            SysResult result = Sys.Statx(At.FDCWD, path, 0, out Statx theirs);
            if (result.IsError)
            {
                throw result.Errno is Errno.ENOENT or Errno.ESRCH
                    ? Stopped()
                    : ContainerException.System("examine", path, result.Errno, isWaiting
                        ? "without root a container that waits for start cannot be entered: anocir start it first"
                        : "needs the rights of the user who made the container, or CAP_SYS_PTRACE");
            }

            flags |= ours.Ino == theirs.Ino ? 0 : NamespacePlanner.FlagOf(type);
        }

        return flags;
    }

    private static bool SetgroupsDenied(int pid)
    {
        Span<byte> text = stackalloc byte[16];
        SysResult read = SmallFile.Read(At.FDCWD, "/proc/" + pid.ToString(CultureInfo.InvariantCulture) + "/setgroups", text);
        return !read.IsError && text[..read.Int].StartsWith("deny"u8);
    }

    private static Fd Open(string path)
    {
        SysResult opened = Sys.Open(path, O.PATH | O.DIRECTORY | O.CLOEXEC);
        return opened.IsError ? throw ContainerException.System("open", path, opened.Errno) : new Fd(opened.Int);
    }
}
