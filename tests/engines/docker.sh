#!/bin/bash
# Docker with anocir as a runtime of its own name, and as the default one.
set -uo pipefail
# shellcheck source=tests/engines/lib.sh
. "$(dirname "$0")/lib.sh"

start() { # OPTIONS…: a dockerd of our own
    dockerd --exec-opt native.cgroupdriver=cgroupfs --bridge=none --iptables=false --ip6tables=false --storage-driver vfs \
        --data-root "$WORK/data" --exec-root "$WORK/exec" --pidfile "$WORK/pid" -H "unix://$WORK/sock" "$@" >"$WORK/log" 2>&1 &
    daemon=$!
    wait_for 60 docker version || { tail -n 5 "$WORK/log"; exit 1; }
}

stop() {
    kill "$daemon"
    wait "$daemon" 2>/dev/null
}

export DOCKER_HOST=unix://$WORK/sock
trap 'stop; rm -rf "$WORK"' EXIT
start --add-runtime "anocir=$ANOCIR"
image | docker import - img >/dev/null
run=(docker run --rm --network none --runtime anocir)

is "info names the runtime" 0 "*anocir*" docker info --format '{{json .Runtimes}}'
is "run" 0 "hello" "${run[@]}" img echo hello
is "exit code of the program" 7 "" "${run[@]}" img sh -c 'exit 7'
is "126: not executable" 126 '*"/etc/passwd": permission denied*' "${run[@]}" img /etc/passwd
is "127: no such program" 127 '*"nope": executable file not found in $PATH*' "${run[@]}" img nope
is "125: what the daemon refuses" 125 "*" "${run[@]}" --memory 1 img true
is "a terminal of its own size" 0 "24 80*" script -qec "stty rows 24 cols 80; docker run --rm -it --network none --runtime anocir img stty size" /dev/null
is "user, groups" 0 "1000:1000" "${run[@]}" -u 1000:1000 img sh -c 'echo $(id -u):$(id -g)'
is "working directory, environment, host name" 0 "/tmp x h1" "${run[@]}" -w /tmp -e A=x -h h1 img sh -c 'echo $(pwd) $A $(hostname)'
is "read-only root, tmpfs, volume" 0 "*Read-only*written" \
    "${run[@]}" --read-only --tmpfs /tmp -v "$WORK:/vol:ro" img sh -c 'touch /a; touch /vol/a; echo written >/tmp/a && cat /tmp/a'
is "no capabilities but one" 0 "CapEff:	0000000000001000" "${run[@]}" --cap-drop ALL --cap-add NET_ADMIN img grep CapEff /proc/self/status
is "sysctl, ulimit" 0 "1 100" "${run[@]}" --sysctl net.ipv4.ip_forward=1 --ulimit nofile=100:200 img \
    sh -c 'echo $(cat /proc/sys/net/ipv4/ip_forward) $(ulimit -n)'
is "init" 0 "*/sbin/docker-init*" "${run[@]}" --init img ps
is "privileged sees the host's devices" 0 "" "${run[@]}" --privileged img test -e /dev/loop-control -o -e /dev/mem -o -e /dev/vda -o -e /dev/ubda
is "device" 0 "*/dev/mynull" "${run[@]}" --device /dev/null:/dev/mynull img ls /dev/mynull
is "masked and read-only paths" 0 "*Read-only*" "${run[@]}" img sh -c 'echo 1 >/proc/sys/kernel/hostname; true'
is "limits are in the cgroup" 0 "41943040 33" "${run[@]}" -m 40m --pids-limit 33 img sh -c \
    'echo $(cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max 2>/dev/null) $(cat /sys/fs/cgroup/pids/pids.max /sys/fs/cgroup/pids.max 2>/dev/null)'

docker run -d --name one --network none --runtime anocir img sh -c 'trap "echo got >/tmp/term; exit 3" TERM RTMIN+3; while :; do sleep 0.1; done' >/dev/null
is "exec" 0 "inside" docker exec one echo inside
is "exec: user, environment, directory" 0 "1000 x /tmp" docker exec -u 1000 -e A=x -w /tmp one sh -c 'echo $(id -u) $A $(pwd)'
is "exec: exit code" 9 "" docker exec one sh -c 'exit 9'
is "exec: no such program" 127 '*"nope"*' docker exec one nope
is "exec with a terminal" 0 "/dev/pts/*" script -qec "docker exec -it one tty" /dev/null
is "cp in and out" 0 "copied" bash -c "echo copied >$WORK/f; docker cp -q $WORK/f one:/tmp/f && docker cp -q one:/tmp/f $WORK/g && cat $WORK/g"
is "pid, ipc, net of another container" 0 "*sleep 0.1*" "${run[@]}" --pid container:one --network container:one img ps
is "pause" 0 "one" docker pause one
is "paused" 0 "paused" docker inspect -f '{{.State.Status}}' one
is "exec in a paused one" 1 "*is paused*" docker exec one true
is "unpause" 0 "one" docker unpause one
is "stats" 0 "*one*" docker stats --no-stream one
is "top" 0 "*PID*sleep*" docker top one
is "update" 0 "one" docker update --memory 64m --memory-swap 64m one
is "stop" 0 "one" docker stop -t 20 one
is "its exit code" 0 "3" docker inspect -f '{{.State.ExitCode}}' one
is "start again" 0 "one" docker start one
is "kill with a real-time signal" 0 "one" docker kill -s RTMIN+3 one
is "wait" 0 "3" docker wait one
is "rm" 0 "one" docker rm -f one

docker run -d --name again --restart on-failure:2 --network none --runtime anocir img false >/dev/null
docker rm -f again >/dev/null

docker run -d --name healthy --health-cmd true --health-interval 1s --network none --runtime anocir img sleep 1000 >/dev/null
wait_for 60 sh -c 'test "$(docker inspect -f "{{.State.Health.Status}}" healthy)" = healthy'
is "health check" 0 "healthy" docker inspect -f '{{.State.Health.Status}}' healthy
docker rm -f healthy >/dev/null

is "out of memory" 137 "*" "${run[@]}" -m 16m img sh -c 'a=x; while :; do a=$a$a; done'
stop

start --add-runtime "anocir=$ANOCIR" --default-runtime anocir --userns-remap 100000:100000 --data-root "$WORK/data2" 2>/dev/null ||
    start --add-runtime "anocir=$ANOCIR" --default-runtime anocir
image | docker import - img >/dev/null
is "default runtime" 0 "anocir" docker info --format '{{.DefaultRuntime}}'
is "run by default" 0 "hello" docker run --rm --network none img echo hello
is "nothing is left" 0 "" leftovers "$WORK/exec/runtime-runc/moby"
finish docker
