using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json.Nodes;
using Anocir.Runtime.Errors;
using Anocir.Runtime.Spec;
using Anocir.Runtime.Tests.Spec;
using Xunit;

namespace Anocir.Runtime.Tests.Validation;

/// <summary>
/// Every property that config.json can have on Linux (<see cref="FullConfig"/>), each with a wrong value and the message that names its place. Places are
/// written as in messages, with [] for any index and * for any name.
/// </summary>
public sealed class WrongValueTests
{
    // Of the right type, and yet wrong. What limits of linux.resources may be, the kernel says when they are written, with the same names
    // (Cgroups/Limits), and schemata need a machine with Intel RDT (Resctrl); what is not here either may have any value of its type.
    private static readonly Dictionary<string, (string[] Changes, string Rule)> s_wrong = new()
    {
        ["ociVersion"] = (["ociVersion", "\"2.0.0\""], "ociVersion: must be a version 1.x.y of the specification, got \"2.0.0\""),
        ["root.path"] = (["root/path", "\"\""], "root.path: must be present and not empty"),
        ["hostname"] = (["linux/namespaces", """[{"type":"mount"}]""", "hostname", "\"x\""], "hostname: unable to set hostname without a private UTS namespace"),
        ["domainname"] = (["domainname", $"\"{new string('x', 65)}\""], $"domainname: must not be longer than 64 bytes, got \"{new string('x', 65)}\""),
        ["annotations"] = (["annotations", """{"":"x"}"""], "annotations: a key must not be empty"),
        ["annotations.*"] = (
            ["annotations", """{"run.oci.mount_context_type":"x"}"""],
            "annotations[\"run.oci.mount_context_type\"]: must be one of context fscontext defcontext rootcontext, got \"x\""),
        ["process.consoleSize.height"] = (["process/consoleSize", """{"height":65536,"width":1}"""], "process.consoleSize.height: must not be above 65535, got 65536"),
        ["process.consoleSize.width"] = (["process/consoleSize", """{"height":1,"width":65536}"""], "process.consoleSize.width: must not be above 65535, got 65536"),
        ["process.user.uid"] = (["process/user/uid", "4294967295"], "process.user.uid: must be below 4294967295"),
        ["process.user.gid"] = (["process/user/gid", "4294967295"], "process.user.gid: must be below 4294967295"),
        ["process.user.umask"] = (["process/user/umask", "512"], "process.user.umask: must not be above 0777 (511), got 512"),
        ["process.user.additionalGids[]"] = (["process/user/additionalGids", "[4294967295]"], "process.user.additionalGids[0]: must be below 4294967295"),
        ["process.args"] = (["process/args", "[]"], "process.args: args must not be empty"),
        ["process.env[]"] = (["process/env", "[\"A=1\",\"B\"]"], "process.env[1]: "),
        ["process.cwd"] = (["process/cwd", "\"tmp\""], "process.cwd: Cwd must be an absolute path, got \"tmp\""),
        ["process.rlimits[].type"] = (["process/rlimits", """[{"type":"RLIMIT_X","soft":1,"hard":1}]"""], "process.rlimits[0].type: wrong rlimit value, got \"RLIMIT_X\""),
        ["process.rlimits[].soft"] = (["process/rlimits", """[{"type":"RLIMIT_CPU","soft":2,"hard":1}]"""], "process.rlimits[0].soft: "),
        ["process.oomScoreAdj"] = (["process/oomScoreAdj", "1001"], "process.oomScoreAdj: must be from -1000 to 1000, got 1001"),
        ["process.scheduler.policy"] = (["process/scheduler", """{"policy":"SCHED_X"}"""], "process.scheduler.policy: invalid scheduler policy, got \"SCHED_X\""),
        ["process.scheduler.nice"] = (["process/scheduler", """{"policy":"SCHED_OTHER","nice":20}"""], "process.scheduler.nice: "),
        ["process.scheduler.priority"] = (["process/scheduler", """{"policy":"SCHED_FIFO","priority":100}"""], "process.scheduler.priority: must be from 1 to 99 with SCHED_FIFO, got 100"),
        ["process.scheduler.flags[]"] = (["process/scheduler", """{"policy":"SCHED_OTHER","flags":["X"]}"""], "process.scheduler.flags[0]: invalid scheduler flag, got \"X\""),
        ["process.scheduler.runtime"] = (["process/scheduler", """{"policy":"SCHED_DEADLINE","runtime":1,"deadline":9000,"period":9000}"""], "process.scheduler.runtime: must be at least 1024 ns"),
        ["process.scheduler.deadline"] = (["process/scheduler", """{"policy":"SCHED_DEADLINE","runtime":2000,"deadline":1000,"period":9000}"""], "process.scheduler.deadline: must not be below the runtime 2000, got 1000"),
        ["process.scheduler.period"] = (["process/scheduler", """{"policy":"SCHED_DEADLINE","runtime":2000,"deadline":3000,"period":2500}"""], "process.scheduler.period: must not be below the deadline 3000, got 2500"),
        ["process.ioPriority.class"] = (["process/ioPriority", """{"class":"X","priority":1}"""], "process.ioPriority.class: invalid ioPriority.Class: \"X\""),
        ["process.ioPriority.priority"] = (["process/ioPriority", """{"class":"IOPRIO_CLASS_BE","priority":8}"""], "process.ioPriority.priority: invalid ioPriority.Priority: 8"),
        ["process.execCPUAffinity.initial"] = (["process/execCPUAffinity", """{"initial":"x"}"""], "process.execCPUAffinity.initial: "),
        ["process.execCPUAffinity.final"] = (["process/execCPUAffinity", """{"final":"3-1"}"""], "process.execCPUAffinity.final: "),
        ["process.apparmorProfile"] = (["process/apparmorProfile", "\"a\\nb\""], "process.apparmorProfile: must be one line, got \"a\\nb\""),
        ["process.selinuxLabel"] = (["process/selinuxLabel", "\"a\\nb\""], "process.selinuxLabel: must be one line, got \"a\\nb\""),
        ["linux.mountLabel"] = (["linux/mountLabel", "\"a\\nb\""], "linux.mountLabel: must be one line, got \"a\\nb\""),
        ["mounts[].destination"] = (["mounts/-", """{"destination":"/","type":"tmpfs","source":"t"}"""], "mounts[7].destination: "),
        ["mounts[].options[]"] = (["mounts/-", """{"destination":"/x","type":"bind","source":"/tmp","options":["bind","idmap=x"]}"""], "mounts[7].options[1]: "),
        ["mounts[].uidMappings[].size"] = (["mounts/-", Mapped(0, 0, 0)], "mounts[7].uidMappings[0].size: "),
        ["mounts[].uidMappings[].containerID"] = (["mounts/-", Mapped(4294967295, 0, 2)], "mounts[7].uidMappings[0]"),
        ["mounts[].uidMappings[].hostID"] = (["mounts/-", Mapped(0, 4294967295, 2)], "mounts[7].uidMappings[0]"),
        ["hooks.prestart[].path"] = Hook("prestart"),
        ["hooks.createRuntime[].path"] = Hook("createRuntime"),
        ["hooks.createContainer[].path"] = Hook("createContainer"),
        ["hooks.startContainer[].path"] = Hook("startContainer"),
        ["hooks.poststart[].path"] = Hook("poststart"),
        ["hooks.poststop[].path"] = Hook("poststop"),
        ["hooks.prestart[].timeout"] = (["hooks", """{"prestart":[{"path":"/a","timeout":0}]}"""], "hooks.prestart[0].timeout: must be greater than zero, got 0"),
        ["linux.namespaces[].type"] = (["linux/namespaces", """[{"type":"mount"},{"type":"mount"}]"""], "linux.namespaces[1].type: "),
        ["linux.namespaces[].path"] = (["linux/namespaces", """[{"type":"mount"},{"type":"uts","path":"x"}]"""], "linux.namespaces[1].path: must be an absolute path, got \"x\""),
        ["linux.uidMappings[].size"] = (User("""[{"containerID":0,"hostID":1,"size":0}]""", null), "linux.uidMappings[0].size: "),
        ["linux.uidMappings[].containerID"] = (User("""[{"containerID":4294967295,"hostID":1,"size":2}]""", null), "linux.uidMappings[0]"),
        ["linux.uidMappings[].hostID"] = (User("""[{"containerID":0,"hostID":4294967295,"size":2}]""", null), "linux.uidMappings[0]"),
        ["linux.gidMappings[].size"] = (User(null, """[{"containerID":0,"hostID":1,"size":0}]"""), "linux.gidMappings[0].size: "),
        ["linux.gidMappings[].containerID"] = (User(null, """[{"containerID":4294967295,"hostID":1,"size":2}]"""), "linux.gidMappings[0]"),
        ["linux.gidMappings[].hostID"] = (User(null, """[{"containerID":0,"hostID":4294967295,"size":2}]"""), "linux.gidMappings[0]"),
        ["linux.timeOffsets.monotonic.nanosecs"] = (Time("""{"monotonic":{"secs":1,"nanosecs":1000000000}}"""), "linux.timeOffsets.monotonic.nanosecs: "),
        ["linux.timeOffsets"] = (["linux/timeOffsets", """{"monotonic":{"secs":1}}"""], "linux.timeOffsets: "),
        ["linux.devices[].path"] = (["linux/devices", """[{"path":"x","type":"p"}]"""], "linux.devices[0].path: must be an absolute path, got \"x\""),
        ["linux.devices[].type"] = (["linux/devices", """[{"path":"/x","type":"x"}]"""], "linux.devices[0].type: invalid device type, must be c, u, b or p, got \"x\""),
        ["linux.devices[].major"] = (["linux/devices", """[{"path":"/x","type":"c","major":4096,"minor":0}]"""], "linux.devices[0].major: must be from 0 to 4095, got 4096"),
        ["linux.devices[].minor"] = (["linux/devices", """[{"path":"/x","type":"c","major":1,"minor":1048576}]"""], "linux.devices[0].minor: must be from 0 to 1048575, got 1048576"),
        ["linux.devices[].fileMode"] = (["linux/devices", """[{"path":"/x","type":"p","fileMode":65536}]"""], "linux.devices[0].fileMode: must not be above 07777 (4095), got 65536"),
        ["linux.devices[].uid"] = (["linux/devices", """[{"path":"/x","type":"p","uid":4294967295}]"""], "linux.devices[0].uid: must be below 4294967295"),
        ["linux.devices[].gid"] = (["linux/devices", """[{"path":"/x","type":"p","gid":4294967295}]"""], "linux.devices[0].gid: must be below 4294967295"),
        ["linux.cgroupsPath"] = (["linux/cgroupsPath", "\"../x\""], "linux.cgroupsPath: must not contain \"..\", got \"../x\""),
        ["linux.sysctl"] = (["linux/sysctl", """{"vm.overcommit_memory":"1"}"""], "linux.sysctl[\"vm.overcommit_memory\"]: "),
        ["linux.rootfsPropagation"] = (["linux/rootfsPropagation", "\"x\""], "linux.rootfsPropagation: rootfsPropagation=x is not supported"),
        ["linux.maskedPaths[]"] = (["linux/maskedPaths", "[\"x\"]"], "linux.maskedPaths[0]: must be an absolute path, got \"x\""),
        ["linux.readonlyPaths[]"] = (["linux/readonlyPaths", "[\"x\"]"], "linux.readonlyPaths[0]: must be an absolute path, got \"x\""),
        ["linux.personality.domain"] = (["linux/personality", """{"domain":"x"}"""], "linux.personality.domain: invalid personality domain, must be LINUX or LINUX32, got \"x\""),
        ["linux.intelRdt.closID"] = (["linux/intelRdt", """{"closID":"../x"}"""], "linux.intelRdt.closID: invalid intelRdt.ClosID \"../x\""),
        ["linux.memoryPolicy.mode"] = (["linux/memoryPolicy", """{"mode":"x"}"""], "linux.memoryPolicy.mode: invalid memory policy mode \"x\""),
        ["linux.memoryPolicy.nodes"] = (["linux/memoryPolicy", """{"mode":"MPOL_BIND","nodes":"x"}"""], "linux.memoryPolicy.nodes: invalid memory policy nodes \"x\""),
        ["linux.memoryPolicy.flags[]"] = (["linux/memoryPolicy", """{"mode":"MPOL_BIND","nodes":"0","flags":["x"]}"""], "linux.memoryPolicy.flags[0]: invalid memory policy flag \"x\""),
        ["linux.netDevices.*.name"] = (["linux/netDevices", """{"lo":{"name":"a/b"}}"""], "linux.netDevices[\"lo\"].name: "),
        ["linux.netDevices.*"] = (["linux/netDevices", """{"a/b":{}}"""], "linux.netDevices[\"a/b\"]: "),
        ["linux.seccomp.defaultAction"] = Seccomp("defaultAction", "\"x\"", "not a valid action for seccomp, got \"x\""),
        ["linux.seccomp.defaultErrnoRet"] = Seccomp("defaultErrnoRet", "4096", "must not be above 4095, got 4096"),
        ["linux.seccomp.architectures[]"] = Seccomp("architectures", "[\"x\"]", "not a valid arch for seccomp, got \"x\"", "architectures[0]"),
        ["linux.seccomp.flags[]"] = Seccomp("flags", "[\"x\"]", "not a valid flag for seccomp, got \"x\"", "flags[0]"),
        ["linux.seccomp.listenerPath"] = Seccomp("syscalls/0/action", "\"SCMP_ACT_NOTIFY\"", "must be set when a rule has the action SCMP_ACT_NOTIFY", "listenerPath"),
        ["linux.seccomp.listenerMetadata"] = Seccomp("listenerMetadata", "\"x\"", "must not be set without listenerPath"),
        ["linux.seccomp.syscalls[].names"] = Seccomp("syscalls/0/names", "[]", "must contain at least one name", "syscalls[0].names"),
        ["linux.seccomp.syscalls[].names[]"] = Seccomp("syscalls/0/names", "[\"\"]", "empty string is not a valid syscall", "syscalls[0].names[0]"),
        ["linux.seccomp.syscalls[].action"] = Seccomp("syscalls/0/action", "\"x\"", "not a valid action for seccomp, got \"x\"", "syscalls[0].action"),
        ["linux.seccomp.syscalls[].errnoRet"] = Seccomp("syscalls/0/errnoRet", "4096", "must not be above 4095, got 4096", "syscalls[0].errnoRet"),
        ["linux.seccomp.syscalls[].args[].index"] = Seccomp("syscalls/0/args/0/index", "6", "must be from 0 to 5, got 6", "syscalls[0].args[0].index"),
        ["linux.seccomp.syscalls[].args[].op"] = Seccomp("syscalls/0/args/0/op", "\"x\"", "not a valid operator for seccomp, got \"x\"", "syscalls[0].args[0].op"),
        ["linux.resources.devices[].type"] = (["linux/resources/devices/-", """{"allow":true,"access":"r","type":"p"}"""], "linux.resources.devices[1].type: "),
        ["linux.resources.devices[].major"] = (["linux/resources/devices/-", """{"allow":true,"access":"r","major":-2}"""], "linux.resources.devices[1].major: "),
        ["linux.resources.devices[].minor"] = (["linux/resources/devices/-", """{"allow":true,"access":"r","minor":1048576}"""], "linux.resources.devices[1].minor: "),
        ["linux.resources.devices[].access"] = (["linux/resources/devices/-", """{"allow":true,"access":"x"}"""], "linux.resources.devices[1].access: "),
    };

