using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Planning;

/// <summary>The five capability sets of a process as bit masks (capabilities(7)).</summary>
public readonly struct CapabilityMasks
{
    /// <summary>Translates names; unknown ones, and those not in <paramref name="grantable"/>, were warned about and are left out.</summary>
    public CapabilityMasks(Capabilities? sets, ulong grantable)
    {
        Bounding = Mask(sets?.Bounding, grantable);
        Effective = Mask(sets?.Effective, grantable);
        Permitted = Mask(sets?.Permitted, grantable);
        Inheritable = Mask(sets?.Inheritable, grantable);
        Ambient = Mask(sets?.Ambient, grantable) & Permitted & Inheritable;
    }

    /// <summary>One set.</summary>
    public ulong Bounding { get; }

    /// <summary>One set.</summary>
    public ulong Effective { get; }

    /// <summary>One set.</summary>
    public ulong Permitted { get; }

    /// <summary>One set; left empty unless asked for (CVE-2022-24769).</summary>
    public ulong Inheritable { get; }

    /// <summary>One set, without what is not both permitted and inheritable: the kernel raises no such capability (warned about, as runc).</summary>
    public ulong Ambient { get; }

    private static ulong Mask(string[]? names, ulong grantable)
    {
        ulong mask = 0;
        foreach (string name in names ?? [])
        {
            int number = CapabilityNames.Number(name);
            if (number >= 0)
            {
                mask |= 1UL << number;
            }
        }

        return mask & grantable;
    }
}
