#!/bin/bash
# Lane "vm" with engines: those of eng/engines-tree.sh, in the virtual machine of eng/vm-lane.sh, whose systemd makes the cgroups (version 2).
#   engines-vm-lane.sh [ENGINE…]       those that have a script in tests/engines/vm: docker, podman, quadlet, rootless, containerd, conmon
set -euo pipefail
cd "$(dirname "$0")/.."
cache=${XDG_CACHE_HOME:-$HOME/.cache}/anocir
tree=${ENGINES_TREE:-$cache/engines}
engines=("$@")
[ $# -gt 0 ] || engines=(docker podman quadlet rootless containerd conmon)
if [ "$(id -u)" != 0 ]; then
    echo "error: engines take root: run as root" >&2
    exit 1
fi

bash eng/engines-tree.sh "$tree"
disk=$cache/engines-$(sha256sum "$tree/packages" | cut -c 1-16).img
if [ ! -e "$disk" ]; then
    echo "making a disk of the engines' tree (once): $disk"
    rm -f "$cache"/engines-*.img
    mkfs.ext4 -q -F -O ^has_journal -E lazy_itable_init=1,root_owner=0:0 -d "$tree" "$disk.part" 4G
    mv "$disk.part" "$disk"
fi

failed=0
for engine in "${engines[@]}"; do
    VM_DISK=$disk bash eng/vm-lane.sh bash tests/engines/vm/enter.sh "$engine" || failed=$?
done
exit "$failed"