    public static TheoryData<string> Places()
    {
        var places = new SortedSet<string>(StringComparer.Ordinal);
        Collect(JsonNode.Parse(FullConfig.Json)!, "", (place, _) => places.Add(place));
        return [.. places];
    }

    public static TheoryData<string> WrongPlaces() => [.. s_wrong.Keys];

    [Fact]
    public void Every_property_is_looked_at()
    {
        Assert.Equal(253, Places().Count);
        Assert.Empty(s_wrong.Keys.Except(Places().Select(static row => row.Data)));
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void Another_type_is_refused_with_the_place(string place)
    {
        JsonNode config = JsonNode.Parse(FullConfig.Json)!;
        JsonNode? found = null;
        Collect(config, "", (each, node) => found ??= each == place ? node : null);
        string path = Path(found!);
        JsonNode wrong = found switch
        {
            JsonObject => new JsonArray(),
            JsonArray => new JsonObject(),
            JsonValue value when value.GetValueKind() == System.Text.Json.JsonValueKind.String => JsonValue.Create(5),
            _ => JsonValue.Create("x"),
        };
        string rule = found switch
        {
            JsonObject => "must be an object, got an array",
            JsonArray => "must be an array, got an object",
            JsonValue value => value.GetValueKind() switch
            {
                System.Text.Json.JsonValueKind.String => "must be a string, got 5",
                System.Text.Json.JsonValueKind.Number => "must be a",
                _ => "must be true or false, got \"x\"",
            },
            _ => "",
        };

        found!.ReplaceWith(wrong);

        string message = Assert.Throws<ContainerException>(() => ConfigReader.Parse(Encoding.UTF8.GetBytes(config.ToJsonString()))).Message;
        Assert.StartsWith($"invalid config: {path}: {rule}", message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(WrongPlaces))]
    public void A_wrong_value_is_refused_with_the_place(string place)
    {
        (string[] changes, string rule) = s_wrong[place];
        Assert.StartsWith(rule, TestConfig.Refused(changes), StringComparison.Ordinal);
    }

    private static (string[] Changes, string Rule) Hook(string kind) =>
        (["hooks", $$"""{"{{kind}}":[{"path":"/a"},{"path":"b"}]}"""], $"hooks.{kind}[1].path: must be an absolute path, got \"b\"");

    private static string Mapped(long container, long host, long size) =>
        $$"""{"destination":"/x","type":"bind","source":"/tmp","options":["bind"],"gidMappings":[{"containerID":0,"hostID":0,"size":1}],"uidMappings":[{"containerID":{{container}},"hostID":{{host}},"size":{{size}}}]}""";

    private static string[] User(string? uids, string? gids)
    {
        const string Good = """[{"containerID":0,"hostID":1,"size":1}]""";
        return ["linux/namespaces/-", """{"type":"user"}""", "linux/uidMappings", uids ?? Good, "linux/gidMappings", gids ?? Good];
    }

    private static string[] Time(string offsets) => ["linux/namespaces/-", """{"type":"time"}""", "linux/timeOffsets", offsets];

    private static (string[] Changes, string Rule) Seccomp(string path, string value, string rule, string? place = null)
    {
        const string Filter = """
            {"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["read"],"action":"SCMP_ACT_ERRNO","args":[{"index":5,"value":0,"op":"SCMP_CMP_EQ"}]}]}
            """;
        return (["linux/seccomp", Filter, "linux/seccomp/" + path, value], $"linux.seccomp.{place ?? path}: {rule}");
    }

    // Members of these have names of the user's choice.
    private static bool HasFreeNames(string place) =>
        place is "annotations" or "linux.sysctl" or "linux.netDevices" or "linux.resources.rdma" or "linux.resources.unified";

    private static void Collect(JsonNode node, string place, Action<string, JsonNode> add)
    {
        if (place.Length > 0)
        {
            add(place, node);
        }

        if (node is JsonObject members)
        {
            foreach ((string name, JsonNode? value) in members.ToList())
            {
                Collect(value!, HasFreeNames(place) ? place + ".*" : place.Length == 0 ? name : place + "." + name, add);
            }
        }
        else if (node is JsonArray items)
        {
            foreach (JsonNode? item in items.ToList())
            {
                Collect(item!, place + "[]", add);
            }
        }
    }

    // The place of a node as messages write it.
    private static string Path(JsonNode node) => node.Parent switch
    {
        JsonArray list => $"{Path(list)}[{node.GetElementIndex()}]",
        JsonObject parent when !node.GetPropertyName().All(static c => char.IsAsciiLetterOrDigit(c)) => $"{Path(parent)}[\"{Printable.Escape(node.GetPropertyName())}\"]",
        JsonObject parent => Path(parent) is { Length: > 0 } above ? above + "." + node.GetPropertyName() : node.GetPropertyName(),
        _ => "",
    };
}
