using System.Runtime.InteropServices;

namespace Anocir.Linux;

/// <summary>struct winsize (asm-generic/termios.h): the size of a terminal's window, in characters and in pixels.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct WinSize
{
    /// <summary>Lines.</summary>
    public ushort Row;

    /// <summary>Characters in a line.</summary>
    public ushort Col;

    /// <summary>Width in pixels; not used by the kernel.</summary>
    public ushort Xpixel;

    /// <summary>Height in pixels; not used by the kernel.</summary>
    public ushort Ypixel;
}
