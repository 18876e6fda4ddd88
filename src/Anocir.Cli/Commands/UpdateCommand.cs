using System.Globalization;
using Anocir.Cli.CommandLine;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Lifecycle;
using Anocir.Runtime.Spec;
using Anocir.Runtime.State;

namespace Anocir.Cli.Commands;

/// <summary><c>anocir update</c>.</summary>
internal static class UpdateCommand
{
    public static int Run(Arguments arguments)
    {
        ContainerId id = ContainerId.Parse(arguments.Operand(0)!);
        UpdateOperation.Update(arguments.Runtime, id, Resources(arguments), Schemata(arguments));
        return 0;
    }

    // As in runc: with --resources the other options mean nothing, and an empty value is none.
    private static Resources Resources(Arguments arguments) => arguments.Path(OptionId.Resources) switch
    {
        "-" => ConfigReader.ParseResources(ConfigReader.ReadStandardInput()),
        { } file => ConfigReader.ParseResources(ConfigReader.ReadFile(file)),
        null => new Resources
        {
            Memory = Memory(arguments),
            Cpu = Cpu(arguments),
            Pids = new PidsResources { Limit = Signed(arguments, OptionId.PidsLimit) },
            BlockIO = new BlockIoResources { Weight = Weight(arguments) },
        },
    };

    // Beside --resources too, as in runc.
    private static IntelRdt? Schemata(Arguments arguments)
    {
        string? cache = arguments.Path(OptionId.L3CacheSchema);
        string? bandwidth = arguments.Path(OptionId.MemBwSchema);
        return cache is null && bandwidth is null ? null : new IntelRdt { L3CacheSchema = cache, MemBwSchema = bandwidth };
    }

    private static MemoryResources Memory(Arguments arguments) => new()
    {
        Limit = Bytes(arguments, OptionId.Memory),
        Reservation = Bytes(arguments, OptionId.MemoryReservation),
        Swap = Bytes(arguments, OptionId.MemorySwap),
        Kernel = Bytes(arguments, OptionId.KernelMemory),
        KernelTcp = Bytes(arguments, OptionId.KernelMemoryTcp),
    };

    private static CpuResources Cpu(Arguments arguments) => new()
    {
        Shares = Unsigned(arguments, OptionId.CpuShare),
        Quota = Signed(arguments, OptionId.CpuQuota),
        Burst = Unsigned(arguments, OptionId.CpuBurst),
        Period = Unsigned(arguments, OptionId.CpuPeriod),
        RealtimeRuntime = Signed(arguments, OptionId.CpuRtRuntime),
        RealtimePeriod = Unsigned(arguments, OptionId.CpuRtPeriod),
        Cpus = arguments.Path(OptionId.CpusetCpus),
        Mems = arguments.Path(OptionId.CpusetMems),
        Idle = Signed(arguments, OptionId.CpuIdle),
    };

    private static ushort? Weight(Arguments arguments) => Unsigned(arguments, OptionId.BlkioWeight) switch
    {
        null or 0 => null,
        > ushort.MaxValue => throw Invalid(OptionId.BlkioWeight, "must be from 10 to 1000"),
        { } weight => (ushort)weight,
    };

    private static long? Signed(Arguments arguments, OptionId option) => arguments.Path(option) switch
    {
        null => null,
        { } text when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) => value,
        { } text => throw Invalid(option, $"\"{text}\" is not a whole number"),
    };

    private static ulong? Unsigned(Arguments arguments, OptionId option) => arguments.Path(option) switch
    {
        null => null,
        { } text when ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value) => value,
        { } text => throw Invalid(option, $"\"{text}\" is not a whole number, 0 or more"),
    };

    private static long? Bytes(Arguments arguments, OptionId option) => arguments.Path(option) switch
    {
        null => null,
        "-1" => -1,
        { } text when ByteSize.TryParse(text, out long value) => value,
        { } text => throw Invalid(option, $"\"{text}\" is not a size, such as 4096, 50M, 1.5GiB, or -1 for no limit"),
    };

    private static ContainerException Invalid(OptionId option, string rule) =>
        new($"invalid value for {OptionTable.Get(option).Name}: {rule}");
}
