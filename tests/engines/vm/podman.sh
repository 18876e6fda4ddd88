#!/bin/bash
# Podman as root, with scopes of systemd.
set -uo pipefail
# shellcheck source=tests/engines/vm/lib.sh
. "$(dirname "$0")/lib.sh"

configure_podman
image >"$WORK/image.tar"
podman import "$WORK/image.tar" localhost/img:latest >/dev/null 2>&1
run=(podman run --rm --network none)

# shellcheck disable=SC2016 # for the shell in the container
is "info: systemd, version 2, and the runtime" 0 "systemd v2 anocir" podman info --format '{{.Host.CgroupManager}} {{.Host.CgroupsVersion}} {{.Host.OCIRuntime.Name}}'
is "exit code of the program" 7 "" "${run[@]}" img sh -c 'exit 7'
is "127: no such program" 127 'Error: anocir: *"nope": executable file not found in $PATH*' "${run[@]}" img nope
is "a scope of systemd, with its limits" 0 "0::/machine.slice/libpod-*.scope*
41943040 33" "${run[@]}" --cgroupns host -m 40m --pids-limit 33 img \
    sh -c 'cat /proc/self/cgroup; cd /sys/fs/cgroup$(cut -d : -f 3 /proc/self/cgroup) && echo $(cat memory.max pids.max)'
is "no cgroup" 0 "hello" "${run[@]}" --cgroups=disabled img echo hello
is "as for systemd: a cgroup that can be written" 0 "made" "${run[@]}" --systemd=always img sh -c 'mkdir /sys/fs/cgroup/sub && echo made'
podman run -d --name one --network none img sh -c 'trap "exit 3" TERM; while :; do sleep 1; done' >/dev/null
is "exec" 5 "inside" podman exec one sh -c 'echo inside; exit 5'
is "pause, unpause" 0 "one
one" bash -c 'podman pause one && podman unpause one'
is "update" 0 "*" podman update --memory 64m --memory-swap 64m --pids-limit 55 one
is "what is updated" 0 "67108864 55" podman exec one sh -c 'echo $(cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/pids.max)'
is "stop" 0 "one" podman stop -t 60 one
is "its exit code" 0 "3" podman inspect -f '{{.State.ExitCode}}' one
is "rm" 0 "one" podman rm -f -t 0 one

podman rm -af -t 0 >/dev/null 2>&1
nothing_of_systemd_is_left /run/anocir
finish "podman (systemd, cgroup v2)"
