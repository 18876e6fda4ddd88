using System;
using System.Collections.Generic;
using Anocir.Linux;

namespace Anocir.Runtime.Cgroups;

/// <summary>What <see cref="CgroupfsDriver.Create"/> made; disposing closes the descriptor and keeps the directories.</summary>
public sealed class CgroupCreation : IDisposable
{
    private readonly List<string> _made = new(16);

    /// <summary>
    /// The v2 directory (O_PATH) for CLONE_INTO_CGROUP, on unified and hybrid hosts; not open on a host that has only v1.
    /// </summary>
    public Fd UnifiedDirectory { get; internal set; } = new(-1);

    /// <summary>The directories that did not exist before, parents first.</summary>
    public IReadOnlyList<string> Made => _made;

    /// <summary>Removes the directories that were made, as far as nothing is in them; for a creation that failed later.</summary>
    public void Rollback()
    {
        for (int i = _made.Count - 1; i >= 0; i--)
        {
            _ = Sys.UnlinkAt(At.FDCWD, _made[i], At.REMOVEDIR);
        }

        _made.Clear();
    }

    /// <inheritdoc/>
    public void Dispose() => UnifiedDirectory.Dispose();

    internal void Add(string directory) => _made.Add(directory);
}
