using System;

namespace Anocir.Runtime.Spec;

/// <summary>Names of capabilities in the order of their numbers (linux/capability.h, complete up to Linux 6.17).</summary>
public static class CapabilityNames
{
    /// <summary>Number of names; the last one is <c>CAP_CHECKPOINT_RESTORE</c>.</summary>
    public const int Count = 41;

    private const string Prefix = "CAP_";

    private const string Names =
        "CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE " +
        "NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN " +
        "SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE " +
        "MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE";

    /// <summary>The number of a name such as <c>CAP_CHOWN</c>, or -1 for an unknown name.</summary>
    public static int Number(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal) ? WordList.IndexOf(Names, name.AsSpan(Prefix.Length)) : -1;

    /// <summary>The name of a number below <see cref="Count"/>.</summary>
    public static string Name(int number)
    {
        ReadOnlySpan<char> rest = Names;
        for (int i = 0; i < number; i++)
        {
            _ = WordList.Next(ref rest);
        }

        return string.Concat(Prefix, WordList.Next(ref rest));
    }
}
