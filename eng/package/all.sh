#!/bin/bash
# Makes everything that is published: both architectures, and SHA256SUMS.
#   all.sh PROGRAM PAGES OUTPUT-DIRECTORY      PROGRAM: the one for x86-64, as built
set -euo pipefail
program=$1 pages=$2 output=$(realpath -m "$3")
here=$(dirname "$0")
work=$PWD/artifacts
if [ "$(uname -m)" != x86_64 ]; then
    echo "error: make dist cross-builds for arm64 and needs an x86-64 machine; this is $(uname -m)" >&2
    exit 1
fi

rm -rf "$output"
mkdir -p "$output"
sh "$here/versions.sh" >"$work/versions"
bash "$here/dist.sh" "$program" "$pages" x64 "$work/obj/Anocir.Cli/release_linux-x64/native/link.arguments" "$work/versions" /usr/share/doc "$output"

bash "$here/../arm64.sh" "$work/arm64/anocir"
tree=$(bash "$here/../arm64-tree.sh")
CC=$work/arm64/tools/gcc OBJCOPY=aarch64-linux-gnu-objcopy bash "$here/dist.sh" "$work/arm64/anocir" "$pages" arm64 \
    "$work/arm64/obj/Anocir.Cli/release_linux-arm64/native/link.arguments" "$tree/versions" "$tree/root/usr/share/doc" "$output"

bash "$here/sources.sh" "$output/sources" "$work/versions" "$tree/versions"
(cd "$output" && find . -type f -not -name SHA256SUMS -printf '%P\n' | LC_ALL=C sort | xargs sha256sum >SHA256SUMS)
echo "$output: $(du -sh "$output" | cut -f 1), checksums in SHA256SUMS"
