#!/bin/bash
# make bench, make bench-uml: anocir against runc and crun, one table and artifacts/bench.json.
#   PEERS=DIR   where runc and crun are (default: PATH, after apt-get install runc crun)
#   RUNS=N      samples of the slower rows (default 100)
#   SCALE=N     containers of the rows with many (default 200; 0: without them)
#   ROWS="…"    groups of rows instead of all: start life exec engine calls memory parallel many parts mounts, and checkpoint (wants criu)
#   AGAINST="…" instead of "crun runc"; empty: anocir alone
#   JSON=FILE   instead of artifacts/bench.json
set -euo pipefail
cd "$(dirname "$0")/.."

if [ "$(id -u)" != 0 ]; then
    echo "error: the benchmark makes containers: run it as root" >&2
    exit 1
fi

bash bench/packages.sh
targets=("anocir=$PWD/artifacts/bin/anocir")
for peer in ${AGAINST-crun runc}; do
    path=$(PATH=${PEERS:-$PATH} command -v "$peer") || { echo "error: no $peer in ${PEERS:-PATH}" >&2; exit 1; }
    "$path" --version | sed -n 1p
    targets+=("$peer=$path")
done


# One root filesystem for all bundles, which the program makes from the configuration of `anocir spec`.
work=artifacts/bench
rm -rf "$work"
mkdir -p "$work/spec" "$work/rootfs/bin" "$work/rootfs/proc" "$work/rootfs/sys" "$work/rootfs/dev" "$work/rootfs/mnt" "$work/rootfs/tmp"
cp "$(command -v busybox)" "$work/rootfs/bin/busybox"
for applet in true sleep sh cat; do
    ln -s busybox "$work/rootfs/bin/$applet"
done
mkfifo "$work/rootfs/fifo"
artifacts/bin/anocir spec --bundle "$work/spec"

# A filter of the size and shape of the ones that engines bring: all names but a few allowed, a few with conditions on arguments, three tables of
# architectures, everything else an error. The names are the kernel's own, from its header.
names=$(printf '#include <asm/unistd.h>\n' | gcc -E -dM - | sed -n 's/^#define __NR_\([a-z0-9_]*\) .*/\1/p' |
    grep -vxE 'personality|clone|socket|mount|umount2|reboot|init_module|finit_module|delete_module|kexec_load|swapon|swapoff' | sort | jq -R . | jq -s .)
jq -n --argjson names "$names" '{
    defaultAction: "SCMP_ACT_ERRNO", defaultErrnoRet: 1, architectures: ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"],
    syscalls: ([
        {names: $names, action: "SCMP_ACT_ALLOW"},
        {names: ["clone"], action: "SCMP_ACT_ALLOW", args: [{index: 0, value: 2114060288, valueTwo: 0, op: "SCMP_CMP_MASKED_EQ"}]},
        {names: ["socket"], action: "SCMP_ACT_ALLOW", args: [{index: 0, value: 40, op: "SCMP_CMP_NE"}]}
    ] + [0, 8, 131072, 131080, 4294967295 | {names: ["personality"], action: "SCMP_ACT_ALLOW", args: [{index: 0, value: ., op: "SCMP_CMP_EQ"}]}])
}' >"$work/spec/seccomp.json"

# A private mount namespace, where crun's refusal of hybrid hosts is avoided for all alike and 2,000 mounts can be added.
mkdir -p /run/anocir-bench

# A host of containers has others than the one that is measured. Where there are none, the kernel patches its own code (a jump label, on all CPUs)
# when the first cpuset cgroup comes and when it goes: a millisecond of each sample of each runtime.
other=/sys/fs/cgroup/cpuset/anocir-bench-other
if [ -d /sys/fs/cgroup/cpuset ] && mkdir "$other" 2>/dev/null; then
    trap 'rmdir "$other"' EXIT
fi

unshare --mount --propagation private bash -c '
    if mountpoint -q /sys/fs/cgroup/unified; then umount /sys/fs/cgroup/unified; fi
    exec "$@"' bench \
    artifacts/bin/anocir-bench "${RUNS:-100}" "$PWD/$work" "${JSON:-artifacts/bench.json}" "$PWD/bench/mounts.sh" "${targets[@]}"
