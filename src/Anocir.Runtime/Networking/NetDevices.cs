using System.Collections.Generic;
using System.Globalization;
using Anocir.Linux;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Planning;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Networking;

/// <summary>
/// linux.netDevices: moves devices of the host into the container's network namespace, with their global addresses, and takes them up
/// there. Name, namespace and state change as in runc; when the namespace ends, the kernel gives hardware back and removes the rest.
/// </summary>
internal static class NetDevices
{
    /// <summary>Moves all of them to the network namespace of a child of ours.</summary>
    public static void Move(KeyValuePair<string, NetDevice>[] devices, int pid)
    {
        if (devices.Length == 0)
        {
            return;
        }

        string path = "/proc/" + pid.ToString(CultureInfo.InvariantCulture) + "/ns/net";
        SysResult opened = Sys.Open(path, O.RDONLY | O.CLOEXEC);
        if (opened.IsError)
        {
            throw Failed("open the network namespace", path, "linux.netDevices", opened, "needs CAP_SYS_PTRACE");
        }

        using var target = new Fd(opened.Int);
        using RouteSocket here = Check(RouteSocket.Open(out RouteSocket? own), own);
        using RouteSocket there = OpenIn(target.Number);
        foreach ((string name, NetDevice device) in devices)
        {
            Move(here, there, target.Number, name, device.Name ?? name);
        }
    }

    private static void Move(RouteSocket here, RouteSocket there, int target, string name, string newName)
    {
        string property = $"linux.netDevices[{Printable.Quote(name)}]";
        SysResult index = here.Index(name);
        if (index.IsError)
        {
            throw Failed("find network device", name, property, index, index.Is(Errno.ENODEV) ? "ip link shows the names of this host" : null);
        }

        // The addresses first: the kernel takes IPv6 ones away with the link.
        var addresses = new List<DeviceAddress>();
        Require(here.Addresses(index.Int, addresses), "read the addresses of network device", name, property);
        Require(here.SetUp(index.Int, up: false), "take down network device", name, property);
        Require(here.Move(index.Int, newName, target), "move network device", name, property);
        SysResult moved = there.Index(newName);
        Require(moved, "find the moved network device", newName, property);
        foreach (DeviceAddress address in addresses)
        {
            Require(there.Add(moved.Int, address), "give its address to network device", newName, property);
        }

        Require(there.SetUp(moved.Int, up: true), "take up network device", newName, property);
    }

    // A socket belongs to the namespace its maker was in, whatever becomes of the maker.
    private static RouteSocket OpenIn(int target)
    {
        SysResult opened = Sys.Open("/proc/thread-self/ns/net", O.RDONLY | O.CLOEXEC);
        Require(opened, "open", "/proc/thread-self/ns/net", "linux.netDevices");
        using var own = new Fd(opened.Int);
        Require(Sys.SetNamespace(target, CloneNew.Network), "join", "network namespace", "linux.netDevices");
        SysResult made = RouteSocket.Open(out RouteSocket? socket);
        Require(Sys.SetNamespace(own.Number, CloneNew.Network), "return to", "network namespace", "linux.netDevices");
        return Check(made, socket);
    }

    private static RouteSocket Check(SysResult opened, RouteSocket? socket) =>
        socket ?? throw Failed("open", "netlink socket", "linux.netDevices", opened, null);

    private static void Require(SysResult result, string verb, string name, string property)
    {
        if (result.IsError)
        {
            throw Failed(verb, name, property, result, result.Errno switch
            {
                Errno.EEXIST => "the container's network namespace has a device of that name",
                Errno.EPERM => "needs CAP_NET_ADMIN here and in the container's network namespace",
                Errno.EINVAL => "the kernel binds some devices to their namespace (lo, wireless)",
                _ => null,
            });
        }
    }

    private static ContainerException Failed(string verb, string name, string property, SysResult result, string? hint) =>
        new($"cannot {verb} '{Printable.Escape(name)}' ({property}): {ErrnoHints.Cause(result.Errno, hint)}");
}
