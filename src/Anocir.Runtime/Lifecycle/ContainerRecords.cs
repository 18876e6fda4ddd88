using System;
using Anocir.Linux;
using Anocir.Runtime.Planning;
using Anocir.Runtime.Resctrl;
using Anocir.Runtime.Spec;
using Anocir.Runtime.State;

namespace Anocir.Runtime.Lifecycle;

/// <summary>The record of a container before anything else of it exists.</summary>
internal static class ContainerRecords
{
    /// <summary>Names everything that delete --force must be able to take back.</summary>
    public static ContainerRecord Intent(string id, ContainerBundle bundle, CgroupRecord? cgroup)
    {
        RuntimeConfig config = bundle.Config;
        LinuxConfig linux = config.Linux!;
        int self = Sys.GetPid();
        return new ContainerRecord
        {
            Id = id,
            OciVersion = config.OciVersion,
            Bundle = bundle.Path,
            Rootfs = bundle.Rootfs,
            Created = Timestamp.WithFraction(DateTime.UtcNow),
            Stage = RecordStage.Creating,
            CreatorPid = self,
            CreatorStartTime = ProcessIdentity.TryRead(self, out ProcessIdentity identity) ? identity.StartTime : 0,
            OwnerUid = Caller.Current.Uid,
            Annotations = config.Annotations,
            Cgroup = cgroup,
            Resctrl = linux.IntelRdt is { } rdt ? ResctrlGroup.Describe(ResctrlRoot.Find() ?? "", rdt, id) : null,
            HasPrivatePidNamespace = NamespacePlanner.IsNewIn(linux, NamespaceType.Pid),
            HostMount = linux.FindNamespace(NamespaceType.Mount) is null ? HostMounts.At(bundle.Rootfs) : null,
            Streams = config.Process?.Terminal == false ? StandardStreams.Read() : [],
            HasPoststart = config.Hooks?.Poststart.Length > 0,
            StartsPlainly = config.Process is not null && config.Hooks is null or { StartContainer.Length: 0, Poststart.Length: 0 },
            HasPoststop = config.Hooks?.Poststop.Length > 0,
        };
    }
}
