#!/bin/bash
# Lane "engines": engines from Debian's packages, in a tree of their own, with anocir as their runtime, on this kernel.
#   engines-lane.sh [ENGINE…]     those that have a script in tests/engines: docker
# The tree is made once, outside the checkout ($ENGINES_TREE, default ~/.cache/anocir/engines), by debootstrap.
set -euo pipefail
cd "$(dirname "$0")/.."
tree=${ENGINES_TREE:-${XDG_CACHE_HOME:-$HOME/.cache}/anocir/engines}
anocir=${ANOCIR:-$PWD/artifacts/bin/anocir}
engines=("$@")
[ $# -gt 0 ] || engines=(docker)

if [ ! -e "$tree/usr/bin/dockerd" ] && [ ! -e "$tree/usr/sbin/dockerd" ]; then
    echo "making a Debian tree with the engines in $tree"
    command -v debootstrap >/dev/null || apt-get install -qq -y --no-install-recommends debootstrap >/dev/null
    [ -e /usr/share/debootstrap/scripts/forky ] || ln -s sid /usr/share/debootstrap/scripts/forky
    mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | grep -v security | head -n 1)
    mkdir -p "$tree"
    debootstrap --variant=minbase --include=ca-certificates,runc,crun,busybox-static,iproute2,iptables,uidmap,procps,jq forky "$tree" "$mirror" \
        >"$tree.log" 2>&1 || { tail -n 5 "$tree.log" >&2; exit 1; }
    printf '#!/bin/sh\nexit 101\n' >"$tree/usr/sbin/policy-rc.d"
    chmod 755 "$tree/usr/sbin/policy-rc.d"
    DEBIAN_FRONTEND=noninteractive chroot "$tree" apt-get install -y -q --no-install-recommends \
        podman docker.io docker-cli containerd conmon containernetworking-plugins netavark >>"$tree.log" 2>&1
fi

failed=0
for engine in "${engines[@]}"; do
    # Mounts, processes and network interfaces of the engines end with them.
    unshare --mount --pid --fork --net --propagation private bash -euc '
        tree=$1 anocir=$2 tests=$3 engine=$4
        mount --bind "$tree" "$tree"
        cd "$tree"
        mount -t proc proc proc
        mount --rbind /sys sys
        mount --rbind /dev dev
        mount -t tmpfs -o mode=1777 shm dev/shm # Podman keeps its locks there
        mount -t tmpfs -o mode=755 run run
        mount -t tmpfs -o mode=1777 tmp tmp
        mkdir -p run/lock anocir .old
        mount -t tmpfs anocir anocir
        cp "$anocir" anocir/anocir
        cp -r "$tests" anocir/tests
        pivot_root . .old
        umount -l /.old
        cd /
        ip link set lo up
        exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb bash "/anocir/tests/$engine.sh"
    ' _ "$tree" "$anocir" "$PWD/tests/engines" "$engine" || failed=1
done
exit "$failed"
