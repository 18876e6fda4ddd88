namespace Anocir.Runtime.Spec;

/// <summary>config-linux.md, "Seccomp"; names as in libseccomp.</summary>
public sealed class Seccomp
{
    /// <summary>Action for calls no rule matches, such as <c>SCMP_ACT_ERRNO</c>; REQUIRED.</summary>
    public string DefaultAction { get; set; } = "";

    /// <summary>errno of the default action; null means EPERM.</summary>
    public uint? DefaultErrnoRet { get; set; }

    /// <summary>Architectures such as <c>SCMP_ARCH_X86_64</c>; empty means the native one.</summary>
    public string[] Architectures { get; set; } = [];

    /// <summary>Filter flags; null (absent) lets the runtime choose, empty means none.</summary>
    public string[]? Flags { get; set; }

    /// <summary>Socket that gets the notify descriptor of SCMP_ACT_NOTIFY.</summary>
    public string? ListenerPath { get; set; }

    /// <summary>Opaque data for the listener.</summary>
    public string? ListenerMetadata { get; set; }

    /// <summary>Rules.</summary>
    public SeccompSyscall[] Syscalls { get; set; } = [];
}

/// <summary>One rule of the filter.</summary>
public sealed class SeccompSyscall
{
    /// <summary>Names of system calls; at least one.</summary>
    public string[] Names { get; set; } = [];

    /// <summary>Action; REQUIRED.</summary>
    public string Action { get; set; } = "";

    /// <summary>errno, or data for the tracer; only for SCMP_ACT_ERRNO and SCMP_ACT_TRACE.</summary>
    public uint? ErrnoRet { get; set; }

    /// <summary>Conditions on arguments.</summary>
    public SeccompArg[] Args { get; set; } = [];
}

/// <summary>One condition.</summary>
public sealed class SeccompArg
{
    /// <summary>Number of the argument, 0 to 5; REQUIRED.</summary>
    public uint Index { get; set; }

    /// <summary>Operand (the mask for SCMP_CMP_MASKED_EQ); REQUIRED.</summary>
    public ulong Value { get; set; }

    /// <summary>Second operand of SCMP_CMP_MASKED_EQ: the value expected under the mask.</summary>
    public ulong ValueTwo { get; set; }

    /// <summary>Operator such as <c>SCMP_CMP_EQ</c>; REQUIRED.</summary>
    public string Op { get; set; } = "";
}
