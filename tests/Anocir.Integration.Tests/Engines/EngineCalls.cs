using System.Collections.Generic;
using Xunit;

namespace Anocir.Integration.Tests.Engines;

/// <summary>
/// Every call that engines make, with the exact words, in the order of a container's life. Each list ends with the container gone. Sources:
/// go-runc, containerd's shim, BuildKit, conmon, Podman, CRI-O and buildah; of checkpoint and restore no more than that their options are taken, for want of CRIU.
/// </summary>
internal static class EngineCalls
{
    private const string Gone = "container does not exist", NotRunning = "container not running";
    private const string State = /*lang=regex*/ "^\\{\\s*\"ociVersion\": \"1\\.[0-9.]+\",\\s*\"id\": \"{id}\",\\s*\"pid\": PID,\\s*\"status\": \"STATUS\","
        + "\\s*\"bundle\": \"{bundle}\",\\s*\"rootfs\": \"{bundle}/rootfs\",\\s*\"created\": \"[^\"]+\",[^{}]*\\}\\s*$";

    private const string ShimLog = "--root {root} --log {dir}/log.json --log-format json ";

    /// <summary>The calls of each engine.</summary>
    public static readonly Dictionary<string, EngineCall[]> All = new()
    {
        ["containerd's shim"] =
        [
            new("--version", 0, "^[a-z]+ version [^\n]+\ncommit: [^\n]+\nspec: 1\\.[0-9.]+\n"),
            new("features", 0, "\"ociVersionMin\": ?\"1[^}]*\"ociVersionMax\": ?\"1[^}]*\"mountOptions\": ?\\[[^\\]]*\"rro\"(.|\n)*\"mountExtensions\": ?\\{\\s*\"idmap\": ?\\{\\s*\"enabled\": ?true"),
            new(ShimLog + "create --bundle {bundle} --pidfd-socket {pidfd} --no-new-keyring --pid-file {dir}/init.pid {id}")
            {
                Then = static s => { s.IsOurs("init.pid"); s.PidfdCame("init.pid"); },
            },
            new(ShimLog + "state {id}", 0, Status("created")),
            new(ShimLog + "create --bundle {bundle} --pid-file {dir}/other.pid {id}", 1, "container with given ID already exists")
            {
                Then = static s => { Assert.Contains("container with given ID already exists", s.LastLoggedError("log.json")); Assert.False(s.Has("other.pid")); },
            },
            new(ShimLog + "start {id}"),
            new(ShimLog + "state {id}", 0, Status("running")),
            new(ShimLog + "start {id}", 1, "cannot start an already running container"),
            new(ShimLog + "list --format=json", 0, "^\\[\\{\\s*\"ociVersion\"[^\\]]*\"id\": ?\"{id}\"[^\\]]*\"status\": ?\"running\"[^\\]]*\"owner\"[^\\]]*\\]\\s*$"),
            new(ShimLog + "ps --format json {id}", 0, "^\\[[1-9][0-9]*\\]\\s*$"),
            new(ShimLog + "events --stats {id}", 0, "^\\{\"type\":\"stats\",\"id\":\"{id}\",\"data\":\\{.*\"cpu\":\\{.*\"memory\":\\{.*\"pids\":\\{.*\\}\\}\n$"),
            new(ShimLog + "exec --process {dir}/process.json --detach --pid-file {dir}/first.pid {id}")
            {
                Then = static s => { s.IsOurs("first.pid"); Assert.True(s.Has("process.json")); },
            },
            new(ShimLog + "exec --process {dir}/terminal.json --console-socket {console} --pidfd-socket {pidfd} --detach --pid-file {dir}/second.pid {id}")
            {
                Then = static s => { s.ConsoleCame(); s.PidfdCame("second.pid"); s.IsOurs("second.pid"); },
            },
            new(ShimLog + "exec --process {dir}/missing.json --detach --pid-file {dir}/third.pid {id}", 255, "exec: ..?nosuch..?: executable file not found in \\$PATH")
            {
                Then = static s => { Assert.Contains("exec: \"nosuch\": executable file not found in $PATH", s.LastLoggedError("log.json")); Assert.False(s.Has("third.pid")); },
            },
            new(ShimLog + "pause {id}") { Then = static s => s.Becomes("paused") },
            new(ShimLog + "state {id}", 0, Status("paused")),
            new(ShimLog + "resume {id}"),
            new(ShimLog + "update --resources=- {id}") { Input = """{"pids":{"limit":100}}""" },
            new(ShimLog + "checkpoint --image-path {dir}/image --work-path {dir}/work --leave-running --tcp-established --ext-unix-sk --shell-job --file-locks --empty-ns network other", 1, Gone),
            new(ShimLog + "restore --image-path {dir}/image --work-path {dir}/work --detach -no-subreaper --no-pivot --bundle {bundle} --pid-file {dir}/restored.pid other", 1, "cannot restore from '.*/image': no inventory.img there"),
            new(ShimLog + "kill {id} 0"),
            new(ShimLog + "kill --all {id} 9") { Then = static s => { s.Ends("first.pid"); s.Ends("second.pid"); s.Ends("init.pid"); } },
            new(ShimLog + "kill {id} 15", 1, NotRunning) { Then = static s => Assert.Contains(NotRunning, s.LastLoggedError("log.json")) },
            new(ShimLog + "kill --all {id} 9"),
            new(ShimLog + "exec --process {dir}/process.json --detach --pid-file {dir}/third.pid {id}", 255, "cannot exec in a stopped container"),
            new(ShimLog + "state {id}", 0, State.Replace("PID", "0").Replace("STATUS", "stopped")),
            new(ShimLog + "ps --format json {id}", 0, "^null\\s*$"),
            new(ShimLog + "delete {id}"),
            new(ShimLog + "delete {id}", 1, Gone),
            new(ShimLog + "delete --force {id}"),
            new(ShimLog + "state {id}", 1, Gone),
            new(ShimLog + "kill {id} 9", 1, Gone) { Then = static s => Assert.Contains(Gone, s.LastLoggedError("log.json")) },
            new(ShimLog + "list --format=json", 0, "^null\\s*$"),
        ],
        ["go-runc's other options"] =
        [
            new("--root {root} --debug --log {dir}/log.json --log-format json --rootless=false create --bundle {bundle} --console-socket {console} --no-pivot --pid-file {dir}/init.pid {id}")
            {
                Then = static s => { s.ConsoleCame(); s.IsOurs("init.pid"); _ = s.LastLoggedError("log.json"); },
            },
            new("--root {root} --rootless=true state {id}", 0, Status("created")),
            new("--root {root} delete --force {id}") { Then = static s => s.Ends("init.pid") },
            new("--root {root} create --bundle {bundle}/nosuch --pid-file {dir}/init2.pid {id}", 1, "nosuch"),
            new("--root {root} delete {id}", 1, Gone),
        ],
        ["BuildKit"] =
        [
            new("--log {dir}/runc-log.json --log-format json --root {root} run --bundle {bundle} --keep {id}", 3),
            new("--log {dir}/runc-log.json --log-format json --root {root} state {id}", 0, State.Replace("PID", "0").Replace("STATUS", "stopped")),
            new("--log {dir}/runc-log.json --log-format json --root {root} kill {id} 9", 1, NotRunning),
            new("--log {dir}/runc-log.json --log-format json --root {root} delete {id}"),
            new("--log {dir}/runc-log.json --log-format json --root {root} kill {id} 9", 1, Gone),
        ],
        ["conmon and Podman"] =
        [
            new("--root {root} --log-format=json --log {dir}/oci-log create --bundle {bundle} --pid-file {dir}/pidfile --no-new-keyring --console-socket {console} {id}")
            {
                Then = static s => { s.ConsoleCame(); s.IsOurs("pidfile"); Assert.Equal("", s.LastLoggedError("oci-log")); },
            },
            new("--root {root} state {id}", 0, Status("created")),
            new("--root {root} start {id}"),
            new("--root {root} exec --pid-file {dir}/exec.pid --process {dir}/process.json --detach {id}") { Then = static s => s.IsOurs("exec.pid") },
            new("--root {root} exec --pid-file {dir}/tty.pid --process {dir}/terminal.json --detach --console-socket {console} {id}")
            {
                Then = static s => { s.ConsoleCame(); s.IsOurs("tty.pid"); },
            },
            new("--root {root} --log-format=json --log {dir}/exec-log exec --pid-file {dir}/no.pid --process {dir}/missing.json --detach {id}", 255, "executable file not found in \\$PATH")
            {
                Then = static s => { Assert.False(s.Has("no.pid")); Assert.Contains("executable file not found in $PATH", s.LastLoggedError("exec-log")); },
            },
            new("--root {root} pause {id}"),
            new("--root {root} state {id}", 0, Status("paused")),
            new("--root {root} resume {id}"),
            new("--root {root} update --resources={dir}/resources.json {id}"),
            new("checkpoint --help", 0, "--image-path"), // Podman and CRI-O ask so
            new("--root {root} checkpoint --image-path {dir}/image --work-path {dir}/work --file-locks --leave-running --tcp-established other", 1, Gone),
            new("restore --lsm-mount-context", 1, "flag needs an argument"), // Podman asks so for pods
            new("--root {root} kill --all {id} 15"),
            new("--root {root} kill {id} 9") { Then = static s => { s.Ends("exec.pid"); s.Ends("tty.pid"); s.Ends("pidfile"); } },
            new("--root {root} kill {id} 9", 1, NotRunning),
            new("--root {root} delete --force {id}"),
            new("--root {root} state {id}", 1, "does not exist"),
            new("--root {root} --cgroup-manager disabled create --bundle {bundle} --pid-file {dir}/free.pid --console-socket {console} {id}")
            {
                Then = static s => { s.ConsoleCame(); s.IsOurs("free.pid"); },
            },
            new("--root {root} delete --force {id}") { Then = static s => s.Ends("free.pid") },
        ],
        ["CRI-O"] =
        [
            new("--version", 0, "version"),
            new("features", 0, "\"ociVersionMin\": ?\"1[^}]*\"ociVersionMax\": ?\"1"),
            new("--root {root} create --bundle {bundle} --pid-file {dir}/pidfile {id}") { Then = static s => s.IsOurs("pidfile") },
            new("--root {root} start {id}"),
            new("--root {root} exec --process {dir}/input.json {id}", 5, "^typed\nerror\n$") { Input = "typed\n" },
            new("--root {root} update --resources - {id}") { Input = """{"pids":{"limit":100}}""" },
            new("--root {root} state {id}", 0, Status("running")),
            new("--root {root} kill {id} SIGUSR1"),
            new("--root {root} kill {id} RTMIN+3"),
            new("--root {root} kill -a {id} KILL") { Then = static s => s.Ends("pidfile") },
            new("--root {root} kill {id} KILL", 1, NotRunning), // case matters to it
            new("--root {root} delete --force {id}"),
            new("--root {root} delete --force {id}"),
        ],
        ["buildah"] =
        [
            new("--root {root} create --bundle {bundle} --pid-file {bundle}/pid --no-new-keyring {id}"),
            new("--root {root} start {id}"),
            new("--root {root} state {id}", 0, Status("running")),
            new("--root {root} kill {id} SIGKILL") { Then = static s => s.Becomes("stopped") },
            new("--root {root} delete {id}"),
        ],
    };

    private static string Status(string status) => State.Replace("PID", "[1-9][0-9]*").Replace("STATUS", status);
}
