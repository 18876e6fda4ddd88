#!/bin/bash
# Writes the configurations that test.sh runs, each in a directory of its name.
#   bundles.sh ANOCIR DIRECTORY      ANOCIR: one that runs here
set -euo pipefail
anocir=$1 output=$2

write() { # NAME JQ-PROGRAM [COMMAND…]
    local name=$1 change=$2
    shift 2
    mkdir -p "$output/$name"
    # Not by --args: jq takes words with a dash for its own.
    jq --argjson words "$(printf '%s\1' "$@" | jq -Rs 'split("\u0001")[:-1]')" ".process.args = \$words | $change" <<<"$base" >"$output/$name/config.json"
}

base=$("$anocir" spec --bundle "$output" && cat "$output/config.json")
rm -f "$output/config.json"
base=$(jq '.process.terminal = false | .root.path = "/rootfs" | .root.readonly = false | .process.rlimits = []' <<<"$base")

write hello . echo hello
write code . sh -c 'exit 7'
write inside '.hostname = "arm" | .process.capabilities[] = ["CAP_NET_ADMIN"] | .process.noNewPrivileges = true | .process.env += ["A=x"] | .process.cwd = "/etc"' \
    sh -c 'echo $(uname -m) $$ $(hostname) $A $(pwd); grep -E "^(CapEff|NoNewPrivs|SigBlk|SigIgn):" /proc/self/status; ls /proc/self/fd | wc -l; ls /dev | grep -cE "^(null|zero|full|random|urandom|tty|ptmx|pts|shm|mqueue)$"'
write terminal '.process.terminal = true' sh -c 'tty; stty size'
write seccomp '.linux.seccomp = { defaultAction: "SCMP_ACT_ALLOW", architectures: ["SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM"], syscalls: [
    { names: ["mkdirat", "mkdir"], action: "SCMP_ACT_ERRNO", errnoRet: 28 }, { names: ["socket"], action: "SCMP_ACT_ERRNO", args: [{ index: 0, value: 16, op: "SCMP_CMP_EQ" }] }] }' \
    sh -c 'grep Seccomp: /proc/self/status; mkdir /tmp-dir; ip link; true'
write limits '.linux.resources = { memory: { limit: 67108864 }, pids: { limit: 33 }, cpu: { quota: 50000, period: 100000 }, devices: [{ allow: false, access: "rwm" }, { allow: true, type: "c", major: 1, minor: 3, access: "rwm" }] }
    | .linux.devices = [{ path: "/dev/other", type: "c", major: 10, minor: 229, fileMode: 438 }] | .linux.cgroupsPath = "/limits" | .linux.namespaces += [{ type: "cgroup" }]' \
    sh -c 'cd /sys/fs/cgroup; echo $(cat memory.max pids.max cpu.max); echo x >/dev/null && echo null; cat /dev/other'
write users '.linux.namespaces += [{ type: "user" }] | .linux.uidMappings = [{ containerID: 0, hostID: 100000, size: 65536 }] | .linux.gidMappings = .linux.uidMappings | .process.user = { uid: 5, gid: 6, additionalGids: [7] }' \
    sh -c 'echo $(id -u) $(id -g) $(id -G) $(cat /proc/self/uid_map)'
write readonly '.root.readonly = true | .mounts += [{ destination: "/data", type: "tmpfs", source: "tmpfs", options: ["size=1m"] }]' \
    sh -c 'touch /a; echo written >/data/f && cat /data/f; echo 1 >/proc/sys/kernel/hostname; cat /proc/kcore | wc -c'
write long '.process.args = ["sh", "-c", "trap \"exit 3\" TERM; while :; do sleep 0.1; done"] | .linux.cgroupsPath = "/long"'
write foreign . /bin/foreign
write lost . nope
write hooks '.hooks = { createRuntime: [{ path: "/bin/busybox", args: ["sh", "-c", "cat >/tmp/created"] }], poststop: [{ path: "/bin/busybox", args: ["sh", "-c", "echo stopped >/tmp/stopped"] }] }' true
