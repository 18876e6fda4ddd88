using System.Collections.Generic;

namespace Anocir.Runtime.Spec;

/// <summary>Annotations that change what the runtime does; docs/annotations.md describes each.</summary>
internal static class AnnotationNames
{
    /// <summary>Which mount option <c>linux.mountLabel</c> becomes; one of <see cref="MountContextTypes"/>.</summary>
    public const string MountContextType = "run.oci.mount_context_type";

    /// <summary>The options of SELinux (mount(8)).</summary>
    public const string MountContextTypes = "context fscontext defcontext rootcontext";

    /// <summary>Socket that gets the listener of SCMP_ACT_NOTIFY when linux.seccomp.listenerPath is not set.</summary>
    public const string SeccompReceiver = "run.oci.seccomp.receiver";

    /// <summary>Present: a name of a system call that nobody knows is an error.</summary>
    public const string SeccompFailUnknown = "run.oci.seccomp_fail_unknown_syscall";

    /// <summary>A filter program (struct sock_filter[]) in base64, which takes the place of the rules of linux.seccomp.</summary>
    public const string SeccompBpfData = "run.oci.seccomp_bpf_data";

    /// <summary>Present: the supplementary groups of the caller stay, process.user.additionalGids is not looked at.</summary>
    public const string KeepOriginalGroups = "run.oci.keep_original_groups";

    /// <summary>File of settings for CRIU, which come before those of the command line; empty: none.</summary>
    public const string CriuConfig = "org.criu.config";

    /// <summary>Socket that gets a pidfd of the container's process, as <c>--pidfd-socket</c>.</summary>
    public const string PidfdReceiver = "run.oci.pidfd_receiver";

    /// <summary>File to which standard output of hooks of the runtime's namespaces is appended.</summary>
    public const string HooksStdout = "run.oci.hooks.stdout";

    /// <summary>File to which standard error of hooks of the runtime's namespaces is appended.</summary>
    public const string HooksStderr = "run.oci.hooks.stderr";

    /// <summary>What annotations about properties of the systemd unit begin with (<c>org.systemd.property.NAME</c>).</summary>
    public const string UnitPropertyPrefix = "org.systemd.property.";

    /// <summary>Name of a cgroup below the systemd scope that takes the container's place; cgroup v2.</summary>
    public const string SystemdSubgroup = "run.oci.systemd.subgroup";

    /// <summary>A cgroup below the container's own that its root may manage and its process is in; cgroup v2.</summary>
    public const string DelegateCgroup = "run.oci.delegate-cgroup";

    /// <summary>What the features document lists as unsafe to take from strangers, sorted; what ends in a dot is a beginning.</summary>
    public const string Unsafe =
        CriuConfig + " " + UnitPropertyPrefix + " " + DelegateCgroup + " " + HooksStderr + " " + HooksStdout + " " + KeepOriginalGroups + " " + MountContextType + " " + PidfdReceiver + " " + SeccompReceiver
        + " " + SeccompBpfData + " " + SeccompFailUnknown + " " + SystemdSubgroup;

    /// <summary>The value of an annotation, or null.</summary>
    public static string? Find(RuntimeConfig config, string name) => Find(config.Annotations, name);

    /// <summary>The value of an annotation in a list, or null.</summary>
    public static string? Find(IReadOnlyList<KeyValuePair<string, string>> annotations, string name)
    {
        for (int i = 0; i < annotations.Count; i++)
        {
            if (annotations[i].Key == name)
            {
                return annotations[i].Value;
            }
        }

        return null;
    }
}
