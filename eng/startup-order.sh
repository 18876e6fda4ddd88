#!/bin/bash
# make order: writes eng/startup-order.txt, the functions that the usual commands execute, in the order of their first use. The compiler and the
# linker lay them out one behind the other, so that a start maps few pages. An emulator tells which ones they are. Names that
# disappear are passed over by the build; run this again when the start has changed much.
#   startup-order.sh ANOCIR      (root; the program's symbols are found beside the build's output)
set -euo pipefail
anocir=$(realpath "$1")
here=$(dirname "$(realpath "$0")")
symbols=$(find "$here/../artifacts/bin/Anocir.Cli" -name anocir.dbg | head -1)
command -v qemu-x86_64 >/dev/null || apt-get install -qq -y --no-install-recommends qemu-user >/dev/null

work=$(mktemp -d)
trap '"$anocir" --root "$work/state" delete --force order 2>/dev/null; rm -rf "$work"' EXIT
mkdir -p "$work/bundle/rootfs/bin"
cp /bin/busybox "$work/bundle/rootfs/bin/"
"$anocir" spec --bundle "$work/bundle"
program() { # PROGRAM ARGUMENT…
    jq -c '.process.terminal = false | .process.args = $ARGS.positional | .linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW",
        syscalls: [{names: ["reboot"], action: "SCMP_ACT_ERRNO"}]} | .mounts += [{destination: "/mnt", source: "/tmp", options: ["rbind", "ro"]}]' \
        "$work/bundle/config.json" --args "$@" >"$work/new"
    mv "$work/new" "$work/bundle/config.json"
}

# The emulator cannot do the last step of a foreground command (execveat), hence the failures.
number=100
trace() { # ARGUMENT…
    number=$((number + 1))
    qemu-x86_64 -d in_asm -D "$work/trace.$number" "$anocir" --root "$work/state" "$@" >/dev/null 2>&1 || true
}

trace --version
program /bin/busybox true
trace run --bundle "$work/bundle" order
"$anocir" --root "$work/state" delete --force order
program /bin/busybox sleep 1000
trace create --bundle "$work/bundle" order
trace start order
for command in "exec order /bin/busybox true" "exec --detach order /bin/busybox true" "state order" "kill order URG" "list" "ps order" "pause order" "resume order" \
    "delete --force order" "run --detach --bundle $work/bundle order"; do
    # shellcheck disable=SC2086 # words
    trace $command
done

nm --defined-only "$symbols" | awk '$2 ~ /^[tTwWiV]$/ { print $1, 1, $3 }' >"$work/table"
for file in "$work"/trace.*; do
    awk '/^IN:/ { first = 1; next } first && /^0x/ { first = 0; a = substr($1, 3); sub(/:.*/, "", a); if (!(a in seen)) { seen[a]; printf "%016s 2 %s.%09d\n", a, FILENAME, NR } }' "$file"
done | sed 's/^ */0000000000000000/; s/^0*\([0-9a-f]\{16\}\) /\1 /' >"$work/executed"
# Sorted by address, each executed block follows the function that it is in.
sort -s -k1,1 -k2,2n "$work/table" "$work/executed" |
    awk '$2 == 1 { name = $3; next } name != "" { print $3, name }' |
    sort | awk '!($2 in seen) { seen[$2]; print $2 }' >"$here/startup-order.txt"
wc -l "$here/startup-order.txt"
