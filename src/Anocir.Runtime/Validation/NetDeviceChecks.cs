using System;
using System.Buffers;
using System.Collections.Generic;
using System.Text;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Validation;

/// <summary>linux.netDevices (config-linux.md "Network Devices"), with the words of runc.</summary>
internal static class NetDeviceChecks
{
    private static readonly SearchValues<char> s_forbidden = SearchValues.Create("/: \t\n\v\f\r");

    // IFNAMSIZ of linux/if.h without the NUL.
    private const int MaxName = 15;

    public static void Check(LinuxConfig linux, ValidationOptions options)
    {
        if (linux.NetDevices.Length == 0)
        {
            return;
        }

        if (linux.FindNamespace(NamespaceType.Network) is null)
        {
            throw Reject.Rule("linux.netDevices", "unable to move network devices without a NET namespace");
        }

        if (options.Rootless)
        {
            throw Reject.Rule("linux.netDevices", "network devices are not supported for rootless containers");
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach ((string name, NetDevice device) in linux.NetDevices)
        {
            string path = $"linux.netDevices[{Printable.Quote(name)}]";
            if (!IsValid(name))
            {
                throw Reject.Rule(path, $"invalid network device name {Printable.Quote(name)}");
            }

            if (device.Name is { } inside && !IsValid(inside))
            {
                throw Reject.Rule(path + ".name", $"invalid network device name {Printable.Quote(inside)}");
            }

            if (!seen.Add(device.Name ?? name))
            {
                throw Reject.Value(path + ".name", "must not be given twice", device.Name ?? name);
            }
        }
    }

    // dev_valid_name of the kernel, which also forbids all white space.
    private static bool IsValid(string name) =>
        name.Length > 0 && Encoding.UTF8.GetByteCount(name) <= MaxName && name is not ("." or "..")
        && name.AsSpan().IndexOfAny(s_forbidden) < 0;
}
