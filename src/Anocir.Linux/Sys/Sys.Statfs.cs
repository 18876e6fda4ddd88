using System.Runtime.InteropServices;

namespace Anocir.Linux;

public static unsafe partial class Sys
{
    [DllImport(Libc, EntryPoint = "statfs", SetLastError = true)]
    private static extern int statfs(byte* path, nint* buffer);

    /// <summary>statfs(2), only the type of the file system: its magic number from linux/magic.h.</summary>
    public static SysResult FileSystemType(string path, out long type)
    {
        // struct statfs is 120 bytes on 64-bit Linux and starts with f_type, a word.
        const int StatfsWords = 15;
        nint* buffer = stackalloc nint[StatfsWords];
        using var c = new CString(path, stackalloc byte[CString.StackSize]);
        SysResult result = Result(statfs(c.Pointer, buffer));
        type = result.IsError ? 0 : buffer[0];
        return result;
    }
}
