using System;
using System.Collections.Generic;
using System.Numerics;
using Anocir.Linux;
using Anocir.Runtime.Logging;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Lifecycle;

/// <summary>
/// Which of the requested capabilities a container can get. One that this process itself may not have is warned about and left out,
/// as the specification says (config.md, capabilities: "SHOULD NOT fail"); runc and crun fail with EPERM.
/// </summary>
internal static class GrantableCapabilities
{
    /// <summary>The mask of those asked for, after a warning about what is asked for in vain. A user namespace gives all that the kernel knows.</summary>
    /// <param name="config">process.capabilities, and whether the container has a user namespace of its own.</param>
    /// <param name="last">Highest capability number of the kernel.</param>
    /// <param name="log">Where the warning goes.</param>
    public static ulong Find(RuntimeConfig config, int last, Logger log)
    {
        Capabilities? sets = config.Process?.Capabilities;
        bool userNamespace = config.Linux?.FindNamespace(NamespaceType.User) is not null;
        string[]?[] all = [sets?.Bounding, sets?.Effective, sets?.Permitted, sets?.Inheritable, sets?.Ambient];
        ulong known = ulong.MaxValue >> (63 - last);
        ulong grantable = userNamespace ? known : InBoundingSet(Union(all) & known);
        SortedSet<string>? missing = null;
        foreach (string[]? set in all)
        {
            Collect(set, grantable, ref missing);
        }

        if (missing is not null)
        {
            log.Warn($"ignoring unknown or unavailable capabilities: [{string.Join(' ', missing)}]");
        }

        WarnAmbient(sets, grantable, log);
        return grantable;
    }

    // init leaves them out; the words are runc's.
    private static void WarnAmbient(Capabilities? sets, ulong grantable, Logger log)
    {
        foreach (string name in sets?.Ambient ?? [])
        {
            int number = CapabilityNames.Number(name);
            bool given = Array.IndexOf(sets!.Permitted ?? [], name) >= 0 && Array.IndexOf(sets.Inheritable ?? [], name) >= 0;
            if (number >= 0 && (grantable >> number & 1) != 0 && !given)
            {
                log.Warn($"can't raise ambient capability {name}: it is not both permitted and inheritable");
            }
        }
    }

    // Unknown names are the validation's, which says the same of them.
    private static void Collect(string[]? set, ulong grantable, ref SortedSet<string>? missing)
    {
        foreach (string name in set ?? [])
        {
            int number = CapabilityNames.Number(name);
            if (number >= 0 && (grantable >> number & 1) == 0)
            {
                _ = (missing ??= new SortedSet<string>(StringComparer.Ordinal)).Add(name);
            }
        }
    }

    private static ulong Union(string[]?[] sets)
    {
        ulong union = 0;
        foreach (string[]? set in sets)
        {
            foreach (string name in set ?? [])
            {
                int number = CapabilityNames.Number(name);
                union |= number < 0 ? 0 : 1UL << number;
            }
        }

        return union;
    }

    // One system call for each that is asked for; most containers ask for few.
    private static ulong InBoundingSet(ulong asked)
    {
        ulong mask = 0;
        for (ulong left = asked; left != 0; left &= left - 1)
        {
            int number = BitOperations.TrailingZeroCount(left);
            mask |= Sys.BoundingCapability(number).Int == 1 ? 1UL << number : 0;
        }

        return mask;
    }
}
