using System;
using System.Runtime.InteropServices;

namespace Anocir.Linux;

public static unsafe partial class Sys
{
    private const uint BpfProgTypeCgroupDevice = 15;
    private const uint BpfAttachTypeCgroupDevice = 6;

    [DllImport(Libc, EntryPoint = "syscall", SetLastError = true)]
    private static extern nint syscall_bpf(nint number, nint command, void* attributes, nint size);

    /// <summary>
    /// BPF_PROG_LOAD of a BPF_PROG_TYPE_CGROUP_DEVICE program; value = its descriptor, close-on-exec. With <paramref name="log"/>, the
    /// verifier's text is written there.
    /// </summary>
    public static SysResult BpfLoadDeviceFilter(ReadOnlySpan<BpfInstruction> program, Span<byte> log)
    {
        const nint Load = 5;
        fixed (BpfInstruction* instructions = program)
        fixed (byte* license = "Apache-2.0\0"u8)
        fixed (byte* text = log)
        {
            var attributes = new BpfProgramLoad
            {
                ProgType = BpfProgTypeCgroupDevice,
                InsnCnt = (uint)program.Length,
                Insns = (ulong)instructions,
                License = (ulong)license,
                LogLevel = log.IsEmpty ? 0u : 1u,
                LogSize = (uint)log.Length,
                LogBuf = (ulong)text,
            };
            return Bpf(Load, &attributes, sizeof(BpfProgramLoad));
        }
    }

    /// <summary>
    /// BPF_PROG_ATTACH of a device filter to a cgroup directory with BPF_F_ALLOW_MULTI; it replaces <paramref name="replaced"/> unless that
    /// is -1.
    /// </summary>
    public static SysResult BpfAttachDeviceFilter(int directory, int program, int replaced)
    {
        const nint Attach = 8;
        const uint AllowMulti = 2;
        const uint Replace = 4;
        var attributes = new BpfProgramAttach
        {
            TargetFd = (uint)directory,
            AttachBpfFd = (uint)program,
            AttachType = BpfAttachTypeCgroupDevice,
            AttachFlags = replaced < 0 ? AllowMulti : AllowMulti | Replace,
            ReplaceBpfFd = replaced < 0 ? 0 : (uint)replaced,
        };
        return Bpf(Attach, &attributes, sizeof(BpfProgramAttach));
    }

    /// <summary>BPF_PROG_DETACH of a device filter from a cgroup directory.</summary>
    public static SysResult BpfDetachDeviceFilter(int directory, int program)
    {
        const nint Detach = 9;
        var attributes = new BpfProgramAttach
        {
            TargetFd = (uint)directory,
            AttachBpfFd = (uint)program,
            AttachType = BpfAttachTypeCgroupDevice,
        };
        return Bpf(Detach, &attributes, sizeof(BpfProgramAttach));
    }

    /// <summary>BPF_PROG_QUERY: the IDs of the device filters attached to a cgroup directory itself; value = how many there are.</summary>
    public static SysResult BpfQueryDeviceFilters(int directory, Span<uint> ids)
    {
        const nint Query = 16;
        fixed (uint* first = ids)
        {
            var attributes = new BpfProgramQuery
            {
                TargetFd = (uint)directory,
                AttachType = BpfAttachTypeCgroupDevice,
                ProgIds = (ulong)first,
                ProgCnt = (uint)ids.Length,
            };
            SysResult result = Bpf(Query, &attributes, sizeof(BpfProgramQuery));
            return result.IsError ? result : new SysResult((nint)attributes.ProgCnt);
        }
    }

    /// <summary>BPF_PROG_GET_FD_BY_ID; value = a descriptor of the program, close-on-exec.</summary>
    public static SysResult BpfOpenProgram(uint id)
    {
        const nint GetFdById = 13;
        var attributes = new BpfProgramId { ProgId = id };
        return Bpf(GetFdById, &attributes, sizeof(BpfProgramId));
    }

    private static SysResult Bpf(nint command, void* attributes, nint size)
    {
        nint number = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 280 : 321;
        SysResult result;
        do
        {
            result = Result(syscall_bpf(number, command, attributes, size));
        }
        while (result.Is(Errno.EAGAIN)); // the verifier was interrupted by a signal (bpf(2))
        return result;
    }
}
