using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>A container as it was at one moment.</summary>
public sealed class ContainerSnapshot
{
    /// <summary>A record and what its container was doing.</summary>
    public ContainerSnapshot(ContainerRecord record, ContainerStatus status)
    {
        Record = record;
        Status = status;
    }

    /// <summary>What is written down.</summary>
    public ContainerRecord Record { get; }

    /// <summary>What it was doing.</summary>
    public ContainerStatus Status { get; }

    /// <summary>PID of the init; 0 when it has ended.</summary>
    public int Pid => Status == ContainerStatus.Stopped ? 0 : Record.Pid;
}
