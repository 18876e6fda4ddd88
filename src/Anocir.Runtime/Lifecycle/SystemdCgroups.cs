using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Anocir.Runtime.Cgroups;
using Anocir.Runtime.Cgroups.Devices;
using Anocir.Runtime.Cgroups.Limits;
using Anocir.Runtime.Cgroups.Systemd;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Planning;
using Anocir.Runtime.Spec;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>
/// Cgroups that systemd makes: a transient scope around the helper, in which init is then born. While systemd works, the plan is built.
/// On v1 systemd uses only some of the hierarchies; in the others the directories are made here, at the same place.
/// </summary>
internal sealed class SystemdCgroups : ContainerCgroups
{
    private readonly SystemdBus _bus;
    private readonly SystemdManager _manager;
    private readonly ScopeName _name;
    private readonly RuntimeConfig _config;
    private readonly string _id;
    private readonly List<UnitProperty> _annotations;
    private StartingUnit? _starting;
    private CgroupCreation? _creation;
    private LimitWrite? _single;
    private int _helper;

    private SystemdCgroups(CgroupPlan plan, SystemdBus bus, SystemdManager manager, ScopeName name, RuntimeConfig config, string id)
        : base(plan, config, !bus.IsUser)
    {
        _bus = bus;
        _manager = manager;
        _name = name;
        _config = config;
        _id = id;
        _annotations = UnitAnnotations.Read(config.Annotations);
        bool user = config.Linux!.FindNamespace(NamespaceType.User) is not null;
        Entry = plan.Mode == CgroupMode.Unified ? CgroupEntry.Clone : user ? CgroupEntry.Controller : CgroupEntry.Self;
    }

    /// <inheritdoc/>
    public override bool HasUnified => false; // born where the helper is

    /// <inheritdoc/>
    public override bool PlacesHelper => true;

    /// <inheritdoc/>
    public override CgroupRecord? Record => Describe("systemd", _name.Unit, _bus.IsUser ? _bus.Address : null);

    /// <summary>Looks at the host and decides; makes nothing.</summary>
    public static SystemdCgroups Prepare(RuntimeOptions options, RuntimeConfig config, string id)
    {
        bool isUser = options.Rootless ?? (Caller.Current.IsRootless || (Caller.Current.IsInUserNamespace && SystemdBus.HasUsers));
        SystemdBus bus = SystemdBus.For(isUser);
        CgroupLayout layout = CgroupLayout.Detect();
        if (isUser && layout.Mode != CgroupMode.Unified)
        {
            throw new ContainerException("cannot use the systemd of a user with cgroup v1; hint: boot with systemd.unified_cgroup_hierarchy=1");
        }

        ScopeName name = ScopeName.Parse(config.Linux!.CgroupsPath, id, isUser);
        if (name.IsSlice)
        {
            throw ContainerException.Config("linux.cgroupsPath", $"'{name.Unit}' is a slice, and slices hold no processes; hint: slice:prefix:name makes prefix-name.scope");
        }

        var manager = new SystemdManager(bus, options.Log);
        string start = isUser ? manager.ControlGroup() : "/";
        string path = CgroupPath.Join(CgroupPath.Join(start, name.SlicePath), name.Unit)
            + SubCgroupName.Find(config, AnnotationNames.SystemdSubgroup, layout.Mode);
        var targets = new CgroupTarget[layout.Hierarchies.Length];
        for (int i = 0; i < targets.Length; i++)
        {
            targets[i] = new CgroupTarget(layout.Hierarchies[i], path);
        }

        return new SystemdCgroups(new CgroupPlan(layout.Mode, targets), bus, manager, name, config, id);
    }

    // systemd refuses a scope that lives, but not a cgroup that somebody made and froze: init would wait in it for ever.

    /// <inheritdoc/>
    public override void BeforeSpawn() => CgroupfsDriver.RequireUnused(Plan!);

    /// <inheritdoc/>
    public override void HelperExists(int helper)
    {
        _helper = helper;
        _starting = _manager.BeginStart(_name.Unit, Properties(helper));
    }

    /// <inheritdoc/>
    public override void PlaceHelper()
    {
        _manager.FinishStart(_starting!, HelperIsIn);
        if (!HelperIsIn())
        {
            throw new ContainerException($"systemd started unit '{_name.Unit}', but process {_helper} is not in cgroup '{Plan!.Targets[0].Path}'"
                + "; hint: is /sys/fs/cgroup that of this systemd?");
        }

        if (Plan!.Mode == CgroupMode.Unified)
        {
            if (!IsUnit(Plan.Targets[0].Path))
            {
                CgroupfsDriver.Enter(Plan.Targets[0], _helper);
            }

            _creation = CgroupfsDriver.Adopt(Plan, _config.Linux!.Resources);
            Confine(_creation);
        }
    }

