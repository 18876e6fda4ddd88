using System;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>Takes the lock of a container, but does not wait for ever: another command may hang in a hook.</summary>
internal static class DirectoryLock
{
    private const int Milliseconds = 10_000;

    /// <summary>Waits at most ten seconds.</summary>
    public static void Take(ContainerDirectory directory)
    {
        long end = Environment.TickCount64 + Milliseconds;
        int pause = 1;
        while (!directory.TryLock())
        {
            if (Environment.TickCount64 > end)
            {
                throw new ContainerException($"cannot lock '{directory.Path}': another anocir command{LockHolder.Describe(directory.Descriptor)} has been "
                    + $"working on this container for {Milliseconds / 1000} s; hint: look for it with ps, it may wait for a hook");
            }

            _ = Sys.PollInput(-1, -1, pause);
            pause = Math.Min(pause * 2, 50);
        }
    }
}
