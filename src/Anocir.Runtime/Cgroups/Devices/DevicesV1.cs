using System;
using System.Collections.Generic;
using System.Text;
using Anocir.Linux;
using Anocir.Runtime.Errors;

namespace Anocir.Runtime.Cgroups.Devices;

/// <summary>Brings the v1 devices controller (files devices.list, .allow, .deny of a cgroup) to a <see cref="DeviceRuleSet"/>.</summary>
internal static class DevicesV1
{
    /// <summary>
    /// A line of the list has at most some 20 bytes; 512 are more than anybody has, and a longer list is read whole anyway.
    /// </summary>
    private const int ListBuffer = 8192;

    /// <summary>
    /// The writes that lead from one set to the other, as few as possible and without a moment of more rights than both: entries no longer
    /// wanted are taken away first, all of them at once when the defaults differ or the old exceptions are unknown.
    /// </summary>
    public static List<DeviceWrite> Transition(DeviceRuleSet current, DeviceRuleSet target)
    {
        var writes = new List<DeviceWrite>(16);
        bool reset = current.DefaultAllow || current.DefaultAllow != target.DefaultAllow;
        if (reset)
        {
            writes.Add(new DeviceWrite(target.DefaultAllow, "a", DeviceRuleSet.DefaultRule));
        }
        else
        {
            foreach (DeviceEntry entry in current.Exceptions)
            {
                Add(writes, target.DefaultAllow, entry with { Access = entry.Access & ~target.Find(entry) });
            }
        }

        foreach (DeviceEntry entry in target.Exceptions)
        {
            Add(writes, !target.DefaultAllow, reset ? entry : entry with { Access = entry.Access & ~current.Find(entry) });
        }

        return writes;
    }

    /// <summary>
    /// Applies the set to a cgroup directory. Where entries were taken away one by one, it checks what the kernel shows afterwards,
    /// because the kernel passes over a removal that it cannot do without an error.
    /// </summary>
    /// <exception cref="ContainerException">The kernel refuses a rule; the message names its property.</exception>
    public static void Apply(string directory, DeviceRuleSet target, bool isNew)
    {
        DeviceRuleSet current = Load(directory);
        if (isNew && current.AllowsAll && target.AllowsAll)
        {
            return;
        }

        List<DeviceWrite> writes = Transition(current, target);
        Write(directory, writes);
        if (writes.Count == 0 || writes[0].Line == "a")
        {
            return;
        }

        DeviceRuleSet after = Load(directory);
        if (after.DefaultAllow != target.DefaultAllow || (!target.DefaultAllow && Transition(after, target).Count != 0))
        {
            throw new ContainerException($"cannot confine devices: '{directory}/devices.list' does not show the rules that were written");
        }
    }

    private static void Write(string directory, List<DeviceWrite> writes)
    {
        using Fd allow = Open(directory + "/devices.allow");
        using Fd deny = Open(directory + "/devices.deny");
        Span<byte> line = stackalloc byte[64];
        foreach (DeviceWrite write in writes)
        {
            int length = Encoding.ASCII.GetBytes(write.Line, line);
            SysResult result = Sys.Write((write.Allow ? allow : deny).Number, line[..length]);
            if (result.IsError)
            {
                throw Refused(directory, write, result.Errno);
            }
        }
    }

    private static DeviceRuleSet Load(string directory)
    {
        string file = directory + "/devices.list";
        Span<byte> buffer = stackalloc byte[ListBuffer];
        SysResult read = CgroupFile.Read(file, buffer);
        if (read.IsError)
        {
            throw ContainerException.System("read", file, read.Errno);
        }

        return read.Int < buffer.Length / 2 ? DeviceRuleSet.Parse(buffer[..read.Int]) : DeviceRuleSet.Parse(CgroupFile.ReadAll(file));
    }

    private static Fd Open(string file)
    {
        SysResult opened = Sys.Open(file, O.WRONLY | O.CLOEXEC);
        return opened.IsError ? throw ContainerException.System("open", file, opened.Errno) : new Fd(opened.Int);
    }

    private static void Add(List<DeviceWrite> writes, bool allow, in DeviceEntry entry)
    {
        if (entry.Access != DeviceAccess.None)
        {
            writes.Add(new DeviceWrite(allow, entry.ToString(), entry.Origin));
        }
    }

    private static ContainerException Refused(string directory, DeviceWrite write, Errno errno)
    {
        string property = write.Origin < 0 ? "default device rule" : $"linux.resources.devices[{write.Origin}]";
        string hint = errno switch
        {
            Errno.EPERM when write.Allow => "; hint: needs CAP_SYS_ADMIN, and the parent cgroup must allow the device itself",
            Errno.EPERM => "; hint: needs CAP_SYS_ADMIN",
            Errno.EINVAL when write.Line == "a" => "; hint: the default cannot be changed in a cgroup that has sub-cgroups",
            _ => "",
        };
        return new ContainerException(
            $"cannot {(write.Allow ? "allow" : "deny")} devices '{write.Line}' ({property}) in cgroup '{directory}': "
            + ErrnoText.Describe(errno) + hint);
    }
}

/// <summary>One write to devices.allow or devices.deny.</summary>
/// <param name="Allow">Which of the files.</param>
/// <param name="Line">What to write.</param>
/// <param name="Origin">As <see cref="DeviceEntry.Origin"/>.</param>
internal readonly record struct DeviceWrite(bool Allow, string Line, int Origin);
