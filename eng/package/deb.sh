#!/bin/bash
# Makes the Debian package with dpkg-deb alone. The same commit, libraries and SDK give the same bytes.
#   deb.sh PROGRAM PAGES OUTPUT-DIRECTORY
set -euo pipefail
program=$1 pages=$2 output=$3
here=$(dirname "$0")
: "${SOURCE_DATE_EPOCH:?the date of the sources in seconds}"
version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' "$here/../../Directory.Build.props")
maintainer=${DEB_MAINTAINER:-The anocir contributors <anocir@localhost>}
architecture=$(dpkg --print-architecture)
runtime=$(sh "$here/runtime-package.sh" "$([ "$architecture" = arm64 ] && echo arm64 || echo x64)")

umask 022
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
doc=$root/usr/share/doc/anocir
mkdir -p "$root/DEBIAN" "$doc" "$root/usr/share/anocir" "$root/usr/share/lintian/overrides"
chmod 755 "$root"
sh "$here/../install.sh" "$program" "$pages" "$root/usr"
gzip -9n "$root"/usr/share/man/man*/*
cp "$here/copyright" "$doc/copyright"
cp "$here/lintian-overrides" "$root/usr/share/lintian/overrides/anocir"
sh "$here/versions.sh" >"$root/versions"
sh "$here/notices.sh" "$runtime" "$root/versions" | gzip -9n >"$doc/NOTICES.gz"
gzip -9nc "$here/../../CHANGELOG.md" >"$doc/NEWS.gz"
gzip -9n >"$doc/changelog.gz" <<CHANGELOG
anocir ($version) unstable; urgency=medium

  * Release of version $version; what changed is in NEWS.gz.

 -- $maintainer  $(LC_ALL=C date -u -R -d "@$SOURCE_DATE_EPOCH")
CHANGELOG

cat >"$root/DEBIAN/control" <<CONTROL
Package: anocir
Version: $version
Architecture: $architecture
Maintainer: $maintainer
Installed-Size: $(du -k --apparent-size --summarize "$root/usr" | cut -f 1)
Built-Using: $(awk '{ print $2 " (= " $3 ")" }' "$root/versions" | paste -sd, | sed 's/,/, /g')
Suggests: docker.io, podman, containerd, apparmor
Section: admin
Priority: optional
Description: runtime for OCI containers
 anocir makes and runs containers for Docker, Podman and containerd, which
 call it in the place of runc: commands, options, output and files are the
 same.
 .
 It is one static program. What enters the container is a small program of
 its own in a sealed memfd, so no file of the host can be overwritten from
 inside; every error names the property of the configuration and its cause.
CONTROL
rm "$root/versions"
install -m 755 "$here/postinst" "$here/postrm" "$root/DEBIAN/"
(cd "$root" && find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum >DEBIAN/md5sums)

find "$root" -exec touch --no-dereference --date "@$SOURCE_DATE_EPOCH" {} +
mkdir -p "$output"
file=$output/anocir_${version}_$architecture.deb
dpkg-deb --root-owner-group -Zxz --build "$root" "$file.tmp" >/dev/null
mv "$file.tmp" "$file"
echo "$file: $(stat -c %s "$file") bytes"
