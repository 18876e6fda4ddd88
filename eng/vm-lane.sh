#!/bin/bash
# Lane "vm": test programs in a virtual machine with systemd, D-Bus, AppArmor and all controllers of cgroup v2, in software emulation, so on
# any machine. Each start has a fresh copy of the image of vm-image.sh.
#   vm-lane.sh PROGRAM [ARGUMENT...]      exit code of the program, a path below this repository; 75: the guest was lost (eng/guest.sh)
#                                         $GUEST: directory in artifacts for its files
#                                         $VM_DISK: a fourth disk, /dev/vdd, for a program of tests/engines (eng/engines-vm-lane.sh)
#                                         $VM_CGROUPS: hybrid or v1 instead of cgroup v2 alone: v1 with a v2 hierarchy without controllers, or without any
#   vm-lane.sh --shell [engines]          a root shell with anocir in the PATH; engines: with Docker and Podman that use it
set -euo pipefail
cd "$(dirname "$0")/.."
. eng/guest.sh

variant=base shell=
if [ "${1:-}" = --shell ]; then
    shell=1 variant=${2:-base}
fi

cgroups=${VM_CGROUPS:-v2}
case $cgroups in
v2) boot="systemd.unified_cgroup_hierarchy=1" ;;
hybrid) boot="systemd.unified_cgroup_hierarchy=0" ;;
v1) boot="systemd.unified_cgroup_hierarchy=0 systemd.legacy_systemd_cgroup_controller=1" ;;
*)
    echo "error: VM_CGROUPS=$cgroups: must be v2, hybrid or v1" >&2
    exit 2
    ;;
esac

sh eng/deps.sh vm
image=$(bash eng/vm-image.sh "$variant")
anocir=$(realpath "${ANOCIR:-artifacts/bin/anocir}")
dotnet=${DOTNET_ROOT:-$(dotnet --list-runtimes | sed -n 's|^Microsoft.NETCore.App 10.*\[\(.*\)/shared/.*|\1|p' | head -n 1)}
work=$PWD/artifacts/${GUEST:-vm}
rm -rf "$work"
mkdir -p "$work/payload/bin" "$work/payload/tree" "$work/payload/dotnet"

# Everything the guest needs, on a disk of its own: at its place in the guest is the same path as here.
stage() {
    cp "$anocir" "$work/payload/bin/anocir"
    [ -z "$shell" ] || return 0
    if [ -n "${VM_DISK:-}" ]; then
        mkdir -p "$work/payload/tree/tests"
        cp -r tests/engines "$work/payload/tree/tests/"
        return
    fi
    cp -r *.md docs "$work/payload/tree/"
    mkdir -p "$work/payload/tree/artifacts/bin/Anocir.Init"
    cp artifacts/bin/Anocir.Init/anocir-init "$work/payload/tree/artifacts/bin/Anocir.Init/"
    for directory in artifacts/bin/*.Tests; do
        cp -r "$directory" "$work/payload/tree/artifacts/bin/"
    done

    cp -r "$dotnet/dotnet" "$dotnet/host" "$work/payload/dotnet/"
    mkdir "$work/payload/dotnet/shared"
    cp -r "$dotnet/shared/Microsoft.NETCore.App" "$work/payload/dotnet/shared/"
    for name in probe crash; do
        musl-gcc -static -O1 -Wall -Werror -o "$work/payload/bin/$name" "tests/guest/$name/$name.c"
    done
}

# What the guest's service runs; the third disk takes its result home, as a tar.
write_run() {
    if [ -n "$shell" ]; then
        echo 'cp /payload/bin/anocir /usr/local/bin/'
        [ "$variant" != engines ] || cat eng/vm-engines.sh
        cat <<'RUN'
stty -F /dev/ttyS0 sane
setsid --ctty --wait login -f root </dev/ttyS0 >/dev/ttyS0 2>&1
RUN
        return
    fi

    cat <<RUN
mkdir -p '$PWD' '$dotnet' /run/lane
mount --bind /payload/tree '$PWD'
mount --bind /payload/dotnet '$dotnet'
cp /payload/bin/* /usr/local/bin/
modprobe -a overlay fuse 2>/dev/null
cd '$PWD'
echo "guest: up after \$(cut -d ' ' -f 1 /proc/uptime) s"
$(printf '%q ' env ANOCIR_LANE=vm "ANOCIR_VM_CGROUPS=$cgroups" ANOCIR=/usr/local/bin/anocir ANOCIR_PROBE=/usr/local/bin/probe ANOCIR_CRASH=/usr/local/bin/crash "DOTNET_ROOT=$dotnet" DOTNET_gcServer=0 \
        DOTNET_EnableWriteXorExecute=0 DOTNET_TieredPGO=0 "$@") 2>&1 </dev/null | tee /run/lane/output
echo \${PIPESTATUS[0]} >/run/lane/code
echo "guest: ended after \$(cut -d ' ' -f 1 /proc/uptime) s"
tar -cf /dev/vdc -C /run/lane .
RUN
}

stage
write_run "$@" >"$work/payload/run"
used=$(du -sm "$work/payload" | cut -f 1)
mkfs.ext4 -q -F -O ^has_journal -d "$work/payload" "$work/payload.img" "$((used + used / 8 + 16))M" 2>/dev/null
rm -rf "$work/payload"
truncate -s 64M "$work/result.img"

qemu=(qemu-system-x86_64 -accel "tcg,thread=multi,tb-size=${VM_TB:-1024}" -cpu "${VM_CPU:-max}" -smp 2 -m "${VM_MEMORY:-3G}" -nodefaults
    -no-user-config -no-reboot -display none -kernel "$image/kernel" -initrd "$image/initrd"
    -drive "file=$image/root.img,format=raw,if=virtio,snapshot=on,cache=unsafe"
    -drive "file=$work/payload.img,format=raw,if=virtio,readonly=on,cache=unsafe"
    -drive "file=$work/result.img,format=raw,if=virtio,cache=unsafe")
[ -z "${VM_DISK:-}" ] || qemu+=(-drive "file=$VM_DISK,format=raw,if=virtio,snapshot=on,cache=unsafe")
kernel_arguments="console=ttyS0 mitigations=off nopti nokaslr audit=0 tsc=reliable no_timer_check rcupdate.rcu_expedited=1 random.trust_cpu=on
    $boot systemd.show_status=${VM_STATUS:-no}"
if [ -n "$shell" ]; then
    echo "booting; end with exit, leave at once with ctrl-a x"
    exec "${qemu[@]}" -append "$kernel_arguments quiet" -serial mon:stdio \
        -netdev user,id=net -device virtio-net-pci,netdev=net
fi

started() { grep -a -q '^guest: up' "$work/console" 2>/dev/null; }
run_guest "${VM_BOOT_SECONDS:-300}" "${VM_SECONDS:-1500}" started "${qemu[@]}" -append "$kernel_arguments quiet" -serial "file:$work/console"
tar -xf "$work/result.img" -C "$work" 2>/dev/null || true
rm -f "$work"/*.img
[ -s "$work/code" ] || guest_without_result "$work/console" "$work/console"
grep -a '^guest: ' "$work/console" | tr -d '\r' >&2
cat "$work/output"
exit "$(cat "$work/code")"
