using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Xunit;

namespace Anocir.Integration.Tests.Fixture;

/// <summary>The other side of SCMP_ACT_NOTIFY: answers calls on a listener (seccomp_unotify(2)).</summary>
internal sealed unsafe class SeccompAgent(int listener) : IDisposable
{
    private const ulong Receive = 0xC0502100; // SECCOMP_IOCTL_NOTIF_RECV
    private const ulong Send = 0xC0182101; // SECCOMP_IOCTL_NOTIF_SEND

    /// <summary>Waits for one call, which must be the expected one, and lets it return a value.</summary>
    public void Answer(int expected, long value)
    {
        UnixListener.WaitReadable(listener, "a call for the seccomp agent");

        // struct seccomp_notif: u64 id, u32 pid, u32 flags, struct seccomp_data (from its offset 0: int nr)
        byte* call = stackalloc byte[80];
        new Span<byte>(call, 80).Clear();
        _ = Native.Check(ioctl(listener, Receive, call), "SECCOMP_IOCTL_NOTIF_RECV");
        Assert.Equal(expected, BinaryPrimitives.ReadInt32LittleEndian(new ReadOnlySpan<byte>(call + 16, 4)));

        // struct seccomp_notif_resp: u64 id, s64 val, s32 error, u32 flags
        byte* answer = stackalloc byte[24];
        new Span<byte>(answer, 24).Clear();
        new ReadOnlySpan<byte>(call, 8).CopyTo(new Span<byte>(answer, 8));
        BinaryPrimitives.WriteInt64LittleEndian(new Span<byte>(answer + 8, 8), value);
        _ = Native.Check(ioctl(listener, Send, answer), "SECCOMP_IOCTL_NOTIF_SEND");
    }

    public void Dispose() => _ = Native.close(listener);

    [DllImport("libc", SetLastError = true)]
    private static extern int ioctl(int fd, ulong request, byte* argument);
}
