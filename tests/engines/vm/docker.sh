#!/bin/bash
# Docker with systemd's cgroups of version 2, and anocir.
set -uo pipefail
# shellcheck source=tests/engines/vm/lib.sh
. "$(dirname "$0")/lib.sh"

export DOCKER_HOST=unix://$WORK/sock DOCKER_CONFIG=$WORK/config
# On the disk: a tmpfs takes the machine's memory.
mkdir -p /var/lib/work
dockerd --config-file /dev/null --exec-opt native.cgroupdriver=systemd --storage-driver overlay2 --data-root /var/lib/work/docker --exec-root "$WORK/exec" \
    --pidfile "$WORK/pid" -H "$DOCKER_HOST" --iptables=false --ip6tables=false --bridge none --add-runtime "anocir=$ANOCIR" --default-runtime anocir \
    >"$WORK/log" 2>&1 &
daemon=$!
wait_for 240 docker version || { grep -v level=info "$WORK/log" | tail -n 5; exit 1; }
image | docker import - img >/dev/null
run=(docker run --rm --network none)

# shellcheck disable=SC2016 # for the shell in the container
is "info: systemd, version 2, and the runtime" 0 "systemd 2 anocir" docker info --format '{{.CgroupDriver}} {{.CgroupVersion}} {{.DefaultRuntime}}'
is "exit code of the program" 7 "" "${run[@]}" img sh -c 'exit 7'
is "127: no such program" 127 '*OCI runtime create failed: *"nope": executable file not found in $PATH*' "${run[@]}" img nope
is "a scope of systemd below the given slice, with its limits" 0 "0::/mine.slice/docker-*.scope
41943040 33 50000 100000 59" \
    "${run[@]}" --cgroup-parent mine.slice --cgroupns host -m 40m --pids-limit 33 --cpus 0.5 --cpu-shares 512 img \
    sh -c 'cat /proc/self/cgroup; cd /sys/fs/cgroup$(cut -d : -f 3 /proc/self/cgroup) && echo $(cat memory.max pids.max cpu.max cpu.weight)'
is "a cgroup namespace, device rules, seccomp" 0 "0::/ 1 2" "${run[@]}" img \
    sh -c 'mknod /dev/other c 10 229; echo $(cat /proc/self/cgroup) $( (: </dev/other) 2>&1 | grep -c "not permitted") $(awk "/^Seccomp:/ { print \$2 }" /proc/self/status)'
is "a terminal" 0 "30 90" "${terminal[@]}" size:30x90 -- "${run[@]}" -it img sh -c 'while [ "$(stty size)" = "0 0" ]; do sleep 0.1; done; stty size'

docker run -d --name one --network none --health-cmd 'echo >>/tmp/beats' --health-interval 1s --health-timeout 60s img sh -c 'trap "exit 3" TERM; while :; do sleep 1; done' >/dev/null
id=$(docker inspect -f '{{.Id}}' one)
is "systemd knows its scope" 0 "/system.slice/docker-$id.scope active" bash -c 'echo $(systemctl show --property ControlGroup --property ActiveState --value "$0")' "docker-$id.scope"
is "exec" 5 "inside" docker exec one sh -c 'echo inside; exit 5'
is "exec with a terminal" 0 "/dev/pts/*" "${terminal[@]}" -- docker exec -it one tty
is "pause, unpause" 0 "one
paused
one" bash -c 'docker pause one; docker inspect -f "{{.State.Status}}" one; docker unpause one'
is "stats" 0 "one *iB*" docker stats --no-stream --format '{{.Name}} {{.MemUsage}} {{.PIDs}}' one
is "update" 0 "one*" docker update --memory 64m --memory-swap 64m --pids-limit 55 one
is "what is updated" 0 "67108864 55" docker exec one sh -c 'echo $(cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/pids.max)'
is "and systemd knows it" 0 "67108864 55" bash -c 'echo $(systemctl show --property MemoryMax --property TasksMax --value "$0")' "docker-$id.scope"
systemctl daemon-reload
is "it stays when systemd reads its units anew" 0 "67108864 55" docker exec one sh -c 'echo $(cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/pids.max)'
becomes "health checks" 120 "healthy" docker inspect -f '{{.State.Health.Status}}' one
is "stop" 0 "one" docker stop -t 60 one
is "its exit code" 0 "3" docker inspect -f '{{.State.ExitCode}}' one
is "its scope is gone" 0 "inactive" systemctl show --property ActiveState --value "docker-$id.scope"
docker rm -f one >/dev/null
docker run -d --name eater --network none -m 16m --memory-swap 16m img sh -c "$eat" >/dev/null
becomes "out of memory" 60 "running true" docker inspect -f '{{.State.Status}} {{.State.OOMKilled}}' eater
docker rm -f eater >/dev/null
kill "$daemon"
wait "$daemon" 2>/dev/null
nothing_of_systemd_is_left "$WORK/exec/runtime-runc/moby"
finish "docker (systemd, cgroup v2)"
