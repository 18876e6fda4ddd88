using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Anocir.Linux;
using Anocir.Runtime.Cgroups;
using Anocir.Runtime.Criu;
using Anocir.Runtime.Errors;

namespace Anocir.Runtime.Lifecycle;

/// <summary>What a restore asks of CRIU.</summary>
internal static class RestoreRequest
{
    /// <summary>Name of CRIU's log.</summary>
    public const string LogFile = "restore.log";

    /// <summary>The request, but for the directories, which the helper opens, and the cgroups.</summary>
    /// <param name="bundle">The bundle.</param>
    /// <param name="root">Where CRIU finds the container's root.</param>
    /// <param name="choices">What the user chose.</param>
    /// <param name="cgroups">What the mount of type cgroup consists of.</param>
    /// <param name="namespaces">The open file of each of linux.namespaces, -1 for one without a path.</param>
    /// <param name="streams">What the standard streams of the saved container led to.</param>
    public static CriuOptions Build(
        ContainerBundle bundle, string root, CheckpointChoices choices, CgroupMount[] cgroups, int[] namespaces, List<string> streams)
    {
        var request = new CriuOptions
        {
            ImagesFd = -1,
            LogFile = LogFile,
            Root = root,
            Choices = choices,
            ConfigFile = CriuConfigFile.Find(bundle.Config),
            RestoreAsSibling = true,
        };
        using (var mounts = new ExternalMounts(bundle.Config, bundle.Path, bundle.Rootfs))
        {
            mounts.AddForRestore(cgroups, request.ExternalMounts);
        }

        CriuNamespaces.Add(request, bundle.Config.Linux!, namespaces);

        // Pipes are the caller's of now; what else the streams led to CRIU opens again by its name.
        for (int i = 0; i < Math.Min(streams.Count, 3); i++)
        {
            if (streams[i].StartsWith("pipe:", StringComparison.Ordinal))
            {
                request.InheritFds.Add((streams[i], i));
            }
        }

        return request;
    }

    /// <summary>The descriptors besides the standard streams that CRIU inherits.</summary>
    public static IEnumerable<int> Inherited(CriuOptions request)
    {
        foreach ((string _, int fd) in request.InheritFds)
        {
            if (fd > 2)
            {
                yield return fd;
            }
        }
    }

    /// <summary>The cgroups of the container are those that this process is in.</summary>
    public static void AddCgroups(CriuOptions request, int pid)
    {
        string file = $"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/cgroup";
        SysResult read = CgroupFile.TryReadAll(file, out byte[] content);
        if (read.IsError)
        {
            throw ContainerException.System("read", file, read.Errno);
        }

        var lines = new SelfCgroupReader(content);
        while (lines.Next())
        {
            string path = Encoding.UTF8.GetString(lines.Path);
            foreach (string controller in Encoding.UTF8.GetString(lines.Controllers).Split(','))
            {
                request.CgroupRoots.Add((controller, path));
            }
        }
    }
}
