using Anocir.Runtime.State;

namespace Anocir.Runtime.Tests.State;

/// <summary>A record with every member set, and the bytes that version 1 stores for it. The text must never change.</summary>
internal static class Records
{
    public const string GoldenV1 = """
        {"version":1,"id":"web-1","ociVersion":"1.3.0","status":"created","pid":4242,"pidStartTime":18446744073709551615,"creatorPid":4240,"creatorStartTime":7,"initDevice":4294967298,"initInode":99,"bundle":"/bündle \"x\"","rootfs":"/bündle/rootfs","created":"2026-11-23T15:42:56.1234567Z","ownerUid":4294967294,"annotations":{"a.b":"1","a.c":"<&>\n"},"cgroup":{"driver":"cgroupfs","version":1,"paths":["/sys/fs/cgroup/freezer/web-1","/sys/fs/cgroup/cpu/web-1"],"freezer":"/sys/fs/cgroup/freezer/web-1"},"resctrl":{"group":"/sys/fs/resctrl/web-1","remove":true,"monitor":"/sys/fs/resctrl/web-1/mon_groups/web-1"},"privatePidNamespace":false,"hasPoststart":true,"hasPoststop":true}
        """;

    public static ContainerRecord Full() => new()
    {
        Id = "web-1",
        OciVersion = "1.3.0",
        Stage = RecordStage.Created,
        Pid = 4242,
        PidStartTime = ulong.MaxValue,
        CreatorPid = 4240,
        CreatorStartTime = 7,
        InitDevice = (1UL << 32) | 2,
        InitInode = 99,
        Bundle = "/bündle \"x\"",
        Rootfs = "/bündle/rootfs",
        Created = "2026-11-23T15:42:56.1234567Z",
        OwnerUid = 4294967294,
        Annotations = [new("a.b", "1"), new("a.c", "<&>\n")],
        Cgroup = new CgroupRecord
        {
            Driver = "cgroupfs",
            Version = 1,
            Paths = ["/sys/fs/cgroup/freezer/web-1", "/sys/fs/cgroup/cpu/web-1"],
            Freezer = "/sys/fs/cgroup/freezer/web-1",
        },
        Resctrl = new ResctrlRecord { Group = "/sys/fs/resctrl/web-1", Remove = true, Monitor = "/sys/fs/resctrl/web-1/mon_groups/web-1" },
        HasPrivatePidNamespace = false,
        HasPoststart = true,
        HasPoststop = true,
    };

    public static ContainerRecord Small(string id, RecordStage stage = RecordStage.Creating) => new()
    {
        Id = id,
        OciVersion = "1.3.0",
        Bundle = "/b",
        Rootfs = "/b/rootfs",
        Created = "2026-11-23T15:42:56.1234567Z",
        Stage = stage,
    };
}
