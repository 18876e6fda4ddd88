using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Validation;

/// <summary>
/// What config.json can ask for and this version does not do yet: it fails by name, nothing is silently ignored. Values that
/// change nothing (empty objects, the kernel's own defaults, the zeros that engines write for "not set") are let through.
/// </summary>
internal static class NotBuilt
{
    public static void Check(RuntimeConfig config)
    {
        if (config.Process is { } process)
        {
            CheckProcess(process);
        }

        if (config.Linux is { } linux)
        {
            Refuse(linux.MountLabel is not null, "linux.mountLabel");
            Refuse(linux.IntelRdt is not null, "linux.intelRdt");
            Refuse(linux.MemoryPolicy is not null, "linux.memoryPolicy");
            Refuse(linux.NetDevices.Length > 0, "linux.netDevices");
            if (linux.Seccomp is { } seccomp)
            {
                CheckSeccomp(seccomp);
            }
        }
    }

    /// <summary>The part about a process, for exec too.</summary>
    public static void CheckProcess(Process process)
    {
        Refuse(process.ApparmorProfile is not null, "process.apparmorProfile");
        Refuse(process.SelinuxLabel is not null, "process.selinuxLabel");
        Refuse(process.Scheduler is not null, "process.scheduler");
        Refuse(process.IoPriority is not null, "process.ioPriority");
    }

    private static void CheckSeccomp(Seccomp seccomp)
    {
        Refuse(seccomp.ListenerPath is not null, "linux.seccomp.listenerPath");
        Refuse(seccomp.ListenerMetadata is not null, "linux.seccomp.listenerMetadata");
        Refuse(seccomp.DefaultAction == SeccompNames.Notify, "linux.seccomp.defaultAction");
        for (int i = 0; i < seccomp.Syscalls.Length; i++)
        {
            if (seccomp.Syscalls[i].Action == SeccompNames.Notify)
            {
                Refuse(true, $"linux.seccomp.syscalls[{i}].action");
            }
        }
    }

    private static void Refuse(bool asked, string property)
    {
        if (asked)
        {
            throw Reject.Rule(property, "not supported by this version of anocir");
        }
    }
}
