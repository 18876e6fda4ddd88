using System.Runtime.InteropServices;

namespace Anocir.Linux;

#pragma warning disable CS1591 // kernel field names, documented in termios(3)

/// <summary>The kernel's struct termios (asm-generic/termbits.h), not glibc's larger one.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct Termios
{
    public uint Iflag;
    public uint Oflag;
    public uint Cflag;
    public uint Lflag;
    public byte Line;
    public fixed byte Cc[19];

    /// <summary>
    /// The same with what cfmakeraw(3) changes, but for OPOST: the program's lines end in LF alone (<see cref="WithoutCarriageReturns"/>), so
    /// the terminal on the screen has to go on making CR LF of them.
    /// </summary>
    public readonly Termios Raw()
    {
        Termios raw = this;
        raw.Iflag &= ~0x5ebu; // IGNBRK BRKINT PARMRK ISTRIP INLCR IGNCR ICRNL IXON
        raw.Oflag |= 0x1u; // OPOST
        raw.Lflag &= ~0x804bu; // ECHO ECHONL ICANON ISIG IEXTEN
        raw.Cflag = (raw.Cflag & ~0x130u) | 0x30u; // CSIZE PARENB -> CS8
        raw.Cc[6] = 1; // VMIN
        raw.Cc[5] = 0; // VTIME
        return raw;
    }

    /// <summary>The same without ONLCR: output goes through as the program wrote it.</summary>
    public readonly Termios WithoutCarriageReturns()
    {
        Termios plain = this;
        plain.Oflag &= ~0x4u; // ONLCR
        return plain;
    }
}
