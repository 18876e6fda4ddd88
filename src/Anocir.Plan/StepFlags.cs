using System;

namespace Anocir.Plan;

#pragma warning disable CA2217, CA1008

/// <summary>Bits of <see cref="Step.Flags"/>.</summary>
[Flags]
public enum StepFlags : ushort
{
    /// <summary>Nothing special.</summary>
    None = 0,

    /// <summary>Apply to the whole mount tree (AT_RECURSIVE).</summary>
    Recursive = 1,

    /// <summary>A failure whose error is not in <see cref="Step.ErrnoSet"/> is ignored: the next step follows.</summary>
    IgnoreErrors = 2,

    /// <summary><see cref="StepKind.ResolveTarget"/>: create what is missing, as a directory.</summary>
    CreateDirectory = 4,

    /// <summary><see cref="StepKind.ResolveTarget"/>: create what is missing, the last component as an empty regular file.</summary>
    CreateFile = 8,

    /// <summary><see cref="StepKind.ResolveTarget"/>: no component may be a symlink (ELOOP): proc and sysfs targets (CVE-2019-19921, CVE-2023-27561).</summary>
    NoSymlinks = 16,

    /// <summary><see cref="StepKind.ResolveTarget"/>: the last component is not followed when it is a symlink.</summary>
    NoFollowLast = 32,

    /// <summary><see cref="StepKind.MakeNode"/>: the directory is of a file system that this plan has just mounted, so what was made need not be looked at.</summary>
    Fresh = 64,
}
