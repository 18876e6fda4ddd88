using System;
using System.Globalization;
using Anocir.Linux;
using Anocir.Plan;
using Anocir.Runtime.HookPrograms;
using Anocir.Runtime.Planning;

namespace Anocir.Runtime.Errors;

/// <summary>
/// What a failed step means to a person: init reports an index and an errno, the plan knows the rest. One line: verb, object,
/// property, errno, and a hint where the errno misleads.
/// </summary>
public static class StepText
{
    /// <summary>
    /// The line for a failure of step <paramref name="index"/>; <paramref name="text"/> is what the kernel or a hook said. <paramref name="root"/>:
    /// the container's root on the host, where a program that cannot be executed is looked at.
    /// </summary>
    public static string Describe(PlanWriter plan, int index, Errno errno, long detail, string text, string? root = null)
    {
        if (index < 0 || index >= plan.Count)
        {
            return $"anocir-init refused its plan (check {detail.ToString(CultureInfo.InvariantCulture)}, {ErrnoText.Name(errno)}); "
                + "hint: this is a bug in anocir, please report it";
        }

        Step step = plan.Steps[index];
        var kind = (StepKind)step.Kind;
        switch (kind)
        {
            case StepKind.FindProgram:
                return ProgramText.NotFound(plan.SubjectOf(index), errno);
            case StepKind.Exec:
                return ProgramText.ExecFailed(text, errno, root);
            case StepKind.RunHook:
                return HookFailed(plan, index, step, errno, detail, text);
        }

        string subject = Subject(plan, index, step, kind);
        if (kind == StepKind.MoveMount && errno == Errno.EINVAL)
        {
            errno = Errno.ENOTDIR; // what mount(2) says of a directory on a file; dockerd explains it to its user by these words
        }

        string line = $"cannot {Verb(kind)}{(subject.Length == 0 ? "" : " '" + subject + "'")}"
            + $"{Property(plan.OriginOf(index))}: {ErrnoText.Describe(errno)}";
        if (text.Length > 0)
        {
            line += ": " + Line(text);
        }

        bool userNamespace = kind is StepKind.CloneInit or StepKind.Unshare && (step.X & CloneNew.User) != 0;
        string? hint = userNamespace && errno is Errno.EPERM or Errno.EACCES or Errno.ENOSPC
            ? UserNamespaceSupport.Restriction(errno)
            : null;
        hint ??= StepHints.For(kind, step, errno, plan.OriginOf(index));
        return hint is null ? line : line + "; hint: " + hint;
    }

    private static string Property(string origin) => origin.Length == 0 || origin is "start" or "helper" ? "" : " (" + origin + ")";

    private static string Subject(PlanWriter plan, int index, in Step step, StepKind kind)
    {
        string named = plan.SubjectOf(index);
        string own = kind switch
        {
            StepKind.Open or StepKind.WriteFile or StepKind.SetAttribute or StepKind.SetName or StepKind.SetHostname or StepKind.SetDomainname
                or StepKind.SetPropagation or StepKind.FsOpen or StepKind.ResolveTarget or StepKind.MakeNode or StepKind.MakeSymlink
                or StepKind.ChangeDirectory or StepKind.Remove or StepKind.JoinSessionKeyring => plan.ReadString(step.S0),
            StepKind.OpenTree => plan.ReadString(step.S0),

            // The tree that is idmapped was opened by the step before.
            StepKind.MountSetattr when (step.X & MountAttr.IDMAP) != 0 => WithFileSystem(plan.ReadString(plan.Steps[index - 1].S0)),
            StepKind.FsConfig when step.S0 != 0 && step.S1 != 0 => plan.ReadString(step.S0) + "=" + plan.ReadString(step.S1),
            StepKind.FsConfig => plan.ReadString(step.S0),
            StepKind.JoinNamespace or StepKind.Unshare or StepKind.CloneInit => NamespaceText.Flags((uint)step.X),
            _ => "",
        };
        return own.Length == 0 ? named : named.Length == 0 || own == named ? own : own + "' for '" + named;
    }

    private static string WithFileSystem(string path) =>
        MountPoints.FileSystem(path) is { } type ? path + "' on file system '" + type : path;

