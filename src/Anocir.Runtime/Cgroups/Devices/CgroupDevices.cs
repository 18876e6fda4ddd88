using System;
using System.Collections.Generic;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Cgroups.Devices;

/// <summary>Confines the devices of a container's cgroup.</summary>
public static class CgroupDevices
{
    /// <summary>
    /// Applies linux.resources.devices and the default rules to the cgroup that <see cref="CgroupfsDriver.Create"/> made. To be called
    /// before the user's program starts; making nodes stays allowed unless the config denies it.
    /// </summary>
    /// <exception cref="ContainerException">The rules contradict each other, or the kernel refuses them.</exception>
    public static void Apply(CgroupPlan plan, CgroupCreation creation, LinuxConfig linux)
    {
        DeviceRuleSet set = DeviceRuleSet.From(linux);
        try
        {
            if (plan.Mode == CgroupMode.Unified)
            {
                CgroupTarget target = plan.Targets[0];
                DevicesV2.Apply(creation.UnifiedDirectory.Number, target.Directory, set, IsNew(creation, target));
            }
            else if (plan.Find("devices") is { } target)
            {
                DevicesV1.Apply(target.Directory, set, IsNew(creation, target));
            }
        }
        catch (ContainerException) when (Sys.GetEuid() != 0 || IsInUserNamespace())
        {
            // As runc: who is not root cannot confine devices, and need not, since a user namespace's root cannot make device nodes.
        }
    }

    private static bool IsNew(CgroupCreation creation, CgroupTarget target)
    {
        IReadOnlyList<string> made = creation.Made;
        for (int i = made.Count - 1; i >= 0; i--)
        {
            if (made[i] == target.Directory)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The initial user namespace maps all 2^32-1 IDs to themselves (user_namespaces(7)).</summary>
    private static bool IsInUserNamespace()
    {
        Span<byte> map = stackalloc byte[256];
        SysResult read = CgroupFile.Read("/proc/self/uid_map", map);
        if (read.IsError)
        {
            return false;
        }

        ReadOnlySpan<byte> line = map[..read.Int].TrimEnd((byte)'\n');
        return line.Contains((byte)'\n') || !(line.TrimStart((byte)' ').StartsWith("0 "u8) && line.EndsWith(" 4294967295"u8));
    }
}
