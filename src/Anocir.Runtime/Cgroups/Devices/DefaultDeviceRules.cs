using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Cgroups.Devices;

/// <summary>
/// The rules that are added after those of linux.resources.devices, the same as runc's: making any node, using the devices that every
/// container has, pseudo terminals and /dev/net/tun.
/// </summary>
internal static class DefaultDeviceRules
{
    /// <summary>
    /// Adds them to the set. A default device whose path linux.devices gives to another device gets no rule: config.json then has to
    /// allow what it puts there.
    /// </summary>
    public static void AddTo(DeviceRuleSet set, Device[] nodes)
    {
        const long Any = DeviceEntry.Any;
        const long Memory = 1;
        const long Tty = 5;
        const long UnixPty = 136;
        const long Misc = 10;
        const long Tun = 200;

        Add(set, 'c', Any, Any, DeviceAccess.Make);
        Add(set, 'b', Any, Any, DeviceAccess.Make);
        AddNode(set, nodes, "/dev/null", Memory, 3);
        AddNode(set, nodes, "/dev/random", Memory, 8);
        AddNode(set, nodes, "/dev/full", Memory, 7);
        AddNode(set, nodes, "/dev/tty", Tty, 0);
        AddNode(set, nodes, "/dev/zero", Memory, 5);
        AddNode(set, nodes, "/dev/urandom", Memory, 9);
        Add(set, 'c', UnixPty, Any, DeviceAccess.All);
        Add(set, 'c', Tty, 2, DeviceAccess.All);
        Add(set, 'c', Misc, Tun, DeviceAccess.All);
    }

    private static void AddNode(DeviceRuleSet set, Device[] nodes, string path, long major, long minor)
    {
        foreach (Device node in nodes)
        {
            if (node.Path == path)
            {
                return;
            }
        }

        Add(set, 'c', major, minor, DeviceAccess.All);
    }

    private static void Add(DeviceRuleSet set, char type, long major, long minor, DeviceAccess access) =>
        set.Apply(allow: true, new DeviceEntry(type, major, minor, access, DeviceRuleSet.DefaultRule));
}
