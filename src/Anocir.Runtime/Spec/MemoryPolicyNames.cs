namespace Anocir.Runtime.Spec;

/// <summary>The words of <c>linux.memoryPolicy</c> (config-linux.md), as <see cref="WordList"/>s.</summary>
internal static class MemoryPolicyNames
{
    /// <summary>Modes in the order of the kernel's numbers, from 0 on (linux/mempolicy.h).</summary>
    public const string Modes =
        "MPOL_DEFAULT MPOL_PREFERRED MPOL_BIND MPOL_INTERLEAVE MPOL_LOCAL MPOL_PREFERRED_MANY MPOL_WEIGHTED_INTERLEAVE";

    /// <summary>Flags, from bit <see cref="FirstFlag"/> on.</summary>
    public const string Flags = "MPOL_F_NUMA_BALANCING MPOL_F_RELATIVE_NODES MPOL_F_STATIC_NODES";

    /// <summary>Bit of the first flag in the mode argument of set_mempolicy(2).</summary>
    public const int FirstFlag = 13;

    /// <summary>Highest node of any kernel (CONFIG_NODES_SHIFT is at most 10).</summary>
    public const int MaxNode = 1023;
}
