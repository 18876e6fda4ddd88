using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Planning;

namespace Anocir.Runtime.Launch;

/// <summary>Puts a finished plan where anocir-init maps it from.</summary>
internal static class PlanMemory
{
    /// <summary>A memfd with the plan; the caller owns it.</summary>
    public static Fd Create(PlanWriter plan)
    {
        Fd memory = Create();
        Fill(memory, plan);
        return memory;
    }

    /// <summary>Writes the plan into a memfd that a helper has inherited already.</summary>
    public static void Fill(Fd memory, PlanWriter plan)
    {
        SysResult written = plan.WriteTo(memory.Number);
        if (written.IsError)
        {
            throw ContainerException.System("write", "anocir-plan", written.Errno);
        }
    }

    /// <summary>An empty memfd; the caller owns it.</summary>
    public static Fd Create()
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

        return new Fd(created.Int);
    }
}
