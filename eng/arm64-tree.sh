#!/bin/bash
# Unpacks what building for arm64 and trying it takes, in a directory of its own, and prints that directory: no foreign architecture is
# added to this machine. Kept in ${XDG_CACHE_HOME:-~/.cache}/anocir, by the content of this script.
#   arm64-tree.sh
# root/      Debian's libraries for linking and headers, a busybox for the test; versions: the source packages of what is linked
# kernel     Debian's cloud kernel
set -euo pipefail
directory=${XDG_CACHE_HOME:-$HOME/.cache}/anocir/arm64-$(sha256sum "$0" | cut -c 1-16)
if [ -e "$directory/complete" ]; then
    echo "$directory"
    exit 0
fi

work=$directory.part
rm -rf "$work"
mkdir -p "$work/root" "$work/apt/lists/partial" "$work/apt/cache/archives/partial"
: >"$work/apt/status"

# apt as it is configured here, for an arm64 machine on which nothing is installed.
arm64_apt() { # TOOL ARGUMENT…
    local tool=$1
    shift
    "$tool" -o Dir::State="$work/apt" -o Dir::State::status="$work/apt/status" -o Dir::Cache="$work/apt/cache" \
        -o APT::Architecture=arm64 -o APT::Architectures::=arm64 -o APT::Sandbox::User=root "$@"
}

echo "unpacking Debian's packages for arm64 (once): $directory" >&2
arm64_apt apt-get update -qq >&2
kernel=$(arm64_apt apt-cache depends linux-image-cloud-arm64 | sed -n 's/.*Depends: \(linux-image-[0-9].*\)/\1/p' | head -n 1)
(cd "$work/apt" && arm64_apt apt-get download -qq libc6-dev linux-libc-dev libseccomp-dev musl-dev busybox-static "$kernel" >&2)
for package in "$work"/apt/*.deb; do
    case $(basename "$package") in
    linux-image-*)
        dpkg-deb -x "$package" "$work/image"
        mv "$work"/image/boot/vmlinuz-* "$work/kernel"
        continue
        ;;
    libc6-dev_* | libseccomp-dev_* | musl-dev_*)
        # shellcheck disable=SC2016 # for dpkg-deb
        dpkg-deb --show --showformat '${Package} ${source:Package} ${source:Version}\n' "$package" >>"$work/versions"
        ;;
    esac
    dpkg-deb -x "$package" "$work/root"
done
rm -rf "$work/apt" "$work/image"
touch "$work/complete"
mv "$work" "$directory"
echo "$directory"
