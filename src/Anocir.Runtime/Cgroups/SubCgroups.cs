using System;
using System.Collections.Generic;
using Anocir.Runtime.Errors;

namespace Anocir.Runtime.Cgroups;

/// <summary>
/// The values of <c>exec --cgroup</c>: <c>PATH</c> for all hierarchies, or <c>CONTROLLER[,CONTROLLER]:PATH</c> for some of cgroup v1. Paths
/// count from the container's own cgroup and never lead out of it.
/// </summary>
public sealed class SubCgroups
{
    private readonly string? _all;
    private readonly Dictionary<string, string> _byController;

    private SubCgroups(string? all, Dictionary<string, string> byController)
    {
        _all = all;
        _byController = byController;
    }

    /// <summary>Whether none was given.</summary>
    public bool IsEmpty => _all is null && _byController.Count == 0;

    /// <summary>Whether they name controllers, so that the hierarchies of the host have to be known.</summary>
    public bool NamesControllers => _byController.Count > 0;

    /// <summary>Reads the values; the texts are runc's.</summary>
    /// <exception cref="ContainerException">A value has no form of the two, or a controller is given twice.</exception>
    public static SubCgroups Parse(IReadOnlyList<string> values)
    {
        string? all = null;
        Dictionary<string, string> byController = [];
        foreach (string value in values)
        {
            int colon = value.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0)
            {
                if (values.Count != 1)
                {
                    throw new ContainerException($"invalid --cgroup argument: {value} (missing <controller>: prefix)");
                }

                all = value;
                continue;
            }

            foreach (string controller in value[..colon].Split(','))
            {
                if (controller.Length == 0)
                {
                    throw new ContainerException($"invalid --cgroup argument: {value} (empty <controller> prefix)");
                }

                if (!byController.TryAdd(controller, value[(colon + 1)..]))
                {
                    throw new ContainerException($"invalid --cgroup argument(s): controller {controller} specified multiple times");
                }
            }
        }

        return new SubCgroups(all, byController);
    }

    /// <summary>The directories to enter instead of <paramref name="directories"/>, the container's own.</summary>
    /// <param name="directories">Absolute, without trailing slash.</param>
    /// <param name="hierarchies">The host's hierarchies; only needed when <see cref="NamesControllers"/>.</param>
    /// <exception cref="ContainerException">A path leads out, or a controller is not one of theirs.</exception>
    public string[] Apply(IReadOnlyList<string> directories, IReadOnlyList<CgroupHierarchy> hierarchies)
    {
        string[] result = [.. directories];
        if (_all is not null)
        {
            for (int i = 0; i < result.Length; i++)
            {
                result[i] = Below(result[i], _all);
            }
        }

        foreach ((string controller, string path) in _byController)
        {
            int index = IndexOf(controller, directories, hierarchies);
            result[index] = Below(directories[index], path);
        }

        return result;
    }

    private static int IndexOf(string controller, IReadOnlyList<string> directories, IReadOnlyList<CgroupHierarchy> hierarchies)
    {
        foreach (CgroupHierarchy hierarchy in hierarchies)
        {
            for (int i = 0; i < directories.Count && !hierarchy.IsUnified && hierarchy.Has(controller); i++)
            {
                if (IsBelow(directories[i], hierarchy.MountPoint))
                {
                    return i;
                }
            }
        }

        throw new ContainerException($"unknown controller {controller} in --cgroup; hint: on cgroup v2 give one path without a controller");
    }

    private static string Below(string directory, string path)
    {
        // Joined first and cleaned then, so that every ".." counts.
        string joined = CgroupPath.Clean(directory + "/" + path);
        return IsBelow(joined, directory)
            ? joined
            : throw new ContainerException($"bad sub cgroup path: '{path}' leads out of the container's cgroup (option --cgroup)");
    }

    private static bool IsBelow(string path, string directory) =>
        path.StartsWith(directory, StringComparison.Ordinal) && (path.Length == directory.Length || path[directory.Length] == '/');
}
