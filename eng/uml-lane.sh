#!/bin/bash
# Lane "uml": test programs under User-mode Linux, a kernel that runs as a process: cgroup v2 alone, all capabilities. The host's files are
# its root; what is written to /tmp and /run stays inside.
#   uml-lane.sh PROGRAM [ARGUMENT...]     exit code of the program; 75: the guest was lost (eng/guest.sh)
#   UML_LANE=NAME    lane that the tests are told; UML_KERNEL=WORDS  parameters of the kernel; UML_FIRST=COMMAND  run before the program
#   GUEST=NAME       directory in artifacts for its files, of its own for each of several at once
set -euo pipefail
cd "$(dirname "$0")/.."
. eng/guest.sh
sh eng/deps.sh uml

work=$PWD/artifacts/${GUEST:-uml}
rm -rf "$work"
mkdir -p "$work"
printf '%q ' env "ANOCIR_LANE=${UML_LANE:-uml}" "ANOCIR=${ANOCIR:-$PWD/artifacts/bin/anocir}" "PATH=$PATH" "HOME=/root" \
    DOTNET_ROOT="${DOTNET_ROOT:-$(dotnet --list-runtimes | sed -n 's#.*\[\(/.*\)/shared/.*#\1#p' | head -n 1)}" DOTNET_gcServer=0 DOTNET_EnableWriteXorExecute=0 DOTNET_TieredPGO=0 "$@" >"$work/command"
cat >"$work/init" <<INIT
#!/bin/bash
# First process of the guest.
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t tmpfs -o mode=755 run /run
mount -t tmpfs -o mode=1777 tmp /tmp
mount -t tmpfs -o mode=755 dev /dev
mknod -m 666 /dev/null c 1 3
mknod -m 666 /dev/zero c 1 5
mknod -m 666 /dev/full c 1 7
mknod -m 666 /dev/random c 1 8
mknod -m 666 /dev/urandom c 1 9
mknod -m 666 /dev/tty c 5 0
mknod -m 644 /dev/kmsg c 1 11
mkdir -p /dev/pts /dev/shm /dev/mqueue
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts /dev/pts
mount -t tmpfs -o mode=1777 shm /dev/shm
ln -sfn /proc/self/fd /dev/fd
ln -sfn pts/ptmx /dev/ptmx
mount -t cgroup2 cgroup /sys/fs/cgroup
ip link set lo up
mount --make-rshared /
[ -d '$PWD' ] || { mkdir -p '$PWD' && mount -t hostfs -o '$PWD' none '$PWD'; } # a checkout below /tmp or /run
cd '$PWD'
{ ${UML_FIRST:-:}; } >'$work/output' 2>&1
$(cat "$work/command") >>'$work/output' 2>&1 </dev/null
echo \$? >'$work/code'
sync
echo o >/proc/sysrq-trigger
sleep 60
INIT
chmod 755 "$work/init"

# The guest's memory is a file: without a tmpfs of that size it would be written to disk.
export TMPDIR=${TMPDIR:-/dev/shm}
started() { [ -e "$work/output" ]; }
run_guest "${UML_BOOT_SECONDS:-120}" "${UML_SECONDS:-1500}" started \
    linux.uml mem="${UML_MEMORY:-3G}" rootfstype=hostfs rootflags=/ rw init="$work/init" ${UML_KERNEL:-} con=null con0=null,fd:1 quiet >"$work/console" 2>&1
[ -s "$work/code" ] || guest_without_result "$work/console" "$work/output"
cat "$work/output"
exit "$(cat "$work/code")"
