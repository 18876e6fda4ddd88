using Anocir.Runtime.Errors;
using Anocir.Runtime.Lifecycle;
using Anocir.Runtime.Planning;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Criu;

/// <summary>Namespaces that a restored container joins instead of getting new ones.</summary>
internal static class CriuNamespaces
{
    /// <summary>The name of an outside namespace in the image, runc's: <c>extRootNetNS</c>.</summary>
    public static string Name(string file) => "extRoot" + char.ToUpperInvariant(file[0]) + file[1..] + "NS";

    /// <summary>Names those that CRIU inherits by their descriptors, and the others by their files.</summary>
    /// <param name="request">The request.</param>
    /// <param name="linux">linux of the configuration.</param>
    /// <param name="fds">The open file of each of its namespaces, -1 for one without a path.</param>
    public static void Add(CriuOptions request, LinuxConfig linux, int[] fds)
    {
        for (int i = 0; i < fds.Length; i++)
        {
            LinuxNamespace entry = linux.Namespaces[i];
            if (fds[i] < 0)
            {
                continue;
            }

            string kind = ExecTarget.FileOf(entry.Type);
            if (entry.Type is NamespaceType.Network or NamespaceType.Pid)
            {
                request.InheritFds.Add((Name(kind), fds[i]));
            }
            else if (entry.Type is NamespaceType.Cgroup)
            {
                throw ContainerException.Config($"{NamespacePlanner.Index("linux.namespaces", i)}.path", "criu cannot restore into a cgroup namespace that exists");
            }
            else
            {
                request.JoinNamespaces.Add((kind, entry.Path!));
            }
        }
    }
}
