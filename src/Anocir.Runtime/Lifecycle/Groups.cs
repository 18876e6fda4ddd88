using Anocir.Runtime.Planning;
using Anocir.Runtime.Spec;

namespace Anocir.Runtime.Lifecycle;

/// <summary>What a container may do with setgroups(2), which drops the groups of the caller and sets process.user.additionalGids.</summary>
internal static class Groups
{
    /// <summary>The rule for a container of this config.</summary>
    public static SetgroupsRule Rule(RuntimeConfig config, Caller caller)
    {
        LinuxConfig linux = config.Linux!;
        if (caller.SetgroupsDenied || AreKept(config))
        {
            return SetgroupsRule.Denied;
        }

        LinuxNamespace? user = linux.FindNamespace(NamespaceType.User);
        if (user is null)
        {
            return SetgroupsRule.Allowed;
        }

        if (user.Path is not null)
        {
            return SetgroupsRule.Unknown;
        }

        // IdMaps denies it for the map of one ID; newgidmap does unless /etc/subgid gives a range.
        return !caller.GainsRights ? SetgroupsRule.Allowed
            : IdMaps.IsOwnAlone(linux.GidMappings, caller.Gid) ? SetgroupsRule.Denied
            : SetgroupsRule.Unknown;
    }

    /// <summary>The rule for a process that joins a container of this config, whose user namespace may deny the call.</summary>
    public static SetgroupsRule RuleInside(RuntimeConfig config, bool denied) => denied || AreKept(config) ? SetgroupsRule.Denied : SetgroupsRule.Allowed;

    /// <summary>
    /// Whether the caller's groups are to be dropped before a process joins the container: inside, where setgroups(2) is denied, they could not be, and
    /// an init that has made itself a user namespace of its own can deny it. Rights over files of the host would come along.
    /// </summary>
    public static bool AreDroppedOutside(RuntimeConfig config, bool deniedInside, Caller caller) => deniedInside && !caller.GainsRights && !AreKept(config);

    private static bool AreKept(RuntimeConfig config) => AnnotationNames.Find(config, AnnotationNames.KeepOriginalGroups) is not null;
}
