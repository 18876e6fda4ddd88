#!/bin/sh
# Installs what the build needs and this machine lacks, by Debian package name, and what the things named need more. Says what it does.
#   deps.sh [test|uml|selinux|vm]...      test: every test project; the others: the lane of that name
set -eu

if ! command -v dotnet >/dev/null; then
    echo "error: dotnet not found: install the .NET 10 SDK (Debian package dotnet-sdk-10.0 from Microsoft's feed)" >&2
    exit 1
fi

multiarch=$(uname -m)-linux
missing=
need() { # PACKAGE COMMAND-OR-FILE
    case $2 in
    /*) [ -e "$2" ] || missing="$missing $1" ;;
    *) command -v "$2" >/dev/null || missing="$missing $1" ;;
    esac
}

need gcc gcc
need libc6-dev "/usr/lib/$multiarch-gnu/libc.a"
need binutils objcopy
need lld ld.lld
need musl-tools musl-gcc
need musl-dev "/usr/lib/$multiarch-musl/libc.a"
need libseccomp-dev "/usr/lib/$multiarch-gnu/libseccomp.a"
need busybox-static busybox
need jq jq
need uidmap newuidmap
for thing; do
    case $thing in
    test)
        need mandoc mandoc
        need zsh zsh
        need fish fish
        ;;
    uml)
        need user-mode-linux linux.uml
        need iproute2 ip
        ;;
    selinux) need secilc secilc ;;
    vm)
        need qemu-system-x86 qemu-system-x86_64
        need e2fsprogs mkfs.ext4
        ;;
    esac
done

[ -n "$missing" ] || exit 0

echo "installing with apt-get:$missing"
sudo=
if [ "$(id -u)" != 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "error: not root and no sudo: run as root: apt-get install$missing" >&2
        exit 1
    fi
    sudo=sudo
fi

export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086 # a list of words
set -- -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 -qq
if ! $sudo apt-get "$@" -y --no-install-recommends install $missing >/dev/null 2>&1; then
    # New machines have no package lists yet, or old ones.
    $sudo apt-get "$@" update
    $sudo apt-get "$@" -y --no-install-recommends install $missing >/dev/null
fi
