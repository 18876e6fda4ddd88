#!/bin/sh
# Prints the licences of everything that is linked into the program, taken from the packages it was linked from.
#   notices.sh DIRECTORY-OF-THE-RUNTIME-PACKAGE VERSIONS [DEBIAN-DOC-DIRECTORY]
# VERSIONS: a file with lines 'binary-package source-package source-version'
set -eu
runtime=$1 versions=$2 doc=${3:-/usr/share/doc}
eng=$(dirname "$0")

part() { # TITLE FILE
    printf '\n%s\n%s\n\n' "$1" "$(printf '%s' "$1" | tr -c '' '=')"
    cat "$2"
}

cat "$eng/notices.txt"
awk '{ printf "  %-16s Debian source package %s, version %s\n", $1, $2, $3 }' "$versions"
part "anocir: Apache License 2.0" "$eng/../../LICENSE"
part "GNU C library (glibc), linked into anocir" "$doc/libc6-dev/copyright"
part "libseccomp, linked into anocir" "$doc/libseccomp-dev/copyright"
part "musl, linked into anocir-init" "$doc/musl-dev/copyright"
part ".NET runtime, linked into anocir: MIT License" "$runtime/LICENSE.TXT"
part ".NET runtime: the notices of its parts" "$runtime/THIRD-PARTY-NOTICES.TXT"
part "GNU Lesser General Public License 2.1" /usr/share/common-licenses/LGPL-2.1
