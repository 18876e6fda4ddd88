#!/bin/bash
# Podman as root, with anocir as its runtime.
set -uo pipefail
# shellcheck source=tests/engines/lib.sh
. "$(dirname "$0")/lib.sh"
trap 'p rm -af -t 0 >/dev/null 2>&1; rm -rf "$WORK"' EXIT

p=(podman --runtime "$ANOCIR" --cgroup-manager=cgroupfs --events-backend=file --storage-driver vfs --root "$WORK/root" --runroot "$WORK/run"
    --tmpdir "$WORK/tmp")
p() { "${p[@]}" "$@"; }
image | p import - img >/dev/null 2>&1
run=("${p[@]}" run --rm --network none)

is "info names the runtime" 0 "$ANOCIR" "${p[@]}" info --format '{{.Host.OCIRuntime.Path}}'
is "run" 0 "hello" "${run[@]}" img echo hello
is "exit code of the program" 7 "" "${run[@]}" img sh -c 'exit 7'
is "126: not executable" 126 '*"/etc/passwd": permission denied*' "${run[@]}" img /etc/passwd
is "127: no such program" 127 '*"nope": executable file not found in $PATH*' "${run[@]}" img nope
is "user, working directory, environment, host name" 0 "1000 /tmp x h1" \
    "${run[@]}" -u 1000 -w /tmp -e A=x -h h1 img sh -c 'echo $(id -u) $(pwd) $A $(hostname)'
is "read-only root, tmpfs, volume" 0 "*Read-only*written" \
    "${run[@]}" --read-only --tmpfs /tmp -v "$WORK:/vol:ro" img sh -c 'touch /a; touch /vol/a; echo written >/tmp/a && cat /tmp/a'
is "one capability" 0 "CapEff:	0000000000001000" "${run[@]}" --cap-drop ALL --cap-add NET_ADMIN img grep CapEff /proc/self/status
is "user namespace" 0 "0 100000 65536" "${run[@]}" --uidmap 0:100000:65536 img sh -c 'echo $(cat /proc/self/uid_map)'
is "no cgroup" 0 "hello" "${run[@]}" --cgroups=disabled img echo hello
is "a terminal" 0 "/dev/pts/*" script -qec "${run[*]} -it img tty" /dev/null

is "detached" 0 "*" "${p[@]}" run -d --name one --network none img sh -c 'trap "exit 3" TERM; while :; do sleep 0.1; done'
is "ps" 0 "one Up*" "${p[@]}" ps --format '{{.Names}} {{.Status}}'
is "stop" 0 "one" "${p[@]}" stop -t 20 one
is "its exit code" 0 "3" "${p[@]}" inspect -f '{{.State.ExitCode}}' one
is "start again" 0 "one" "${p[@]}" start one
is "kill" 0 "one" "${p[@]}" kill one
is "wait" 0 "137" "${p[@]}" wait one
is "rm" 0 "one" "${p[@]}" rm -f -t 0 one
is "the state is gone" 0 "" leftovers /run/anocir
finish podman
