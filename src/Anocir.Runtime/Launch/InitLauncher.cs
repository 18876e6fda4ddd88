using System;
using System.Globalization;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Planning;

namespace Anocir.Runtime.Launch;

/// <summary>Starts anocir-init with a plan, as a new process.</summary>
internal static class InitLauncher
{
    /// <summary>argv of every anocir-init.</summary>
    public static readonly string[] Arguments = ["anocir", "init"];

    /// <summary>posix_spawn: value = the PID of the helper. The plan's slots and the plan itself are all it inherits.</summary>
    /// <param name="program">The program.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="more">Descriptors that it inherits too, for a plan that it will get later; -1 for none.</param>
    public static int Spawn(InitProgram program, PlanWriter plan, params ReadOnlySpan<int> more)
    {
        using Fd memory = PlanMemory.Create(plan);
        Span<int> inherit = new int[plan.SlotFds.Length + more.Length + 1];
        int count = 0;
        AddOpen(plan.SlotFds, inherit, ref count);
        AddOpen(more, inherit, ref count);
        inherit[count++] = memory.Number;
        SysResult spawned = Sys.Spawn(new SpawnOptions
        {
            Path = program.Path,
            Arguments = Arguments,
            Environment = [PlanVariable(memory.Number)],
            Inherit = inherit[..count],
        });
        return spawned.IsError
            ? throw ContainerException.System("start", InitProgram.Name, spawned.Errno, Hint(spawned.Errno))
            : spawned.Int;
    }

    private static void AddOpen(ReadOnlySpan<int> fds, Span<int> inherit, ref int count)
    {
        foreach (int fd in fds)
        {
            if (fd >= 0)
            {
                inherit[count++] = fd;
            }
        }
    }

    /// <summary>The environment entry that tells anocir-init which inherited fd is its plan.</summary>
    public static string PlanVariable(int fd) => "PLAN=" + fd.ToString(CultureInfo.InvariantCulture);

    private static string? Hint(Errno errno) => errno switch
    {
        Errno.EAGAIN => "check the pids limit of this cgroup, ulimit -u and kernel.pid_max",
        Errno.ENOMEM => "check the memory limit of this process's cgroup",
        Errno.EACCES => "sysctl vm.memfd_noexec or a security module forbids executing a memfd",
        _ => null,
    };
}
