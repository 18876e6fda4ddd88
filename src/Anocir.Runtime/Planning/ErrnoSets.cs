using System;
using Anocir.Linux;

namespace Anocir.Runtime.Planning;

/// <summary>Packs up to four error numbers for <see cref="Plan.Step.ErrnoSet"/>.</summary>
internal static class ErrnoSets
{
    public static uint Of(params ReadOnlySpan<Errno> errnos)
    {
        uint set = 0;
        for (int i = 0; i < errnos.Length; i++)
        {
            set |= (uint)errnos[i] << (8 * i);
        }

        return set;
    }
}
