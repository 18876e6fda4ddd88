using System.Runtime.InteropServices;

namespace Anocir.Linux;

public static unsafe partial class Sys
{
    [DllImport(Libc, EntryPoint = "statfs", SetLastError = true)]
    private static extern int statfs(byte* path, Statfs* buffer);

    /// <summary>statfs(2), only the type of the file system: its magic number from linux/magic.h.</summary>
    public static SysResult FileSystemType(string path, out long type)
    {
        Statfs buffer;
        using var c = new CString(path, stackalloc byte[CString.StackSize]);
        SysResult result = Result(statfs(c.Pointer, &buffer));
        type = result.IsError ? 0 : buffer.Type;
        return result;
    }
}
