#!/bin/sh
# Links anocir from its objects with the libc.a and libseccomp.a of this machine, or with those of other directories.
#   relink.sh OUTPUT [LIBRARY-DIRECTORY…]
# $CC: a gcc for the program's architecture, $OBJCOPY: its objcopy
set -eu
output=$1
shift
cd "$(dirname "$0")"
set -- "$@" --
while [ "$1" != -- ]; do
    directory=$1
    shift
    set -- "$@" "-L$directory"
done
shift
# shellcheck disable=SC2046 # a list of words
"${CC:-gcc}" -o "$output" "$@" $(cat arguments)
"${OBJCOPY:-objcopy}" --strip-debug --strip-unneeded "$output"
