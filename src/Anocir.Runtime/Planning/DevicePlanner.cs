using System;
using System.Collections.Generic;
using Anocir.Plan;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Planning;

/// <summary>
/// /dev: the default devices and links of the specification (config-linux.md "Default Devices"), linux.devices, and the console.
/// A container whose config binds a whole /dev brings its own, as with runc.
/// </summary>
public sealed class DevicePlanner(
    PlanWriter plan, PlanInputs inputs, SourcePlanner sources, ContainerTargets targets, NamespacePlanner namespaces, FreshDev fresh)
{
    private const uint DefaultMode = 0x1b6; // 0666
    private const int DefaultCount = 6;

    /// <summary>Nodes, links and console: masks and read-only mounts come later.</summary>
    public void AddAll()
    {
        if (!HasBoundDev())
        {
            AddNodes();
        }

        if (inputs.Config.Process?.Terminal == true)
        {
            AddConsole();
        }
    }

    /// <summary>The paths of all devices that become binds of the host's where nodes cannot be made.</summary>
    public static IEnumerable<string> Paths(RuntimeConfig config)
    {
        for (int i = 0; i < DefaultCount; i++)
        {
            yield return "/dev/" + Default(i).Name;
        }

        foreach (Device device in config.Linux?.Devices ?? [])
        {
            if (device.Type != "p" && device.Path != "/dev/ptmx")
            {
                yield return device.Path;
            }
        }
    }

    // config-linux.md "Default Devices"
    private static (string Name, uint Major, uint Minor) Default(int index) => index switch
    {
        0 => ("null", 1, 3),
        1 => ("random", 1, 8),
        2 => ("full", 1, 7),
        3 => ("tty", 5, 0),
        4 => ("zero", 1, 5),
        _ => ("urandom", 1, 9),
    };

    private bool HasBoundDev()
    {
        foreach (Mount mount in inputs.Config.Mounts)
        {
            if (mount.Destination == "/dev" && (mount.Type == "bind" || MountOptions.Parse(mount.Options).Bind))
            {
                return true;
            }
        }

        return false;
    }

    private void AddNodes()
    {
        plan.Origin = "default devices";
        short dev = fresh.Slot;
        if (dev == Step.NoSlot)
        {
            targets.Resolve("/dev", StepFlags.CreateDirectory);
            dev = plan.NewSlot();
            plan.At(plan.Count - 1).SlotA = dev;
        }

        for (int i = 0; i < DefaultCount; i++)
        {
            (string name, uint major, uint minor) = Default(i);
            AddDefault(dev, name, major, minor);
        }

        Device[] devices = inputs.Config.Linux!.Devices;
        for (int i = 0; i < devices.Length; i++)
        {
            plan.Origin = NamespacePlanner.Index("linux.devices", i);
            plan.Subject = devices[i].Path;
            AddConfigured(devices[i]);
        }

        plan.Subject = "";
        plan.Origin = "default devices";
        AddLink(dev, "fd", "/proc/self/fd");
        AddLink(dev, "stdin", "/proc/self/fd/0");
        AddLink(dev, "stdout", "/proc/self/fd/1");
        AddLink(dev, "stderr", "/proc/self/fd/2");
        if (!Linux.Sys.AccessAt(Linux.At.FDCWD, "/proc/kcore", 0).IsError)
        {
            AddLink(dev, "core", "/proc/kcore");
        }

        if (dev != fresh.Slot)
        {
            AddRemoval(dev, "ptmx"); // an image's own need not lead to the devpts of this container
        }

        AddLink(dev, "ptmx", "pts/ptmx");
        AddNullStreams(dev);
    }

    // A standard stream that is the host's /dev/null becomes the container's, as with runc: CRIU could not save a file of a mount that the container
    // has not, and it is one thing of the host less. Where that cannot be opened (nodev) it stays.
    private void AddNullStreams(short dev)
    {
        if (inputs.NullStreams == 0)
        {
            return;
        }

        short file = plan.NewSlot();
        uint name = plan.Str("null");
        int opened = plan.Count;
        ref Step open = ref plan.Add(StepKind.Open);
        open.SlotA = file;
        open.SlotB = dev;
        open.S0 = name;
        open.X = (uint)(Linux.O.RDWR | Linux.O.NOFOLLOW);
        open.ErrnoSet = ErrnoSets.Of(Linux.Errno.EACCES, Linux.Errno.ENXIO, Linux.Errno.EPERM, Linux.Errno.ENOENT);
        int verified = plan.Count;
        ref Step verify = ref plan.Add(StepKind.VerifyFile);
        verify.SlotA = file;
        verify.X = Linux.FileType.Char;
        verify.Y = (1UL << 32) | 3;
        verify.ErrnoSet = ErrnoSets.Of(Linux.Errno.ENODEV, Linux.Errno.EINVAL, Linux.Errno.EISDIR);
        for (int fd = 0; fd <= 2; fd++)
        {
            if ((inputs.NullStreams & (1 << fd)) != 0)
            {
                ref Step duplicate = ref plan.Add(StepKind.Duplicate);
                duplicate.SlotA = file;
                duplicate.X = (ulong)fd;
            }
        }

        plan.ElseHere(verified);
        plan.Add(StepKind.Close).SlotA = file;
        plan.ElseHere(opened);
    }

    private void AddDefault(short dev, string name, uint major, uint minor)
    {
        // An entry of linux.devices for the same path wins.
        foreach (Device device in inputs.Config.Linux!.Devices)
        {
            if (device.Path.Length == name.Length + 5 && device.Path.StartsWith("/dev/", StringComparison.Ordinal)
                && device.Path.EndsWith(name, StringComparison.Ordinal))
            {
                return;
            }
        }

        if (namespaces.Confined)
        {
            AddBind("/dev/" + name);
            return;
        }

        AddNode(dev, name, Linux.FileType.Char | DefaultMode, major, minor, 0, 0);
    }

    private void AddConfigured(Device device)
    {
        // Docker's --privileged and Podman's name all of the host's. A node bound in a user namespace would open the host's devpts, not the
        // container's (fs/devpts/inode.c, devpts_mntget looks beside the node); the link comes later, as with runc and crun.
        if (device.Path == "/dev/ptmx")
        {
            return;
        }

        if (namespaces.Confined && device.Type != "p")
        {
            AddBind(device.Path);
            return;
        }

        int slash = device.Path.LastIndexOf('/');
        targets.Resolve(slash <= 0 ? "/" : device.Path[..slash], StepFlags.CreateDirectory);
        uint type = (uint)(device.Type switch
        {
            "b" => Linux.FileType.Block,
            "p" => Linux.FileType.Fifo,
            _ => Linux.FileType.Char,
        });
        AddNode(
            targets.Target,
            device.Path[(slash + 1)..],
            type | (device.FileMode ?? DefaultMode) & 0xfff,
            device.Type == "p" ? 0 : (uint)(device.Major ?? 0), // a FIFO has no numbers, whatever the config says
            device.Type == "p" ? 0 : (uint)(device.Minor ?? 0),
            device.Uid ?? 0,
            device.Gid ?? 0);
    }

    private void AddNode(short directory, string name, uint mode, uint major, uint minor, uint uid, uint gid)
    {
        uint operand = plan.Str(name);
        ref Step node = ref plan.Add(StepKind.MakeNode);
        node.SlotB = directory;
        node.S0 = operand;
        node.X = mode;
        node.Y = ((ulong)major << 32) | minor;
        node.Z = ((ulong)uid << 32) | gid;
        node.Flags = (ushort)(directory == fresh.Slot && node.Z == 0 ? StepFlags.Fresh : StepFlags.None);
    }

    // mknod in a user namespace makes nodes that do not work; the host's node is bound instead.
    private void AddBind(string path)
    {
        sources.Open(path, 0, targets.Tree);
        targets.Resolve(path, StepFlags.CreateFile | StepFlags.NoFollowLast);
        targets.Attach(targets.Tree);
    }

    private void AddLink(short dev, string name, string target)
    {
        uint nameOperand = plan.Str(name);
        uint targetOperand = plan.Str(target);
        ref Step link = ref plan.Add(StepKind.MakeSymlink);
        link.SlotB = dev;
        link.S0 = nameOperand;
        link.S1 = targetOperand;
        link.X = 1;
    }

    private void AddRemoval(short dev, string name)
    {
        int index = plan.Count;
        uint operand = plan.Str(name);
        ref Step remove = ref plan.Add(StepKind.Remove);
        remove.SlotB = dev;
        remove.S0 = operand;
        remove.ErrnoSet = ErrnoSets.Of(Linux.Errno.ENOENT);
        plan.ElseHere(index);
    }

    private void AddConsole()
    {
        ConsoleSteps.AddOpen(plan, inputs.Config.Process!);
        targets.CloneFrom(Slots.ConsoleSlave, recursive: false);
        targets.Resolve("/dev/console", StepFlags.CreateFile | StepFlags.NoFollowLast);
        targets.Attach(targets.Tree);
        ConsoleSteps.AddUse(plan);
    }
}
