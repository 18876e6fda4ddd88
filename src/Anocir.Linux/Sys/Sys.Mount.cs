using System.Runtime.InteropServices;

namespace Anocir.Linux;

public static unsafe partial class Sys
{
    [DllImport(Libc, EntryPoint = "umount2", SetLastError = true)]
    private static extern int umount2(byte* path, int flags);

    /// <summary>umount2(path, MNT_DETACH | UMOUNT_NOFOLLOW): the mount and all below it disappear from the tree at once.</summary>
    public static SysResult UnmountDetach(string path)
    {
        const int DetachNoFollow = 2 | 8;
        using var c = new CString(path, stackalloc byte[CString.StackSize]);
        return Result(umount2(c.Pointer, DetachNoFollow));
    }
}
