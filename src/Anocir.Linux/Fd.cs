using System;

namespace Anocir.Linux;

/// <summary>Owner of one file descriptor; disposing closes it. A handed-over owner (<see cref="Take"/>) closes nothing.</summary>
public sealed class Fd : IDisposable
{
    /// <summary>Takes ownership of <paramref name="number"/>; -1 means none.</summary>
    public Fd(int number) => Number = number;

    /// <summary>The descriptor, or -1 when closed or handed over.</summary>
    public int Number { get; private set; }

    /// <summary>Whether a descriptor is owned.</summary>
    public bool IsOpen => Number >= 0;

    /// <summary>Gives the descriptor away: this object no longer closes it.</summary>
    public int Take()
    {
        int number = Number;
        Number = -1;
        return number;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Number >= 0)
        {
            _ = Sys.Close(Take());
        }
    }
}
