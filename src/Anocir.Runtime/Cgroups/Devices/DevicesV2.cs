using System;
using System.Text;
using Anocir.Linux;
using Anocir.Runtime.Errors;

namespace Anocir.Runtime.Cgroups.Devices;

/// <summary>
/// Attaches the device filter to a v2 cgroup. Filters only add up to fewer rights, so the old ones go when the new one is there.
/// </summary>
internal static class DevicesV2
{
    /// <summary>BPF_CGROUP_MAX_PROGS: most programs of one type on a cgroup.</summary>
    private const int MaxPrograms = 64;

    /// <summary>
    /// Applies the set to the cgroup with this directory descriptor (O_PATH will do).
    /// </summary>
    /// <exception cref="ContainerException">The program cannot be loaded or attached.</exception>
    public static void Apply(int directoryFd, string directory, DeviceRuleSet target, bool isNew)
    {
        Span<uint> old = stackalloc uint[MaxPrograms];
        int oldCount = isNew ? 0 : Query(directoryFd, old);
        if (target.AllowsAll && oldCount == 0)
        {
            return;
        }

        BpfInstruction[] program = DeviceFilterProgram.Generate(target);
        SysResult loaded = Sys.BpfLoadDeviceFilter(program, default);
        if (loaded.IsError)
        {
            throw CannotLoad(directory, program, loaded.Errno);
        }

        using var filter = new Fd(loaded.Int);
        using Fd replaced = oldCount == 1 ? OpenProgram(old[0]) : new Fd(-1);
        SysResult attached = Sys.BpfAttachDeviceFilter(directoryFd, filter.Number, replaced.Number);
        if (attached.IsError)
        {
            throw ContainerException.System(
                "attach the device filter (linux.resources.devices) to cgroup", directory, attached.Errno, Hint(attached.Errno));
        }

        for (int i = replaced.IsOpen ? 1 : 0; i < oldCount; i++)
        {
            using Fd extra = OpenProgram(old[i]);
            if (extra.IsOpen)
            {
                _ = Sys.BpfDetachDeviceFilter(directoryFd, extra.Number);
            }
        }
    }

    private static int Query(int directoryFd, Span<uint> ids)
    {
        SysResult result = Sys.BpfQueryDeviceFilters(directoryFd, ids);
        return result.IsError ? 0 : Math.Min(result.Int, ids.Length);
    }

    /// <summary>Not open when an LSM keeps the program from us; it then stays, which can only confine more.</summary>
    private static Fd OpenProgram(uint id)
    {
        SysResult result = Sys.BpfOpenProgram(id);
        return new Fd(result.IsError ? -1 : result.Int);
    }

    private static ContainerException CannotLoad(string directory, BpfInstruction[] program, Errno errno)
    {
        string log = "";
        if (errno is Errno.EINVAL or Errno.EACCES)
        {
            Span<byte> text = stackalloc byte[4096];
            text.Clear();
            SysResult again = Sys.BpfLoadDeviceFilter(program, text);
            _ = again.IsError ? default : Sys.Close(again.Int);
            int end = text.IndexOf((byte)0);
            log = end <= 0 ? "" : " (verifier: " + Encoding.UTF8.GetString(text[..end]).Trim().Replace('\n', ' ') + ")";
        }

        string hint = (Hint(errno) ?? ErrnoHints.For(errno)) is { } h ? "; hint: " + h : "";
        return new ContainerException(
            $"cannot load the device filter (linux.resources.devices) of cgroup '{directory}': {ErrnoText.Describe(errno)}{log}{hint}");
    }

    private static string? Hint(Errno errno) => errno switch
    {
        Errno.EPERM => "cgroup v2 confines devices by an eBPF program: needs CAP_SYS_ADMIN, or CAP_BPF and CAP_NET_ADMIN",
        Errno.EINVAL or Errno.ENOSYS => "the kernel needs CONFIG_CGROUP_BPF",
        Errno.E2BIG => "there are more device rules than the kernel takes in one program",
        _ => null,
    };
}
