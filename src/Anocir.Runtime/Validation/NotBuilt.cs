using Anocir.Runtime.Errors;

namespace Anocir.Runtime.Validation;

/// <summary>What a caller can ask for and this version does not do yet: it fails by name, nothing is silently ignored.</summary>
internal static class NotBuilt
{
    public static void Check(ValidationOptions options)
    {
        if (options.SystemdCgroup)
        {
            throw new ContainerException("--systemd-cgroup: not supported by this version of anocir");
        }
    }
}
