using System;
using System.Collections.Generic;
using Anocir.Plan;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Planning;

/// <summary>The entries of mounts[], in order (runtime-spec config.md "Mounts").</summary>
public sealed class MountPlanner(
    PlanWriter plan, PlanInputs inputs, SourcePlanner sources, ContainerTargets targets, NamespacePlanner namespaces, FreshDev dev)
{
    private readonly short _context = plan.NewSlot();
    private readonly BindPlanner _binds = new(plan, inputs, sources, targets, namespaces);
    private readonly List<(short Slot, string Origin)> _readonlyLater = [];

    /// <summary>All of them.</summary>
    public void AddAll()
    {
        Mount[] mounts = inputs.Config.Mounts;
        for (int i = 0; i < mounts.Length; i++)
        {
            plan.Origin = NamespacePlanner.Index("mounts", i);
            plan.Subject = mounts[i].Destination;
            Add(mounts[i], i);
        }

        plan.Subject = "";
    }

    /// <summary>Mounts that had to be writable while their contents were made (tmpfs, /dev) become read-only.</summary>
    public void AddDeferredReadonly()
    {
        foreach ((short slot, string origin) in _readonlyLater)
        {
            plan.Origin = origin;
            targets.SetAttributes(slot, MountAttr.RDONLY, 0, recursive: false);
        }
    }

    private void Add(Mount mount, int index)
    {
        MountOptions options = MountOptions.Parse(mount.Options);
        options.Bind |= mount.Type == "bind";
        string destination = mount.Destination;
        if (options.Remount)
        {
            AddRemount(in options, destination);
        }
        else if (options.Bind)
        {
            dev.End();
            _binds.Add(mount, in options, index);
        }
        else if (mount.Type == "cgroup")
        {
            dev.Pass(destination);
            AddCgroup(in options, destination);
        }
        else
        {
            AddFileSystem(mount, in options, destination);
        }
    }

    private void AddFileSystem(Mount mount, in MountOptions options, string destination)
    {
        string type = mount.Type ?? "";
        if (type.Length == 0 || type == "none")
        {
            throw ContainerException.Config(plan.Origin + ".type", "must name a file system unless options hold bind, rbind or remount");
        }

        bool kernelView = type is "proc" or "sysfs";
        string source = mount.Source ?? "";
        bool old = OldMount.IsNeeded(source, options.Data);
        if (kernelView)
        {
            dev.Pass(destination);
        }
        else if (old)
        {
            dev.End();
        }

        string? fresh = kernelView || old ? null : dev.Take(destination);
        bool keepsMode = !old && fresh is null && type == "tmpfs" && !HasKey(options.Data, "mode");
        bool resolvesFirst = old || kernelView;
        StepFlags place = StepFlags.CreateDirectory | (kernelView ? StepFlags.NoSymlinks : options.Follow);
        if (resolvesFirst)
        {
            targets.Resolve(destination, place);
        }

        bool readonlyLater = type == "tmpfs" && (options.Set & MountAttr.RDONLY) != 0;
        if (old)
        {
            AddOldMount(source, type, in options, readonlyLater, destination);
            return;
        }

        uint attributes = options.Set & ~(readonlyLater ? MountAttr.RDONLY : 0u);
        int opened = FsSteps.Open(plan, _context, type);
        if (!resolvesFirst && !keepsMode)
        {
            // Only now: a file system that the kernel does not know leaves no directory behind.
            MakePlace(destination, fresh, place);
        }

        if (source.Length > 0)
        {
            FsSteps.SetString(plan, _context, "source", source);
        }

        AddData(in options, type);
        AddSuperblockFlags(in options, type);
        MountLabelPlanner.AddOption(plan, inputs.Config, _context, type);
        if (keepsMode)
        {
            AddMode(destination, options.Follow);
        }

        int create = FsSteps.Create(plan, _context);
        bool becomesDev = CanBeFreshDev(type, destination, in options);
        short tree = readonlyLater || becomesDev ? plan.NewSlot() : targets.Tree;
        int mounted = FsSteps.Mount(plan, _context, tree, attributes);
        if (kernelView)
        {
            AddHostFallback(type, tree, attributes, opened, create, mounted);
        }

        MountLabelPlanner.AddToTree(plan, inputs.Config, tree, type);
        if (options.TmpCopyUp)
        {
            CopyUp(OpenCovered(destination), tree);
        }

        if ((options.RecursiveSet | options.RecursiveClear) != 0)
        {
            targets.SetAttributes(tree, options.RecursiveSet, options.RecursiveClear, recursive: true);
        }

        if (fresh is null)
        {
            targets.Attach(tree);
        }
        else
        {
            targets.AttachFresh(tree, dev.Slot, fresh);
        }

        targets.SetPropagation(tree, in options);
        if (readonlyLater)
        {
            _readonlyLater.Add((tree, plan.Origin));
        }

        if (becomesDev)
        {
            dev.Begin(tree);
        }
    }

    private void MakePlace(string destination, string? fresh, StepFlags flags)
    {
        if (fresh is null)
        {
            targets.Resolve(destination, flags);
        }
        else
        {
            targets.MakeFresh(dev.Slot, fresh);
        }
    }

    // In a mount namespace that others share, or where the image's files are copied into it, it is not this plan's alone.
    private bool CanBeFreshDev(string type, string destination, in MountOptions options) => type == "tmpfs" && FreshDev.IsPlace(destination)
        && !options.TmpCopyUp && options.Propagation is null && namespaces.IsNew(NamespaceType.Mount);

    // A tmpfs keeps the mode of the directory it covers; where that is only made for it, the kernel's default stands (1777), as with runc.
    private void AddMode(string destination, StepFlags follow)
    {
        int found = targets.Resolve(destination, follow);
        plan.At(found).ErrnoSet = ErrnoSets.Of(Linux.Errno.ENOENT);
        ref Step mode = ref plan.Add(StepKind.FsConfigMode);
        mode.SlotA = _context;
        mode.SlotB = targets.Target;
        plan.ElseHere(found);
        targets.Resolve(destination, StepFlags.CreateDirectory | follow);
    }

    // A user namespace without a network namespace of its own may not mount sysfs, and one whose /proc is partly masked (in a container
    // of another engine) may not mount proc (EPERM): the tree outside, with its masks, is cloned instead. With an own PID namespace that
    // /proc numbers the processes as the outer container does; /proc/self leads to the right one.
    private void AddHostFallback(string type, short tree, uint attributes, params ReadOnlySpan<int> steps)
    {
        if (!namespaces.Confined)
        {
            return;
        }

        int over = plan.Count;
        plan.Add(StepKind.Jump);
        foreach (int step in steps)
        {
            plan.At(step).ErrnoSet = ErrnoSets.Of(Linux.Errno.EPERM, Linux.Errno.EBUSY);
            plan.ElseHere(step);
        }

        uint path = plan.Str(type == "sysfs" ? "/sys" : "/proc");
        ref Step open = ref plan.Add(StepKind.OpenTree);
        open.SlotA = tree;
        open.S0 = path;
        open.X = OpenTreeFlags.Clone | OpenTreeFlags.Recursive;
        targets.SetAttributes(tree, attributes, 0, recursive: true);
        plan.ElseHere(over);
    }

    // What is at a destination before something is mounted there.
    private short OpenCovered(string destination)
    {
        short covered = plan.NewSlot();
        uint path = plan.Str(destination);
        ref Step open = ref plan.Add(StepKind.Open);
        open.SlotA = covered;
        open.SlotB = Slots.Root;
        open.S0 = path;
        open.X = (uint)Linux.O.DIRECTORY;
        open.Y = Linux.Resolve.IN_ROOT | Linux.Resolve.NO_MAGICLINKS;
        return covered;
    }

    private void CopyUp(short from, short tree)
    {
        ref Step copy = ref plan.Add(StepKind.CopyTree);
        copy.SlotA = from;
        copy.SlotB = tree;
        plan.Add(StepKind.Close).SlotA = from;
    }

    private void AddOldMount(string source, string type, in MountOptions options, bool readonlyLater, string destination)
    {
        List<string> data = [.. options.Data ?? []];
        if (MountLabelPlanner.IsOption(inputs.Config, type))
        {
            data.Add(MountLabelPlanner.Option(inputs.Config));
        }

        short covered = options.TmpCopyUp ? OpenCovered(destination) : Step.NoSlot;
        uint attributes = options.Set & ~(readonlyLater ? MountAttr.RDONLY : 0u);
        OldMount.Add(plan, targets.Target, source, type, data, OldMount.Flags(attributes) | options.SuperblockFlags);
        bool recursive = (options.RecursiveSet | options.RecursiveClear) != 0;
        if (!recursive && options.Propagation is null && !readonlyLater && !options.TmpCopyUp)
        {
            return;
        }

        short top = readonlyLater ? plan.NewSlot() : targets.Tree;
        OldMount.OpenTop(plan, targets.Target, top);
        if (options.TmpCopyUp)
        {
            CopyUp(covered, top);
        }

        if (recursive)
        {
            targets.SetAttributes(top, options.RecursiveSet, options.RecursiveClear, recursive: true);
        }

        targets.SetPropagation(top, in options);
        if (readonlyLater)
        {
            _readonlyLater.Add((top, plan.Origin));
        }
    }

    private void AddRemount(in MountOptions options, string destination)
    {
        targets.Resolve(destination, StepFlags.None);
        uint dataOperand = options.Data is { } data ? plan.Str(string.Join(',', data)) : 0;
        ref Step step = ref plan.Add(StepKind.MountOnFd);
        step.SlotB = targets.Target;
        step.S2 = dataOperand;
        step.X = MS.REMOUNT | (options.Bind ? MS.BIND : 0) | OldMount.Flags(options.Set) | options.SuperblockFlags;
        if (options.Bind && namespaces.Confined)
        {
            // mount(2) replaces all flags, and a user namespace may not take away those that its mounts came with (locked). What was
            // not asked to go stays then; what was is an error.
            int index = plan.Count - 1;
            step.ErrnoSet = ErrnoSets.Of(Linux.Errno.EPERM);
            int over = plan.Count;
            plan.Add(StepKind.Jump);
            plan.ElseHere(index);
            targets.SetAttributes(targets.Target, options.Set, options.Clear, recursive: false);
            plan.ElseHere(over);
        }

        targets.SetPropagation(targets.Target, in options);
    }

    private void AddData(in MountOptions options, string type)
    {
        foreach (string option in options.Data ?? [])
        {
            int equals = option.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                FsSteps.SetString(plan, _context, option[..equals], option[(equals + 1)..]);
            }
            else if (!(type == "devpts" && option == "newinstance"))
            {
                // devpts: every mount is a new instance since Linux 4.7, and the new mount API no longer knows the word.
                FsSteps.SetFlag(plan, _context, option);
            }
        }
    }

    // mount(2) applies ro to the superblock too. For file systems of the kernel's own objects that would be another container's
    // superblock as well; there the attribute of the mount is what counts.
    private void AddSuperblockFlags(in MountOptions options, string type)
    {
        if ((options.Set & MountAttr.RDONLY) != 0 && type is not ("proc" or "sysfs" or "tmpfs" or "mqueue" or "devpts" or "cgroup2"))
        {
            FsSteps.SetFlag(plan, _context, "ro");
        }

        AddFlag(options.SuperblockFlags, MS.SYNCHRONOUS, "sync");
        AddFlag(options.SuperblockFlags, MS.DIRSYNC, "dirsync");
        AddFlag(options.SuperblockFlags, MS.MANDLOCK, "mand");
        AddFlag(options.SuperblockFlags, MS.LAZYTIME, "lazytime");
        if ((options.SuperblockFlags & MS.I_VERSION) != 0)
        {
            // mount(2) has a flag for it that every file system may ignore; in the mount API it is an option few know.
            int index = FsSteps.SetFlag(plan, _context, "iversion");
            plan.At(index).ErrnoSet = ErrnoSets.Of(Linux.Errno.EINVAL);
            plan.ElseHere(index);
        }
    }

    private void AddFlag(uint flags, uint flag, string name)
    {
        if ((flags & flag) != 0)
        {
            FsSteps.SetFlag(plan, _context, name);
        }
    }

    private void AddCgroup(in MountOptions options, string destination)
    {
        namespaces.AddCgroupWait();
        plan.Origin = PropertyOf(destination);
        new CgroupMountPlanner(plan, inputs, targets, _context).Add(in options, destination, _readonlyLater);
    }

    private string PropertyOf(string destination)
    {
        for (int i = 0; i < inputs.Config.Mounts.Length; i++)
        {
            if (inputs.Config.Mounts[i].Destination == destination)
            {
                return NamespacePlanner.Index("mounts", i);
            }
        }

        return "mounts";
    }

    private static bool HasKey(List<string>? data, string key)
    {
        foreach (string option in data ?? [])
        {
            if (option.Length > key.Length && option[key.Length] == '=' && option.StartsWith(key, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
