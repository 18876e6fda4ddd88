using Anocir.Linux;
using Anocir.Runtime.Errors;

namespace Anocir.Runtime.Launch;

/// <summary>Puts a finished plan where anocir-init maps it from.</summary>
internal static class PlanMemory
{
    /// <summary>A memfd with the plan; the caller owns it.</summary>
    public static Fd Create(byte[] plan)
    {
        SysResult created = Sys.MemfdCreate("anocir-plan", Memfd.CLOEXEC | Memfd.NOEXEC_SEAL);
        if (created.Is(Errno.EINVAL))
        {
            created = Sys.MemfdCreate("anocir-plan", Memfd.CLOEXEC);
        }

        if (created.IsError)
        {
            throw ContainerException.System("create memfd", "anocir-plan", created.Errno);
        }

        var memory = new Fd(created.Int);
        SysResult written = Sys.WriteAll(memory.Number, plan);
        return written.IsError ? throw ContainerException.System("write", "anocir-plan", written.Errno) : memory;
    }
}
