namespace Anocir.Runtime.Spec;

internal ref partial struct SpecReader
{
    private Resources ReadResources()
    {
        var resources = new Resources();
        BeginObject();
        while (NextProperty())
        {
            if (Is("devices"u8))
            {
                resources.Devices = ReadDeviceRules();
            }
            else if (Is("memory"u8))
            {
                resources.Memory = ReadMemory();
            }
            else if (Is("cpu"u8))
            {
                resources.Cpu = ReadCpu();
            }
            else if (Is("pids"u8))
            {
                resources.Pids = ReadPids();
            }
            else if (Is("blockIO"u8))
            {
                resources.BlockIO = ReadBlockIo();
            }
            else if (Is("hugepageLimits"u8))
            {
                resources.HugepageLimits = ReadHugepageLimits();
            }
            else if (Is("network"u8))
            {
                resources.Network = ReadNetwork();
            }
            else if (Is("rdma"u8))
            {
                resources.Rdma = ReadRdmaMap();
            }
            else if (Is("unified"u8))
            {
                resources.Unified = TextMap(kernel: true);
            }
            else
            {
                SkipValue();
            }
        }

        return resources;
    }

    private MemoryResources ReadMemory()
    {
        var memory = new MemoryResources();
        BeginObject();
        while (NextProperty())
        {
            if (Is("limit"u8))
            {
                memory.Limit = Int64();
            }
            else if (Is("reservation"u8))
            {
                memory.Reservation = Int64();
            }
            else if (Is("swap"u8))
            {
                memory.Swap = Int64();
            }
            else if (Is("kernel"u8))
            {
                memory.Kernel = Int64();
            }
            else if (Is("kernelTCP"u8))
            {
                memory.KernelTcp = Int64();
            }
            else if (Is("swappiness"u8))
            {
                memory.Swappiness = UInt64();
            }
            else if (Is("disableOOMKiller"u8))
            {
                memory.DisableOomKiller = Bool();
            }
            else if (Is("useHierarchy"u8))
            {
                memory.UseHierarchy = Bool();
            }
            else if (Is("checkBeforeUpdate"u8))
            {
                memory.CheckBeforeUpdate = Bool();
            }
            else
            {
                SkipValue();
            }
        }

        return memory;
    }

    private CpuResources ReadCpu()
    {
        var cpu = new CpuResources();
        BeginObject();
        while (NextProperty())
        {
            if (Is("shares"u8))
            {
                cpu.Shares = UInt64();
            }
            else if (Is("quota"u8))
            {
                cpu.Quota = Int64();
            }
            else if (Is("burst"u8))
            {
                cpu.Burst = UInt64();
            }
            else if (Is("period"u8))
            {
                cpu.Period = UInt64();
            }
            else if (Is("realtimeRuntime"u8))
            {
                cpu.RealtimeRuntime = Int64();
            }
            else if (Is("realtimePeriod"u8))
            {
                cpu.RealtimePeriod = UInt64();
            }
            else if (Is("cpus"u8))
            {
                cpu.Cpus = OptionalText();
            }
            else if (Is("mems"u8))
            {
                cpu.Mems = OptionalText();
            }
            else if (Is("idle"u8))
            {
                cpu.Idle = Int64();
            }
            else
            {
                SkipValue();
            }
        }

        return cpu;
    }

    private PidsResources ReadPids()
    {
        var pids = new PidsResources();
        BeginObject();
        while (NextProperty())
        {
            if (Is("limit"u8))
            {
                pids.Limit = Int64();
            }
            else
            {
                SkipValue();
            }
        }

        return pids;
    }
}
