using Anocir.Runtime.Cgroups;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Validation;

/// <summary>config-linux.md "Devices" and "Allowed Device list".</summary>
internal static class DeviceChecks
{
    // The kernel's dev_t: 12 bits of major, 20 bits of minor number (linux/kdev_t.h).
    private const long MaxMajor = (1 << 12) - 1;
    private const long MaxMinor = (1 << 20) - 1;

    public static void Check(LinuxConfig linux)
    {
        for (int i = 0; i < linux.Devices.Length; i++)
        {
            CheckNode($"linux.devices[{i}]", linux.Devices[i]);
        }

        DeviceRule[] rules = linux.Resources?.Devices ?? [];
        for (int i = 0; i < rules.Length; i++)
        {
            CheckRule(i, rules[i]);
        }
    }

    private static void CheckNode(string path, Device device)
    {
        if (device.Path[0] != '/')
        {
            throw Reject.Value(path + ".path", "must be an absolute path", device.Path);
        }

        device.Path = CgroupPath.Clean(device.Path);

        if (device.Type is not ("c" or "u" or "b" or "p"))
        {
            throw Reject.Value(path + ".type", "invalid device type, must be c, u, b or p", device.Type);
        }

        if (device.Type != "p")
        {
            CheckNumber(path + ".major", device.Major, MaxMajor);
            CheckNumber(path + ".minor", device.Minor, MaxMinor);
        }

        // The bits of a file type (S_IFMT) are tolerated: runc cuts them off, and Docker sends a whole st_mode.
        if (device.FileMode is > 0xFFFF)
        {
            throw Reject.Number(path + ".fileMode", "must not be above 07777 (4095)", device.FileMode.Value);
        }

        if (device.Uid is uint.MaxValue || device.Gid is uint.MaxValue)
        {
            throw Reject.Rule(path + (device.Uid is uint.MaxValue ? ".uid" : ".gid"), "must be below 4294967295");
        }
    }

    private static void CheckNumber(string path, long? number, long max)
    {
        if (number is null)
        {
            throw Reject.Rule(path, "must be present unless the type is p");
        }

        if (number < 0 || number > max)
        {
            throw Reject.Number(path, $"must be from 0 to {max}", number.Value);
        }
    }

    private static void CheckRule(int index, DeviceRule rule)
    {
        if (rule.Type is not (null or "a" or "b" or "c"))
        {
            throw Reject.Value($"linux.resources.devices[{index}].type", "invalid cgroup device type, must be a, b or c", rule.Type);
        }

        if (rule.Access is null)
        {
            throw Reject.Rule(
                $"linux.resources.devices[{index}].access", $"device access at {index} field cannot be empty");
        }

        foreach (char c in rule.Access)
        {
            // runc lets other letters pass and gives them no meaning; of those 'a' (all, a type) is met in the wild.
            if (c is not ('r' or 'w' or 'm' or 'a'))
            {
                throw Reject.Value($"linux.resources.devices[{index}].access", "must be made of r, w and m", rule.Access);
            }
        }

        CheckWildcard(index, "major", rule.Major, MaxMajor);
        CheckWildcard(index, "minor", rule.Minor, MaxMinor);
    }

    private static void CheckWildcard(int index, string name, long? number, long max)
    {
        if (number < -1 || number > max)
        {
            throw Reject.Number($"linux.resources.devices[{index}].{name}", $"must be -1 (all) or from 0 to {max}", number.Value);
        }
    }
}
