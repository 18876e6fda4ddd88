#!/bin/bash
# Cross-builds anocir for arm64 on x86-64 and tries it with QEMU's user emulation. Debian's packages of arm64 are unpacked into a
# directory, so the machine needs no foreign architecture.
#   arm64.sh OUTPUT [CACHE-DIRECTORY]
set -euo pipefail
output=$(realpath -m "$1")
cache=$(realpath -m "${2:-${XDG_CACHE_HOME:-$HOME/.cache}/anocir}")
cd "$(dirname "$0")/../.."

missing=
need() { # PACKAGE COMMAND
    command -v "$2" >/dev/null || missing="$missing $1"
}
need gcc-aarch64-linux-gnu aarch64-linux-gnu-gcc
need qemu-user-static qemu-aarch64-static
if [ -n "$missing" ]; then
    echo "installing with apt-get:$missing"
    # shellcheck disable=SC2086 # a list of words
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $missing >/dev/null
fi

root=$cache/arm64
if [ ! -e "$root/complete" ]; then
    echo "unpacking Debian's arm64 libraries in $root"
    rm -rf "$root"
    mkdir -p "$root/apt/lists/partial" "$root/apt/cache/archives/partial"
    : >"$root/apt/status"
    options=(-o Dir::State="$root/apt" -o Dir::State::status="$root/apt/status" -o Dir::Cache="$root/apt/cache"
        -o APT::Architecture=arm64 -o APT::Architectures::=arm64 -o APT::Sandbox::User=root)
    apt-get "${options[@]}" update -qq
    (cd "$root/apt" && apt-get "${options[@]}" download -qq libc6-dev libseccomp-dev musl-dev)
    for package in "$root"/apt/*.deb; do
        dpkg-deb --extract "$package" "$root"
        dpkg-deb --show --showformat '${Package} ${source:Package} ${source:Version}\n' "$package" >>"$root/versions"
    done
    rm -rf "$root/apt"
    touch "$root/complete"
fi

work=$PWD/artifacts/arm64
mkdir -p "$work"
musl=$root/usr/lib/aarch64-linux-musl
cat >"$work/musl-gcc" <<GCC
#!/bin/sh
exec aarch64-linux-gnu-gcc -nostdlib -L$musl "\$@" -lc -lgcc
GCC
chmod 755 "$work/musl-gcc"

export CROSS_PREFIX=aarch64-linux-gnu- CROSS_LIBRARIES=$root/usr/lib/aarch64-linux-gnu
export MUSL_GCC=$work/musl-gcc MUSL_CRT1=$musl/crt1.o
dotnet publish src/Anocir.Cli/Anocir.Cli.csproj -c Release -v quiet -clp:NoSummary -r linux-arm64 -p:CrossArch=arm64 -p:ArtifactsPath="$work"
program=$work/publish/Anocir.Cli/release_linux-arm64/anocir

# The user emulation does not know every call that a container needs; the controller's own work it can do.
emulated() { qemu-aarch64-static "$program" "$@"; }
bundle=$(mktemp -d)
trap 'rm -rf "$bundle"' EXIT
mkdir "$bundle/rootfs"
emulated --version | grep -q '^anocir version '
emulated features | grep -q '"SCMP_ARCH_AARCH64"'
emulated spec --bundle "$bundle"
emulated --cgroup-manager disabled plan --bundle "$bundle" | grep -q ' exec '
install -D -m 755 "$program" "$output"
file=$(od -An -tx2 -j18 -N2 "$output" | tr -d ' ')
[ "$file" = 00b7 ] || { echo "error: $output is no arm64 program (ELF machine $file)" >&2; exit 1; }
echo "$output: $(stat -c %s "$output") bytes, arm64, tried with qemu-user: --version, features, spec, plan"
