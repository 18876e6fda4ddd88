using System;
using System.Collections.Generic;
using Anocir.Runtime.Cgroups;
using Anocir.Runtime.Cgroups.Devices;
using Anocir.Runtime.Cgroups.Limits;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Planning;
using Anocir.Runtime.Spec;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>
/// The cgroups of a container being created: the seam between <see cref="ContainerCreation"/> and whoever makes cgroups. Its methods are
/// called in the order in which they stand here; <see cref="Destroy"/> at any moment. Afterwards <see cref="CgroupControl"/> takes over.
/// </summary>
internal abstract class ContainerCgroups : IDisposable
{
    private readonly RuntimeConfig? _config;
    private readonly string? _delegated;
    private readonly uint? _owner;
    private readonly bool _givesAway;

    /// <summary>Takes what was decided; makes nothing.</summary>
    /// <param name="plan">Where the cgroups are.</param>
    /// <param name="config">The config; only without a plan null.</param>
    /// <param name="givesAway">Whether they are another's than the user's inside. Without root they are the caller's, and so root's inside.</param>
    protected ContainerCgroups(CgroupPlan? plan, RuntimeConfig? config, bool givesAway)
    {
        Plan = Shown = plan;
        _config = config;
        _givesAway = givesAway;
        if (plan is not null)
        {
            _delegated = SubCgroupName.Find(config!, AnnotationNames.DelegateCgroup, plan.Mode);
            _owner = givesAway && plan.Mode == CgroupMode.Unified ? CgroupOwner.Find(config!) : null;
        }
    }

    /// <summary>How init gets in.</summary>
    public CgroupEntry Entry { get; protected init; }

    /// <summary>Whether there is a v2 directory that init is born in.</summary>
    public virtual bool HasUnified => Plan?.Unified is not null && Entry is CgroupEntry.Clone or CgroupEntry.Self;

    /// <summary>The fd of that directory (O_PATH) once it exists, else -1.</summary>
    public virtual int UnifiedFd => -1;

    /// <summary>The files by which init enters by itself.</summary>
    public string[] TaskFiles => Entry == CgroupEntry.Self ? Plan!.SelfJoinFiles() : [];

    /// <summary>What goes into the container's record, before anything is made; null without cgroups.</summary>
    public virtual CgroupRecord? Record => null;

    /// <summary>Where the cgroups are; null without any.</summary>
    protected CgroupPlan? Plan { get; }

    /// <summary>What a mount of type cgroup shows: without root, the caller's own cgroup where the container has none.</summary>
    protected CgroupPlan? Shown { get; init; }

    /// <summary>The implementation that the options ask for; looks at the host and decides, makes nothing.</summary>
    /// <exception cref="ContainerException">linux.cgroupsPath is wrong, or the host lacks what it needs.</exception>
    public static ContainerCgroups For(RuntimeOptions options, RuntimeConfig config, string id) => options.CgroupManager switch
    {
        CgroupManager.Disabled => new NoCgroups(),
        CgroupManager.Systemd => SystemdCgroups.Prepare(options, config, id),
        _ => CgroupfsCgroups.For(config, id, options.ToleratesForeignCgroups),
    };

    /// <summary>The parts of a mount of type cgroup.</summary>
    public CgroupMount[] Mounts(bool newNamespace)
    {
        if (Shown is null)
        {
            return [];
        }

        bool needsOptions = !newNamespace && Shown.Mode == CgroupMode.Unified;
        string options = needsOptions ? new CgroupMountTable(new CgroupProbe().Read("/proc/self/mountinfo")).UnifiedOptions() : "";
        return [.. CgroupMounts.Describe(Shown, Plan, newNamespace, options)];
    }

    /// <summary>Makes what can be made before any process exists.</summary>
    public virtual void BeforeSpawn()
    {
    }

    /// <summary>
    /// Whether cgroups are made only around a process: then a helper is spawned that waits (<see cref="WaitingHelper"/>), and the two methods
    /// that follow are called.
    /// </summary>
    public virtual bool PlacesHelper => false;

    /// <summary>The helper that will clone init waits; begins to put it in.</summary>
    public virtual void HelperExists(int helper)
    {
    }

    /// <summary>The plan has been built meanwhile; waits until the helper is in, so that init will be born there.</summary>
    public virtual void PlaceHelper()
    {
    }

    /// <summary>Makes the rest while init is already at work and, where init may not do it itself, moves it in.</summary>
    public virtual void InitExists(int pid)
    {
    }

    /// <summary>
    /// Moves a process into all the cgroups, which are made, instead of what <see cref="Entry"/> says: CRIU, whose children the restored processes are.
    /// </summary>
    /// <exception cref="ContainerException">A cgroup cannot be entered.</exception>
    public void Enter(int pid)
    {
        if (Plan is not null)
        {
            CgroupfsDriver.Join(Plan, pid);
        }
    }

    /// <summary>Whether <see cref="HelperIsGone"/> has something to do, for which no helper may be left in the cgroup.</summary>
    public virtual bool AwaitsHelper => _delegated is not null;

    /// <summary>
    /// Init is the only process and waits: makes the cgroup of the annotation run.oci.delegate-cgroup, gives it to root of the container and
    /// moves init there. Limits stay at the container's own cgroup, which is also the root of a cgroup namespace.
    /// </summary>
    /// <exception cref="ContainerException">It cannot be made, given away or entered.</exception>
    public virtual void HelperIsGone(int init)
    {
        if (_delegated is not null)
        {
            CgroupTarget own = Plan!.Targets[0];
            var below = new CgroupTarget(own.Hierarchy, own.Path + _delegated);
            CgroupfsDriver.Enter(below, init);
            if (_givesAway && CgroupOwner.HostUser(_config!, 0) is { } root)
            {
                CgroupOwner.Change(below.Directory, root);
            }
        }
    }

    /// <summary>Takes back what was made, with the processes in it; never what was there before.</summary>
    public virtual void Destroy()
    {
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>
    /// Applies the device rules and all limits to directories that were just made, before any process of the container is in: there is no
    /// moment without them. On v2 the cgroup then becomes the user's who may manage it (<see cref="CgroupOwner"/>).
    /// </summary>
    /// <param name="creation">What was made.</param>
    protected void Confine(CgroupCreation creation)
    {
        LinuxConfig linux = _config!.Linux!;
        CgroupDevices.Apply(Plan!, creation, linux);
        if (linux.Resources is { } resources)
        {
            CgroupDirectories directories = CgroupDirectories.From(Plan!);
            LimitWriter.Write(directories, Limits(directories, resources));
        }

        if (_owner is { } owner)
        {
            CgroupOwner.Change(Plan!.Targets[0].Directory, owner);
        }
    }

    /// <summary>What to write into the files of the directories while the container is created.</summary>
    protected virtual List<LimitWrite> Limits(CgroupDirectories directories, Resources resources) =>
        ResourceLimits.Writes(resources, directories.IsUnified, new DirectoryFacts(directories));

    /// <summary>The record of directories that the runtime itself made, or that a manager made at the same places.</summary>
    protected CgroupRecord Describe(string driver, string? unit = null, string? userBus = null) => new()
    {
        Driver = driver,
        Version = Plan!.Mode == CgroupMode.Unified ? 2 : 1,
        Paths = Plan.Directories(),
        Controllers = Plan.Mode == CgroupMode.Unified ? [] : Plan.Controllers(),
        Freezer = Plan.Mode == CgroupMode.Unified ? Plan.Targets[0].Directory : Plan.Find("freezer")?.Directory,
        Unit = unit,
        UserBus = userBus,
    };
}
