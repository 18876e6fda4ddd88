using System.Runtime.InteropServices;

namespace Anocir.Linux;

/// <summary>siginfo_t (signal.h), of which only the beginning is read.</summary>
[StructLayout(LayoutKind.Sequential, Size = 128)]
public struct SigInfo
{
    /// <summary>Number of the signal; 0 when waitid(2) has nothing to report.</summary>
    public int Signal;
}