    private static string Verb(StepKind kind) => kind switch
    {
        StepKind.Sync or StepKind.SendFd or StepKind.ReceiveFd => "talk to the controller",
        StepKind.WaitForStart => "wait for start",
        StepKind.ExitOnSignals => "set signal handlers",
        StepKind.SetName => "set process name",
        StepKind.SetDumpable => "set dumpable",
        StepKind.SetParentDeathSignal => "set the parent death signal",
        StepKind.SetSid => "create a session",
        StepKind.SetUmask => "set umask",
        StepKind.SetPersonality => "set personality",
        StepKind.SetAffinity => "set CPU affinity",
        StepKind.SetRlimit => "set rlimit",
        StepKind.SetNoNewPrivileges => "set no_new_privs",
        StepKind.SetKeepCaps => "keep capabilities",
        StepKind.DropBoundingCaps => "drop bounding capabilities",
        StepKind.SetCaps => "set capabilities",
        StepKind.SetAmbientCaps => "set ambient capabilities",
        StepKind.SetIds => "set user and groups",
        StepKind.LoadSeccomp => "load the seccomp filter",
        StepKind.JoinSessionKeyring => "join session keyring",
        StepKind.ChownStdio => "give stdio to the user",
        StepKind.SetScheduler => "set the scheduling policy",
        StepKind.SetIoPriority => "set the I/O priority",
        StepKind.SetMemoryPolicy => "set the memory policy",
        StepKind.Duplicate => "replace a standard stream",
        StepKind.SetAttribute => "set the file attribute",
        StepKind.Open => "open",
        StepKind.Close or StepKind.CloseRange => "close descriptors",
        StepKind.WriteFile => "write",
        StepKind.VerifyFile => "verify the file type",
        StepKind.JoinNamespace => "join namespace",
        StepKind.Unshare => "create namespace",
        StepKind.CloneInit => "create init with namespaces",
        StepKind.SetHostname => "set hostname",
        StepKind.SetDomainname => "set domainname",
        StepKind.LoopbackUp => "bring up the loopback interface",
        StepKind.SetPropagation => "set mount propagation of",
        StepKind.OpenTree => "open mount source",
        StepKind.FsOpen => "prepare a file system of type",
        StepKind.FsConfig or StepKind.FsConfigMode => "configure mount",
        StepKind.FsMount => "create mount",
        StepKind.MountSetattr => "set mount attributes",
        StepKind.MoveMount or StepKind.MountOnFd => "mount",
        StepKind.ResolveTarget => "prepare",
        StepKind.CopyTree => "copy contents",
        StepKind.MakeNode => "create device",
        StepKind.MakeSymlink => "create link",
        StepKind.PivotRoot => "pivot_root",
        StepKind.MoveRoot or StepKind.ChangeRoot => "change root",
        StepKind.ChangeDirectory => "change to directory",
        StepKind.OpenConsole or StepKind.UseConsole => "set up the terminal",
        StepKind.StartContainer => "start the container",
        StepKind.Attend => "attend the container",
        StepKind.Remove => "remove",
        StepKind.ExecController => "execute the controller",
        _ => "do step " + StepNames.Of(kind),
    };

    /// <summary>How a hook that ran in the container failed: its end and its last words, or what kept it from running.</summary>
    internal static string Hook(Errno errno, long detail, string text) => errno == Errno.ECHILD
        ? WaitStatusText.Describe((int)detail) + ", output: " + Line(text)
        : $"cannot execute '{text}': {ErrnoText.Describe(errno)}";

    private static string Line(string text) => text.Trim().Replace('\n', ' ');

    private static string HookFailed(PlanWriter plan, int index, in Step step, Errno errno, long detail, string text)
    {
        string origin = plan.OriginOf(index); // hooks.createContainer[0]
        int bracket = origin.IndexOf('[', StringComparison.Ordinal);
        string name = origin["hooks.".Length..bracket] + " hook #" + origin[(bracket + 1)..^1];
        string what = errno switch
        {
            Errno.ETIMEDOUT => HookTime.Exceeded((long)(step.X / 1000)),
            _ => Hook(errno, detail, text),
        };
        return $"error running {name}: {what}";
    }
}
