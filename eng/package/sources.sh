#!/bin/bash
# Fetches the Debian source packages of the libraries under the LGPL, as they are linked, from the mirrors that apt uses: what is published
# beside a binary that contains them.
#   sources.sh OUTPUT-DIRECTORY VERSIONS…      VERSIONS: files with lines 'binary-package source-package source-version'
set -euo pipefail
output=$(realpath -m "$1")
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$output"
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
apt-get indextargets --format "deb-src [signed-by=$keyring] \$(SITE) \$(RELEASE) \$(COMPONENT)" 'Created-By: Packages' 'Origin: Debian' |
    sort -u >"$work/sources.list"
sources=(apt-get -qq -o Dir::Etc::SourceList="$work/sources.list" -o Dir::Etc::SourceParts=- -o Dir::State::lists="$work/lists"
    -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o APT::Sandbox::User=root)
"${sources[@]}" update
while read -r package version; do
    (cd "$output" && "${sources[@]}" source --download-only --only-source "$package=$version")
done < <(cat "$@" | awk '$1 != "musl-dev" { print $2, $3 }' | sort -u)
