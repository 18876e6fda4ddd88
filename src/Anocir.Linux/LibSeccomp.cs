using System.Runtime.InteropServices;

namespace Anocir.Linux;

/// <summary>What libseccomp says about itself; it is linked statically.</summary>
public static unsafe partial class LibSeccomp
{
    [DllImport("libseccomp", EntryPoint = "seccomp_version")]
    private static extern Version* seccomp_version();

    /// <summary>The library's version: <c>2.5.4</c>.</summary>
    public static string VersionText()
    {
        Version* version = seccomp_version();
        return $"{version->Major}.{version->Minor}.{version->Micro}";
    }

    // struct scmp_version (seccomp.h)
    [StructLayout(LayoutKind.Sequential)]
    private struct Version
    {
        public uint Major;
        public uint Minor;
        public uint Micro;
    }
}