    /// <inheritdoc/>
    public override void InitExists(int pid)
    {
        if (Plan!.Mode == CgroupMode.Unified)
        {
            return;
        }

        _creation = CgroupfsDriver.Adopt(Plan, _config.Linux!.Resources);
        Confine(_creation);
        if (Entry == CgroupEntry.Controller)
        {
            CgroupfsDriver.Join(Plan, pid);
        }
    }

    /// <inheritdoc/>
    public override bool AwaitsHelper => _single is not null || base.AwaitsHelper;

    /// <inheritdoc/>
    public override void HelperIsGone(int init)
    {
        base.HelperIsGone(init);
        if (_single is { } limit)
        {
            _manager.SetProperties(_name.Unit, UnitLimits.Properties([limit], Plan!.Mode == CgroupMode.Unified, _manager.Version));
            LimitWriter.Write(CgroupDirectories.From(Plan), [limit]);
        }
    }

    /// <inheritdoc/>
    public override void Destroy()
    {
        if (_starting is { IsRefused: false })
        {
            CgroupControl.For(Record!).Remove(_starting.IsStarted ? CgroupRemoval.KillProcesses : CgroupRemoval.OnlyEmpty);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _creation?.Dispose();
        _manager.Dispose();
    }

    /// <summary>A limit of a single process has to wait until the helper, which clones init in the scope, is gone; it is two until then.</summary>
    protected override List<LimitWrite> Limits(CgroupDirectories directories, Resources resources)
    {
        List<LimitWrite> writes = base.Limits(directories, resources);
        UnitLimits.RoundQuota(writes);
        for (int i = 0; i < writes.Count; i++)
        {
            if (writes[i] is { File: "pids.max", Value: "1" })
            {
                _single = writes[i];
                writes[i] = writes[i] with { Value = "2" };
            }
        }

        return writes;
    }

    private List<UnitProperty> Properties(int helper)
    {
        bool isUnified = Plan!.Mode == CgroupMode.Unified;
        List<UnitProperty> properties =
        [
            new("Description", DbusValue.String("anocir container " + _id)),
            new("Slice", DbusValue.String(_name.Slice)),
            new("Delegate", DbusValue.Boolean(true)),
            new("PIDs", DbusValue.Array("u", DbusValue.UInt32((uint)helper))),
            new("MemoryAccounting", DbusValue.Boolean(true)),
            new("CPUAccounting", DbusValue.Boolean(true)),
            new(isUnified ? "IOAccounting" : "BlockIOAccounting", DbusValue.Boolean(true)),
            new("TasksAccounting", DbusValue.Boolean(true)),
            new("DefaultDependencies", DbusValue.Boolean(false)),
        ];
        LinuxConfig linux = _config.Linux!;
        if (!_bus.IsUser)
        {
            byte[] devices = CgroupFile.TryReadAll("/proc/devices", out byte[] content).IsError ? [] : content;
            properties.AddRange(UnitDevices.Properties(DeviceRuleSet.From(linux), Encoding.ASCII.GetString(devices)));
        }

        if (linux.Resources is { } resources)
        {
            // Nothing exists yet of which the limits could depend; what they do depend on is written to the files only.
            CgroupDirectories directories = CgroupDirectories.From(Plan);
            properties.AddRange(UnitLimits.Properties(Limits(directories, resources), isUnified, _manager.Version));
            AddOomPolicy(properties, resources);
        }

        properties.AddRange(_annotations);
        return properties;
    }

    // Scopes have the property since systemd 253; without it one killed process would stop the whole unit.
    private void AddOomPolicy(List<UnitProperty> properties, Resources resources)
    {
        const int ScopeVersion = 253;
        foreach ((string file, string value) in resources.Unified)
        {
            if (file == "memory.oom.group" && value.Trim() is "0" or "1" && _manager.Version() >= ScopeVersion)
            {
                properties.Add(new UnitProperty("OOMPolicy", DbusValue.String(value.Trim() == "1" ? "kill" : "continue")));
            }
        }
    }

    private bool HelperIsIn()
    {
        string file = string.Create(CultureInfo.InvariantCulture, $"/proc/{_helper}/cgroup");
        if (CgroupFile.TryReadAll(file, out byte[] content).IsError)
        {
            return false;
        }

        return Array.Exists(Encoding.UTF8.GetString(content).Split('\n'), IsUnit);
    }

    // The tail: a manager in a container of its own may count from somewhere else.
    private bool IsUnit(string path) => path.EndsWith("/" + _name.Unit, StringComparison.Ordinal);
}
