using System.Runtime.InteropServices;

namespace Anocir.Linux;

public static unsafe partial class Sys
{
    private const int NumberMountSetattr = 442;
    private const int FirstMountApiNumber = 428; // open_tree; the numbers of the new mount API are the same on all architectures

    [DllImport(Libc, EntryPoint = "syscall", SetLastError = true)]
    private static extern nint syscall_fsopen(nint number, byte* type, nint flags);

    [DllImport(Libc, EntryPoint = "syscall", SetLastError = true)]
    private static extern nint syscall_fsconfig(nint number, nint fd, nint command, byte* key, void* value, nint aux);

    [DllImport(Libc, EntryPoint = "syscall", SetLastError = true)]
    private static extern nint syscall_fsmount(nint number, nint fd, nint flags, nint attributes);

    [DllImport(Libc, EntryPoint = "syscall", SetLastError = true)]
    private static extern nint syscall_mount_setattr(nint number, nint dir, byte* path, nint flags, MountAttributes* attributes, nint size);

    [DllImport(Libc, EntryPoint = "syscall", SetLastError = true)]
    private static extern nint syscall_open_tree(nint number, nint dir, byte* path, nint flags);

    /// <summary>open_tree(2), OPEN_TREE_CLONE, close-on-exec: the fd of a detached copy of one mount.</summary>
    public static SysResult OpenTreeClone(string path)
    {
        const int Clone = 1;
        using var c = new CString(path, stackalloc byte[CString.StackSize]);
        return Result(syscall_open_tree(FirstMountApiNumber, At.FDCWD, c.Pointer, Clone | O.CLOEXEC));
    }

    /// <summary>mount_setattr(2), MOUNT_ATTR_IDMAP: EINVAL when the file system cannot be id-mapped.</summary>
    public static SysResult SetMountIdMap(int mount, int userNamespace)
    {
        const int IdMap = 0x100000;
        var attributes = new MountAttributes { Set = IdMap, UserNamespaceFd = (ulong)userNamespace };
        byte empty = 0;
        return Result(syscall_mount_setattr(NumberMountSetattr, mount, &empty, At.EMPTY_PATH, &attributes, sizeof(MountAttributes)));
    }

    /// <summary>fsopen(2), close-on-exec.</summary>
    public static SysResult FsOpen(string type)
    {
        const int Cloexec = 1;
        using var c = new CString(type, stackalloc byte[CString.StackSize]);
        return Result(syscall_fsopen(FirstMountApiNumber + 2, c.Pointer, Cloexec));
    }

    /// <summary>fsconfig(2), FSCONFIG_SET_FLAG: an option without a value.</summary>
    public static SysResult FsConfigFlag(int context, string option)
    {
        const int SetFlag = 0;
        using var c = new CString(option, stackalloc byte[CString.StackSize]);
        return Result(syscall_fsconfig(FirstMountApiNumber + 3, context, SetFlag, c.Pointer, null, 0));
    }

    /// <summary>fsconfig(2), FSCONFIG_CMD_CREATE.</summary>
    public static SysResult FsConfigCreate(int context)
    {
        const int CommandCreate = 6;
        return Result(syscall_fsconfig(FirstMountApiNumber + 3, context, CommandCreate, null, null, 0));
    }

    /// <summary>fsmount(2), close-on-exec: the fd of a detached mount.</summary>
    public static SysResult FsMount(int context, uint attributes)
    {
        const int Cloexec = 1;
        return Result(syscall_fsmount(FirstMountApiNumber + 4, context, Cloexec, (nint)attributes));
    }

    /// <summary>mount_setattr(2): the mount becomes read-only; EBUSY while a file on it is open for writing.</summary>
    public static SysResult SetMountReadonly(int mount)
    {
        var attributes = new MountAttributes { Set = 1 };
        byte empty = 0;
        return Result(syscall_mount_setattr(NumberMountSetattr, mount, &empty, At.EMPTY_PATH, &attributes, sizeof(MountAttributes)));
    }
}
