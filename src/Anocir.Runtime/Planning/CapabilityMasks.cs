using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Planning;

/// <summary>The five capability sets of a process as bit masks (capabilities(7)).</summary>
public readonly struct CapabilityMasks
{
    /// <summary>Translates names; unknown ones, and those the kernel does not have, were warned about and are left out.</summary>
    public CapabilityMasks(Capabilities? sets, int last)
    {
        Bounding = Mask(sets?.Bounding, last);
        Effective = Mask(sets?.Effective, last);
        Permitted = Mask(sets?.Permitted, last);
        Inheritable = Mask(sets?.Inheritable, last);
        Ambient = Mask(sets?.Ambient, last);
    }

    /// <summary>One set.</summary>
    public ulong Bounding { get; }

    /// <summary>One set.</summary>
    public ulong Effective { get; }

    /// <summary>One set.</summary>
    public ulong Permitted { get; }

    /// <summary>One set; left empty unless asked for (CVE-2022-24769).</summary>
    public ulong Inheritable { get; }

    /// <summary>One set.</summary>
    public ulong Ambient { get; }

    private static ulong Mask(string[]? names, int last)
    {
        ulong mask = 0;
        foreach (string name in names ?? [])
        {
            int number = CapabilityNames.Number(name);
            if (number >= 0 && number <= last)
            {
                mask |= 1UL << number;
            }
        }

        return mask;
    }
}
