#!/bin/bash
# Installs the Debian package in a clean Debian tree, uses it there, removes it. Root; the tree is made once and kept.
#   test-deb.sh PACKAGE [CACHE-DIRECTORY]
set -euo pipefail
package=$(realpath "$1")
cache=${2:-${XDG_CACHE_HOME:-$HOME/.cache}/anocir}
suite=${SUITE:-bookworm}

fail() {
    echo "error: $*" >&2
    exit 1
}

if [ ! -e "$cache/$suite.tar" ]; then
    command -v debootstrap >/dev/null || apt-get install -qq -y --no-install-recommends debootstrap >/dev/null
    mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' | grep -v security | head -n 1)
    mkdir -p "$cache"
    echo "making a minimal Debian $suite in $cache"
    debootstrap --variant=minbase --include=man-db,bash-completion "$suite" "$cache/$suite.tmp" "$mirror" >"$cache/debootstrap.log" 2>&1 ||
        { tail -n 5 "$cache/debootstrap.log" >&2; exit 1; }
    tar -C "$cache/$suite.tmp" -cf "$cache/$suite.tar" . && rm -rf "$cache/$suite.tmp"
fi

tree=$(mktemp -d)
trap 'umount -l "$tree/proc" 2>/dev/null || true; rm -rf "$tree"' EXIT
tar -C "$tree" -xf "$cache/$suite.tar"
mount -t proc proc "$tree/proc"
inside() { chroot "$tree" env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 "$@"; }

cp "$package" "$tree/anocir.deb"
inside dpkg --install /anocir.deb >/dev/null
inside anocir --version | grep -q '^anocir version ' || fail "the installed program does not run"
inside anocir features | grep -q '"ociVersionMax"' || fail "features"
inside sh -c 'mkdir /b && anocir spec --bundle /b && mkdir /b/rootfs' || fail "spec"
# With the path exclusions of minimal images man pages may be left out; then dpkg says so.
[ -e "$tree/usr/share/man/man1/anocir-run.1.gz" ] || fail "anocir-run(1) is not installed"
inside man --warnings=all -P cat anocir-run 2>/tmp/anocir-man.$$ | grep -q -- --bundle || fail "man anocir-run shows nothing"
[ ! -s /tmp/anocir-man.$$ ] || fail "man warns: $(cat /tmp/anocir-man.$$)"
rm -f /tmp/anocir-man.$$
inside bash -c '. /usr/share/bash-completion/bash_completion; _completion_loader anocir; COMP_WORDS=(anocir fea); COMP_CWORD=1; _anocir
    [ "${COMPREPLY[*]}" = features ]' || fail "bash-completion does not find the completion"
inside sh -c 'zcat /usr/share/doc/anocir/NOTICES.gz' | grep -c 'LESSER GENERAL PUBLIC LICENSE' >/dev/null || fail "the notices lack the LGPL"
[ ! -e "$tree/etc/apparmor.d/anocir" ] || fail "an AppArmor profile where there is no AppArmor"

# With AppArmor 4 the profile is installed, and what an administrator changed stays until purge.
inside sh -c 'mkdir -p /etc/apparmor.d/abi && touch /etc/apparmor.d/abi/4.0'
inside dpkg --install /anocir.deb >/dev/null
cmp -s "$tree/etc/apparmor.d/anocir" "$(dirname "$0")/../../packaging/apparmor/anocir" || fail "the AppArmor profile is not installed"
echo '# mine' >>"$tree/etc/apparmor.d/anocir"
inside dpkg --install /anocir.deb >/dev/null
grep -q mine "$tree/etc/apparmor.d/anocir" || fail "the administrator's AppArmor profile was overwritten"

inside dpkg --purge anocir >/dev/null
left=$(inside find / -xdev -name '*anocir*' -not -name anocir.deb -not -path '/var/cache/*' -not -path '/proc/*')
[ -z "$left" ] || fail "left after purge: $left"
echo "$(basename "$package"), installed, used and purged in a clean Debian $suite: 1 passed, 0 failed in $SECONDS s"
