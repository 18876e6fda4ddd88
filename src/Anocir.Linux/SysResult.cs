namespace Anocir.Linux;

/// <summary>
/// Result of a system call: a non-negative value, or the negated <see cref="Linux.Errno"/> that the kernel returned.
/// </summary>
public readonly struct SysResult
{
    private readonly nint _raw;

    /// <summary>Wraps a raw value in the kernel's own convention (negative = negated errno).</summary>
    public SysResult(nint raw) => _raw = raw;

    /// <summary>Whether the call failed; then <see cref="Errno"/> says why.</summary>
    public bool IsError => _raw < 0;

    /// <summary>The value of a successful call (an fd, a byte count, a PID); undefined after a failure.</summary>
    public nint Value => _raw;

    /// <summary>The value as a file descriptor, PID or other 32-bit number.</summary>
    public int Int => (int)_raw;

    /// <summary>The error number of a failed call, <see cref="Errno.None"/> after success.</summary>
    public Errno Errno => _raw < 0 ? (Errno)(int)-_raw : Errno.None;

    /// <summary>Whether the call failed with this error number.</summary>
    public bool Is(Errno errno) => _raw == -(nint)(int)errno;
}
