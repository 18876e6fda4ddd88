using System.Runtime.InteropServices;

namespace Anocir.Linux;

#pragma warning disable CS1591 // kernel field names, documented in sched_setattr(2)

/// <summary>struct sched_attr, version 1 (linux/sched/types.h).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SchedAttr
{
    public uint Size;
    public uint Policy;
    public ulong Flags;
    public int Nice;
    public uint Priority;
    public ulong Runtime;
    public ulong Deadline;
    public ulong Period;
    public uint UtilMin;
    public uint UtilMax;
}
