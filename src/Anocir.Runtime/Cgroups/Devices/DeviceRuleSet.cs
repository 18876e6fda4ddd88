using System;
using System.Collections.Generic;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Cgroups.Devices;

/// <summary>
/// What a list of device rules, applied in order, comes to: a default and the exceptions from it. That is the model of the cgroup v1
/// controller; the v2 filter is made from it too, so that a config means the same on both.
/// </summary>
public sealed class DeviceRuleSet
{
    /// <summary><see cref="DeviceEntry.Origin"/> of rules that are not from config.json.</summary>
    public const int DefaultRule = -1;

    private readonly List<DeviceEntry> _exceptions = new(16);
    private readonly List<Crossing> _crossings = [];

    /// <summary>Whether devices without an exception may be used; a set starts with denying all.</summary>
    public bool DefaultAllow { get; private set; }

    /// <summary>Denied accesses when <see cref="DefaultAllow"/>, otherwise allowed ones; no two entries name the same devices.</summary>
    public IReadOnlyList<DeviceEntry> Exceptions => _exceptions;

    /// <summary>Whether nothing is confined.</summary>
    public bool AllowsAll => DefaultAllow && _exceptions.Count == 0;

    /// <summary>The rules of a config followed by the default ones.</summary>
    /// <exception cref="ContainerException">A rule would make a hole in a wider one, which cgroup v1 cannot express.</exception>
    public static DeviceRuleSet From(LinuxConfig linux)
    {
        var set = new DeviceRuleSet();
        DeviceRule[] rules = linux.Resources?.Devices ?? [];
        for (int i = 0; i < rules.Length; i++)
        {
            DeviceRule rule = rules[i];
            if (rule.Type is null or "a")
            {
                set.Reset(rule.Allow);
                continue;
            }

            DeviceAccess access = rule.Access is null ? DeviceAccess.All : DeviceEntry.Parse(rule.Access);
            set.Apply(rule.Allow, new DeviceEntry(rule.Type[0], rule.Major ?? DeviceEntry.Any, rule.Minor ?? DeviceEntry.Any, access, i));
        }

        DefaultDeviceRules.AddTo(set, linux.Devices);
        set.RequireDenials();
        return set;
    }

    /// <summary>
    /// The set that a cgroup's devices.list shows. A set that allows by default shows only that: its exceptions cannot be known.
    /// </summary>
    public static DeviceRuleSet Parse(ReadOnlySpan<byte> list)
    {
        var set = new DeviceRuleSet();
        foreach (Range range in list.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = list[range];
            if (line.IsEmpty)
            {
                continue;
            }

            if (line[0] == 'a')
            {
                set.Reset(allow: true);
                return set;
            }

            set.Apply(allow: true, DeviceListLine.Parse(line));
        }

        return set;
    }

    /// <summary>A rule for all devices: forgets every exception.</summary>
    public void Reset(bool allow)
    {
        DefaultAllow = allow;
        _exceptions.Clear();
        _crossings.Clear();
    }

    /// <summary>
    /// Allows or denies some accesses to some devices. What the rule covers of older exceptions ends, so the last rule that matches a
    /// device decides (config-linux.md: "applied in order"); runc and cgroup v1 itself look only at exceptions for exactly the same
    /// devices.
    /// </summary>
    /// <remarks>
    /// Of two that cross (<c>c 1:*</c> and <c>c *:3</c>) neither covers the other, and what they share (<c>c 1:3</c>) cannot be taken out of
    /// the older. It stays as that says, as in runc: denied where the rule allows, and where the rule denies, allowed until
    /// <see cref="RequireDenials"/> finds that no later rule allows it anyway.
    /// </remarks>
    /// <exception cref="ContainerException">The rule names a part of an older exception, which would get a hole.</exception>
    public void Apply(bool allow, in DeviceEntry entry)
    {
        if (allow != DefaultAllow)
        {
            int at = IndexOf(entry);
            DeviceAccess old = at < 0 ? DeviceAccess.None : _exceptions[at].Access;
            Set(at, entry with { Access = old | entry.Access });
            AllowAgain(entry);
            return;
        }

        for (int i = _exceptions.Count - 1; i >= 0; i--)
        {
            DeviceEntry exception = _exceptions[i];
            if (!exception.Overlaps(entry) || (exception.Access & entry.Access) == 0)
            {
                continue;
            }

            if (entry.Covers(exception))
            {
                // mknod for all devices, by default, is not meant to lift what the config denies of one; nor does it with runc.
                if (entry.Origin == DefaultRule && !entry.SameDevices(exception))
                {
                    continue;
                }

                Set(i, exception with { Access = exception.Access & ~entry.Access });
            }
            else if (exception.Covers(entry))
            {
                throw Hole(allow, entry, exception);
            }
            else if (!allow)
            {
                _crossings.Add(new Crossing(entry, exception, exception.Access & entry.Access));
            }
        }
    }

