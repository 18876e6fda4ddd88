#!/bin/bash
# Runs in the virtual machine of eng/engines-vm-lane.sh: makes the disk with the engines a root directory in which they see the machine's own
# systemd, and becomes the script.
#   enter.sh ENGINE
set -euo pipefail
scripts=$(dirname "$(dirname "$0")")
modprobe -a overlay bridge veth br_netfilter nf_tables nft_chain_nat nft_compat xt_comment xt_MASQUERADE xt_addrtype xt_conntrack 2>/dev/null || true
mkdir -p /engines
mount -t ext4 -o noatime /dev/vdd /engines
for name in proc sys dev run; do
    mount --rbind "/$name" "/engines/$name"
done
mount -t tmpfs -o mode=1777 shm /engines/dev/shm
mount -t tmpfs -o mode=1777 tmp /engines/tmp
mkdir -p /engines/anocir
cp "$ANOCIR" /engines/anocir/anocir
cp -r "$scripts" /engines/anocir/tests
# Not by chroot: pivot_root(2), which runtimes need, is refused below a shared mount. systemctl takes another root for one, unless told not to.
# shellcheck disable=SC2016 # for the other shell
exec unshare --mount --propagation private bash -ec 'cd /engines
    mkdir -p .old
    pivot_root . .old
    umount -l /.old
    exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=xterm SYSTEMD_IGNORE_CHROOT=1 bash "/anocir/tests/vm/$0.sh"' "$1"
