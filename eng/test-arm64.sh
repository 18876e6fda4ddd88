#!/bin/bash
# Tries the arm64 build on any machine: its declarations against arm64's C headers, then the program in a virtual machine (QEMU, software
# emulation) with Debian's arm64 kernel.
#   test-arm64.sh PROGRAM
set -euo pipefail
program=$(realpath "$1")
cd "$(dirname "$0")/.."

missing=
command -v qemu-system-aarch64 >/dev/null || missing=qemu-system-arm
command -v busybox >/dev/null || missing="$missing busybox-static"
command -v jq >/dev/null || missing="$missing jq"
if [ -n "$missing" ]; then
    echo "installing with apt-get: $missing"
    # shellcheck disable=SC2086 # a list of words
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $missing >/dev/null
fi

tree=$(bash eng/arm64-tree.sh)
work=$PWD/artifacts/arm64

# The constants and structures of both programs, compiled as for arm64.
dotnet build tests/Anocir.Linux.Tests -c Release -v quiet -clp:NoSummary -p:AnocirArch=arm64 -p:ArtifactsPath="$work"
ANOCIR_ABI_CC="aarch64-linux-gnu-gcc -isystem $tree/root/usr/include -isystem $tree/root/usr/include/aarch64-linux-gnu" \
    "$work/bin/Anocir.Linux.Tests/release/Anocir.Linux.Tests" -noLogo -noColor -class '*AbiLayoutTests'

initrd=$work/initrd
rm -rf "$initrd"
mkdir -p "$initrd"/{bin,proc,sys,dev,root,rootfs/bin,rootfs/etc,bundles}
cp "$tree/root/bin/busybox" "$initrd/bin/"
cp "$tree/root/bin/busybox" "$initrd/rootfs/bin/"
for applet in $(busybox --list); do
    [ "$applet" = busybox ] || ln -s busybox "$initrd/rootfs/bin/$applet"
done
cp "$(command -v busybox)" "$initrd/rootfs/bin/foreign" # a program for another machine than arm64
printf 'root:x:0:0:root:/root:/bin/sh\n' >"$initrd/rootfs/etc/passwd"
cp "$program" "$initrd/bin/anocir"
install -m 755 tests/arm64/init tests/arm64/test.sh "$initrd/"
bash tests/arm64/bundles.sh "${ANOCIR:-artifacts/bin/anocir}" "$initrd/bundles"
(cd "$initrd" && find . | busybox cpio -o -H newc 2>/dev/null | gzip -1) >"$work/initrd.gz"

console=$work/console
timeout --kill-after=10 "${VM_SECONDS:-280}" qemu-system-aarch64 -M virt -cpu max,pauth-impdef=on -accel tcg -smp 1 -m 1G -nodefaults -no-user-config \
    -no-reboot -display none -kernel "$tree/kernel" -initrd "$work/initrd.gz" -serial "file:$console" \
    -append "console=ttyAMA0 rdinit=/init quiet panic=-1 mitigations=off random.trust_cpu=on" </dev/null || true
tr -d '\r' <"$console" | grep -aE '^(ok|NOT OK|   |arm64:)' || true
if ! grep -aqE '^arm64: [1-9][0-9]* passed, 0 failed' <(tr -d '\r' <"$console"); then
    tail -n 30 "$console" >&2
    echo "error: the test in the virtual machine failed, or did not end; its console: $console" >&2
    exit 1
fi
