using System.Runtime.InteropServices;

namespace Anocir.Linux;

#pragma warning disable CS1591 // kernel names

/// <summary>Flags and seals of memfd_create(2) and fcntl(F_ADD_SEALS) (linux/memfd.h, linux/fcntl.h).</summary>
public static class Memfd
{
    public const uint CLOEXEC = 1;
    public const uint ALLOW_SEALING = 2;
    public const uint NOEXEC_SEAL = 8;
    public const uint EXEC = 16;

    public const int SEAL_SEAL = 1;
    public const int SEAL_SHRINK = 2;
    public const int SEAL_GROW = 4;
    public const int SEAL_WRITE = 8;
    public const int SEAL_FUTURE_WRITE = 16;
    public const int SEAL_EXEC = 32;
}

public static unsafe partial class Sys
{
    [DllImport(Libc, EntryPoint = "memfd_create", SetLastError = true)]
    private static extern int memfd_create(byte* name, uint flags);

    [DllImport(Libc, EntryPoint = "fchmod", SetLastError = true)]
    private static extern int fchmod(int fd, uint mode);

    /// <summary>memfd_create(2) with the flags of <see cref="Memfd"/>.</summary>
    public static SysResult MemfdCreate(string name, uint flags)
    {
        using var c = new CString(name, stackalloc byte[CString.StackSize]);
        return Result(memfd_create(c.Pointer, flags));
    }

    /// <summary>fcntl(F_ADD_SEALS).</summary>
    public static SysResult AddSeals(int fd, int seals)
    {
        const int AddSealsCommand = 1033;
        return Fcntl(fd, AddSealsCommand, seals);
    }

    /// <summary>fchmod(2).</summary>
    public static SysResult Chmod(int fd, uint mode) => Result(fchmod(fd, mode));
}
