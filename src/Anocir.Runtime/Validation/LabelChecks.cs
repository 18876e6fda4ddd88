using System;
using Anocir.Runtime.SecurityModules;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Validation;

/// <summary>
/// Labels of security modules: a container that asks for confinement never runs without it (runc's rule and words). Also for the process
/// file of exec.
/// </summary>
internal static class LabelChecks
{
    /// <summary>process.apparmorProfile and process.selinuxLabel on this machine.</summary>
    public static void Check(Process process) =>
        Check(process, process.ApparmorProfile is not null && AppArmor.IsEnabled, process.SelinuxLabel is not null && SeLinux.IsEnabled);

    /// <summary>The same for a machine with or without the two.</summary>
    public static void Check(Process process, bool appArmor, bool seLinux)
    {
        if (process.ApparmorProfile is { } profile)
        {
            CheckText("process.apparmorProfile", profile);
            if (!appArmor)
            {
                throw Reject.Value("process.apparmorProfile", "apparmor: config provided but apparmor not supported", profile);
            }
        }

        if (process.SelinuxLabel is { } label)
        {
            CheckText("process.selinuxLabel", label);
            if (!seLinux)
            {
                throw Reject.Value(
                    "process.selinuxLabel", "selinux label is specified in config, but selinux is disabled or not supported", label);
            }
        }
    }

    /// <summary>linux.mountLabel.</summary>
    public static void CheckMounts(string? label, bool seLinux)
    {
        if (label is not null)
        {
            CheckText("linux.mountLabel", label);
            if (!seLinux)
            {
                throw Reject.Value(
                    "linux.mountLabel", "selinux label is specified in config, but selinux is disabled or not supported", label);
            }
        }
    }

    private static void CheckText(string path, string label)
    {
        if (label.AsSpan().IndexOfAny('\n', '\0') >= 0)
        {
            throw Reject.Value(path, "must be one line", label);
        }
    }
}
