#!/bin/bash
# Makes the archives of one architecture: the program with manual pages, completions, AppArmor profile and licences, and what relinking it
# takes. The same commit, libraries and SDK give the same bytes.
#   dist.sh PROGRAM PAGES ARCHITECTURE LINK-ARGUMENTS VERSIONS DOC-DIRECTORY OUTPUT-DIRECTORY
# ARCHITECTURE: x64 or arm64. VERSIONS, DOC-DIRECTORY: see notices.sh
set -euo pipefail
program=$1 pages=$2 architecture=$3 arguments=$4 versions=$5 doc=$6 output=$7
here=$(dirname "$0")
: "${SOURCE_DATE_EPOCH:?the date of the sources in seconds}"
version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' "$here/../../Directory.Build.props")
case $architecture in
x64) machine=x86_64 ;;
arm64) machine=aarch64 ;;
*) echo "error: no such architecture: $architecture" >&2; exit 1 ;;
esac

umask 022
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
name=anocir-$version-linux-$machine
root=$work/$name
sh "$here/../install.sh" "$program" "$pages" "$root"
mkdir -p "$root/share/doc/anocir" "$output"
cp -r "$here/../../README.md" "$here/../../CHANGELOG.md" "$here/../../SECURITY.md" "$here/../../LICENSE" "$here/../../docs" "$root/share/doc/anocir/"
sh "$here/notices.sh" "$(sh "$here/runtime-package.sh" "$architecture")" "$versions" "$doc" >"$root/share/doc/anocir/NOTICES"
tar --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner -C "$work" -c "$name" | xz -9 >"$output/$name.tar.xz"
echo "$output/$name.tar.xz: $(stat -c %s "$output/$name.tar.xz") bytes"
bash "$here/relink-package.sh" "$arguments" "$program" "$name-relink" "$output"
