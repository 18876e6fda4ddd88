using System;
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

        AddDefault(dev, "null", 1, 3);
        AddDefault(dev, "random", 1, 8);
        AddDefault(dev, "full", 1, 7);
        AddDefault(dev, "tty", 5, 0);
        AddDefault(dev, "zero", 1, 5);
        AddDefault(dev, "urandom", 1, 9);

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
