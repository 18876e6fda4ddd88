#!/bin/sh
# Gates of anocir-init.
#   check-init.sh symbols OBJECT    undefined symbols against eng/symbols.init.txt
#   check-init.sh size PROGRAM ARCH    text + rodata + data against eng/budgets.json; ARCH: x64 or arm64, whose instructions take more bytes
set -eu
eng=$(dirname "$0")
nm=${CROSS_PREFIX:-}nm size=${CROSS_PREFIX:-}size

case $1 in
symbols)
    bad=$("$nm" -u "$2" | awk '{ print $2 }' | while read -r symbol; do
        grep -qx "$symbol" "$eng/symbols.init.txt" || printf ' %s' "$symbol"
    done)
    if [ -n "$bad" ]; then
        echo "error: anocir-init refers to symbols outside eng/symbols.init.txt:$bad" >&2
        echo "error: a runtime helper here means C# that needs a runtime (see src/Anocir.Init/CoreLib/README.md)" >&2
        exit 1
    fi
    ;;
size)
    property=initBytes
    [ "$3" != arm64 ] || property=initBytesArm64
    budget=$(sed -n "s/.*\"$property\": *\([0-9]*\).*/\1/p" "$eng/budgets.json")
    bytes=$("$size" -A "$2" | awk '$1 ~ /^(\.|__)/ && $1 != ".bss" && $1 != ".comment" { n += $2 } END { print n }')
    if [ "$bytes" -gt "$budget" ]; then
        echo "error: anocir-init has $bytes bytes of text, rodata and data: $((bytes - budget)) over the budget of $budget" \
            "($property in eng/budgets.json)" >&2
        "$size" -A "$2" >&2
        exit 1
    fi
    echo "anocir-init: $bytes bytes of text, rodata and data (budget $budget)"
    ;;
esac
