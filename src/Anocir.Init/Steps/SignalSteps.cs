namespace Anocir.Init;

/// <summary>Blocked signals, as the attending process handles them.</summary>
internal static unsafe class SignalSteps
{
    /// <summary>Forgets every signal that is pending and blocked.</summary>
    public static void DropPending()
    {
        ulong all = ulong.MaxValue;
        TimeSpec now = default;
        while (Native.Syscall(Nr.rt_sigtimedwait, (nint)(&all), 0, (nint)(&now), Sigset.Size) > 0)
        {
        }
    }
}
