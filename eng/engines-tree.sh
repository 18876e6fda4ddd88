#!/bin/bash
# Makes a Debian tree with engines in it, or adds to one what it lacks.
#   engines-tree.sh DIRECTORY
set -euo pipefail
tree=$1
base=ca-certificates,busybox-static,iproute2,iptables,uidmap,procps,jq,runc,crun
engines=(docker.io docker-cli docker-buildx podman buildah containerd conmon containernetworking-plugins netavark catatonit
    nftables python3-grpcio python3-grpc-tools criu)

[ "$(cat "$tree/packages" 2>/dev/null)" != "$base ${engines[*]}" ] || exit 0

quietly() { # COMMAND…: its output only when it fails
    if ! "$@" >>"$tree.log" 2>&1; then
        tail -n 20 "$tree.log" >&2
        echo "error: failed: $*; the whole log: $tree.log" >&2
        exit 1
    fi
}

echo "making a Debian tree with the engines in $tree (once)"
mkdir -p "$tree"
: >"$tree.log"
export DEBIAN_FRONTEND=noninteractive
if ! command -v debootstrap >/dev/null; then
    echo "installing with apt-get: debootstrap"
    apt-get install -qq -y --no-install-recommends debootstrap >/dev/null 2>&1 ||
        { quietly apt-get update -qq; quietly apt-get install -qq -y --no-install-recommends debootstrap; }
fi

if [ ! -e "$tree/bootstrapped" ]; then
    script=/usr/share/debootstrap/scripts/forky
    [ -e "$script" ] || ln -s sid "$script"
    mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | grep -v security | head -n 1)
    quietly debootstrap --variant=minbase --include="$base" forky "$tree" "$mirror"
    printf '#!/bin/sh\nexit 101\n' >"$tree/usr/sbin/policy-rc.d" # no service is started
    chmod 755 "$tree/usr/sbin/policy-rc.d"
    touch "$tree/bootstrapped"
fi

# A mirror may be a snapshot of a day.
quietly chroot "$tree" apt-get -o Acquire::Check-Valid-Until=false update -qq
quietly chroot "$tree" apt-get install -y -q --no-install-recommends "${engines[@]}"
# The description of the CRI, without the libraries that its package depends on.
if [ ! -e "$tree/usr/local/share/cri/api.proto" ]; then
    # shellcheck disable=SC2016 # for the other shell
    quietly chroot "$tree" sh -ec 'cd /tmp && apt-get -o APT::Sandbox::User=root download -qq golang-k8s-cri-api-dev && dpkg-deb -x golang-k8s-cri-api-dev_*.deb cri
        mkdir -p /usr/local/share/cri && cp cri/usr/share/gocode/src/k8s.io/cri-api/pkg/apis/runtime/v1/api.proto /usr/local/share/cri/
        rm -rf cri golang-k8s-cri-api-dev_*.deb'
fi

# Whose ids the containers of --userns-remap=default and of --userns=auto get.
first=100000
for user in dockremap containers; do
    chroot "$tree" id "$user" >/dev/null 2>&1 || quietly chroot "$tree" useradd --system --no-create-home "$user"
    for file in subuid subgid; do
        grep -q "^$user:" "$tree/etc/$file" 2>/dev/null || echo "$user:$first:1048576" >>"$tree/etc/$file"
    done
    first=2000000
done
rm -rf "$tree"/var/cache/apt/archives/*.deb
echo "$base ${engines[*]}" >"$tree/packages"
