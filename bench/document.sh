#!/bin/bash
# Puts the figures of make bench-engines into docs/performance.md, and their picture beside it.
#   document.sh DIRECTORY       with bench.json, bench.md and bench.svg
set -euo pipefail
figures=$(realpath "$1")
cd "$(dirname "$0")/.."
cp "$figures/bench.svg" docs/performance-engines.svg
{
    sed '/^<!-- bench-engines -->$/q' docs/performance.md
    jq -r '"\(.date), \(.cpus) CPUs, kernel \(.kernel); \(.engines | join("; ")).\n"' "$figures/bench.json"
    cat "$figures/bench.md"
    printf '\n![the same as bars](performance-engines.svg)\n\n'
    sed -n '/^<!-- \/bench-engines -->$/,$p' docs/performance.md
} >"$figures/performance.md"
cp "$figures/performance.md" docs/performance.md
