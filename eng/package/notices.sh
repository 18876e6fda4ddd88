#!/bin/sh
# Prints the licences of everything that is linked into the program, taken from the packages it was linked from.
#   notices.sh DIRECTORY-OF-THE-ILCOMPILER-PACKAGE [DEBIAN-DOC-DIRECTORY]
set -eu
ilcompiler=$1 doc=${2:-/usr/share/doc}
eng=$(dirname "$0")

part() { # TITLE FILE
    printf '\n%s\n%s\n\n' "$1" "$(printf '%s' "$1" | tr -c '' '=')"
    cat "$2"
}

cat "$eng/notices.txt"
part "anocir: Apache License 2.0" "$eng/../../LICENSE"
part "GNU C library (glibc), linked into anocir" "$doc/libc6-dev/copyright"
part "libseccomp, linked into anocir" "$doc/libseccomp-dev/copyright"
part "musl, linked into anocir-init" "$doc/musl-dev/copyright"
part ".NET runtime, linked into anocir: MIT License, and the notices of its parts" "$ilcompiler/THIRD-PARTY-NOTICES.TXT"
part "GNU Lesser General Public License 2.1" /usr/share/common-licenses/LGPL-2.1
