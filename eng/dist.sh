#!/bin/bash
# Makes a tarball of one architecture: program, manual pages, completions, licences. The same commit gives the same bytes.
#   dist.sh PROGRAM PAGES ARCHITECTURE OUTPUT-DIRECTORY
set -euo pipefail
program=$1 pages=$2 architecture=$3 output=$4
here=$(dirname "$0")
: "${SOURCE_DATE_EPOCH:?the date of the sources in seconds}"
version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' "$here/../../Directory.Build.props")
ilcompiler=$(ls -d "${NUGET_PACKAGES:-$HOME/.nuget/packages}"/runtime.linux-*.microsoft.dotnet.ilcompiler/*/ | sort -V | tail -n 1)

umask 022
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
name=anocir-$version-linux-$architecture
sh "$here/../install.sh" "$program" "$pages" "$work/$name"
mkdir -p "$work/$name/share/doc/anocir" "$work/$name/share/anocir"
cp "$here/../../README.md" "$here/../../CHANGELOG.md" "$here/../../LICENSE" "$work/$name/share/doc/anocir/"
sh "$here/notices.sh" "$ilcompiler" >"$work/$name/share/doc/anocir/NOTICES"
cp "$here/apparmor" "$work/$name/share/anocir/apparmor"
mkdir -p "$output"
tar --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner -C "$work" -c "$name" | xz -9 >"$output/$name.tar.xz"
(cd "$output" && sha256sum anocir-*.tar.xz >SHA256SUMS)
echo "$output/$name.tar.xz: $(stat -c %s "$output/$name.tar.xz") bytes"
