#!/bin/sh
# Checks that the .NET runtime still has the functions that eng/Controller.targets redirects: a renamed one would be a
# redirection without effect, and the start of every command slower.
#   check-runtime.sh DIRECTORY SYMBOL...
set -eu
directory=$1
shift
defined=$("${CROSS_PREFIX:-}nm" --defined-only "$directory/libRuntime.WorkstationGC.a" "$directory/libaotminipal.a" 2>/dev/null | awk '$2 == "T" { print $3 }')
for symbol in "$@"; do
    if ! printf '%s\n' "$defined" | grep -qxF "$symbol"; then
        echo "error: the runtime's archives do not define $symbol any more: see eng/Controller.targets" >&2
        exit 1
    fi
done