    /// <summary>To be called after the last rule: what a rule denied must not be allowed by an older one that it crosses.</summary>
    /// <exception cref="ContainerException">It is, and no later rule allows it. runc leaves it allowed.</exception>
    internal void RequireDenials()
    {
        foreach (Crossing crossing in _crossings)
        {
            foreach (DeviceEntry exception in _exceptions)
            {
                if (exception.Covers(crossing.Devices) && (exception.Access & crossing.Access) != 0)
                {
                    throw Hole(allow: false, crossing.Rule, crossing.Older);
                }
            }
        }
    }

    private void AllowAgain(in DeviceEntry entry)
    {
        for (int i = _crossings.Count - 1; i >= 0; i--)
        {
            Crossing crossing = _crossings[i];
            if (entry.Covers(crossing.Devices))
            {
                _crossings[i] = crossing with { Access = crossing.Access & ~entry.Access };
            }
        }
    }

    /// <summary>The accesses excepted for exactly these devices.</summary>
    public DeviceAccess Find(in DeviceEntry devices)
    {
        int at = IndexOf(devices);
        return at < 0 ? DeviceAccess.None : _exceptions[at].Access;
    }

    private int IndexOf(in DeviceEntry devices)
    {
        for (int i = 0; i < _exceptions.Count; i++)
        {
            if (_exceptions[i].SameDevices(devices))
            {
                return i;
            }
        }

        return -1;
    }

    private void Set(int at, in DeviceEntry entry)
    {
        if (entry.Access == DeviceAccess.None)
        {
            if (at >= 0)
            {
                _exceptions.RemoveAt(at);
            }
        }
        else if (at < 0)
        {
            _exceptions.Add(entry);
        }
        else
        {
            _exceptions[at] = entry;
        }
    }

    /// <summary>
    /// cgroup v1 ignores such a rule silently; like runc we refuse, because the user would believe in a protection that is not there.
    /// </summary>
    private static ContainerException Hole(bool allow, in DeviceEntry entry, in DeviceEntry wider)
    {
        int origin = entry.Origin >= 0 ? entry.Origin : Math.Max(wider.Origin, 0);
        string verb = allow ? "allow" : "deny";
        string which = entry.Origin >= 0 ? $"cannot {verb} '{entry}'" : $"leaves no way to {verb} the default device '{entry}'";
        string other = wider.Origin < 0 ? "the default rule" : $"linux.resources.devices[{wider.Origin}]";
        return ContainerException.Config(
            $"linux.resources.devices[{origin}]", $"{which}: a part of '{wider}' of {other} cannot be excepted from it");
    }

    /// <summary>A rule that denies what an older one allows, and crosses it.</summary>
    /// <param name="Rule">What is denied.</param>
    /// <param name="Older">The exception that allows.</param>
    /// <param name="Access">The accesses of the devices that they share, as far as no later rule allows them.</param>
    private readonly record struct Crossing(DeviceEntry Rule, DeviceEntry Older, DeviceAccess Access)
    {
        /// <summary>The devices that both name.</summary>
        public DeviceEntry Devices => Rule with { Major = Math.Max(Rule.Major, Older.Major), Minor = Math.Max(Rule.Minor, Older.Minor) };
    }
}
