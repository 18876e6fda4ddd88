namespace Anocir.Runtime.Cgroups;

/// <summary>What <see cref="CgroupfsDriver.Destroy"/> may do with processes that are still inside.</summary>
public enum CgroupRemoval
{
    /// <summary>
    /// Nothing: such a cgroup is left alone without an error. For a container whose creation did not get past
    /// <see cref="CgroupfsDriver.Create"/>, or none of whose processes can be alive: they are somebody else's, who may use an empty cgroup.
    /// </summary>
    OnlyEmpty,

    /// <summary>Kill them. For a cgroup that a container was in.</summary>
    KillProcesses,
}
