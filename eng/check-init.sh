#!/bin/sh
# Gates of anocir-init.
#   check-init.sh symbols OBJECT    undefined symbols against eng/symbols.init.txt
#   check-init.sh size PROGRAM      text + rodata + data against eng/budgets.json
set -eu
eng=$(dirname "$0")

case $1 in
symbols)
    bad=$(nm -u "$2" | awk '{ print $2 }' | while read -r symbol; do
        grep -qx "$symbol" "$eng/symbols.init.txt" || printf ' %s' "$symbol"
    done)
    if [ -n "$bad" ]; then
        echo "error: anocir-init refers to symbols outside eng/symbols.init.txt:$bad" >&2
        echo "error: a runtime helper here means C# that needs a runtime (see src/Anocir.Init/CoreLib/README.md)" >&2
        exit 1
    fi
    ;;
size)
    budget=$(sed -n 's/.*"initBytes": *\([0-9]*\).*/\1/p' "$eng/budgets.json")
    bytes=$(size -A "$2" | awk '$1 ~ /^(\.|__)/ && $1 != ".bss" && $1 != ".comment" { n += $2 } END { print n }')
    if [ "$bytes" -gt "$budget" ]; then
        echo "error: anocir-init has $bytes bytes of text, rodata and data: $((bytes - budget)) over the budget of $budget" \
            "(initBytes in eng/budgets.json)" >&2
        size -A "$2" >&2
        exit 1
    fi
    echo "anocir-init: $bytes bytes of text, rodata and data (budget $budget)"
    ;;
esac
