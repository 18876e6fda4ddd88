#!/bin/bash
# Docker with anocir as a runtime of its own name, as the default one with other ids, and in the place of runc.
set -uo pipefail
# shellcheck source=tests/engines/lib.sh
. "$(dirname "$0")/lib.sh"

export DOCKER_HOST=unix://$WORK/sock DOCKER_CONFIG=$WORK/config
engine_log=$WORK/log # for lib.sh
driver=vfs
grep -q '	overlay$' /proc/filesystems && driver=overlay2

start() { # OPTIONS…: a dockerd of our own
    dockerd --debug --config-file "$WORK/daemon.json" --exec-opt native.cgroupdriver=cgroupfs --storage-driver "$driver" --data-root "$WORK/data" \
        --exec-root "$WORK/exec" --pidfile "$WORK/pid" -H "unix://$WORK/sock" "$@" >>"$engine_log" 2>&1 &
    daemon=$!
    wait_for 120 docker version || { grep -vE 'level=(info|debug)' "$engine_log" | tail -n 5; exit 1; }
}

stop() {
    kill "$daemon"
    wait "$daemon" 2>/dev/null
}

# A container with one process in the background.
background() { # NAME OPTIONS… IMAGE COMMAND…
    docker run -d --network none --runtime anocir --name "$@" >/dev/null
}

echo '{ "runtimes": { "anocir": { "path": "'"$ANOCIR"'" }, "loud": { "path": "'"$ANOCIR"'", "runtimeArgs": ["--debug"] } } }' >"$WORK/daemon.json"
start --add-runtime "added=$ANOCIR" --experimental
image | docker import - img >/dev/null
run=(docker run --rm --network none --runtime anocir)
# shellcheck disable=SC2016 # for the shell in the container

# It lives until the end: a check each second for a minute.
background healthy --health-cmd 'echo >>/tmp/beats' --health-interval 1s --health-timeout 30s img sleep 100000
shim=$(pgrep -f "containerd-shim.*-id $(docker inspect -f '{{.Id}}' healthy)" | head -n 1)
becomes "health check" 60 "healthy" docker inspect -f '{{.State.Health.Status}}' healthy
open_at_first=$(ls "/proc/$shim/fd" | wc -l)

is "info names the runtimes" 0 '*"added"*"anocir"*"loud"*' docker info --format '{{json .Runtimes}}'
is "info has its features" 0 '*org.opencontainers.runtime-spec.features*mountOptions*' docker info --format '{{json .Runtimes}}'
is "run" 0 "hello" "${run[@]}" img echo hello
is "run by the option's name" 0 "hello" docker run --rm --network none --runtime added img echo hello
echo '{ "runtimes": { "anocir": { "path": "'"$ANOCIR"'" }, "loud": { "path": "'"$ANOCIR"'", "runtimeArgs": ["--debug"] }, "later": { "path": "'"$ANOCIR"'" } } }' >"$WORK/daemon.json"
kill -HUP "$daemon" # systemctl reload docker
becomes "a runtime that comes later" 30 '*"later"*' docker info --format '{{json .Runtimes}}'
is "run by that" 0 "hello" docker run --rm --network none --runtime later img echo hello
is "run with arguments of the runtime" 0 "hello" docker run --rm --network none --runtime loud img echo hello
is "both streams, input" 0 "in
out
err" bash -c 'echo in | "$@" 2>&1' _ "${run[@]}" -i img sh -c 'cat; echo out; sleep 0; echo err >&2'
is "exit code of the program" 7 "" "${run[@]}" img sh -c 'exit 7'
is "killed by a signal" 137 "" "${run[@]}" --init img sh -c 'kill -KILL $$'
is "126: not executable" 126 '*OCI runtime create failed: *"/etc/passwd": permission denied*' "${run[@]}" img /etc/passwd
is "126: a directory" 126 '*"/etc": *' "${run[@]}" img /etc
is "127: no such program" 127 '*OCI runtime create failed: *"nope": executable file not found in $PATH*' "${run[@]}" img nope
is "127: no such path" 127 '*"/bin/nope": *no such file or directory*' "${run[@]}" img /bin/nope
is "127: no such interpreter" 127 "*exec /bin/lost: no such file or directory*interpreter '/bin/nosuch'*" "${run[@]}" img /bin/lost
is "127: no name at all" 127 '*"": executable file not found in $PATH*' "${run[@]}" img ""
is "125: a directory onto a file" 125 '*/etc/passwd*not a directory*Are you trying to mount a directory onto a file*' "${run[@]}" -v "$WORK:/etc/passwd" img true
is "125: what the daemon refuses" 125 "*Minimum memory limit*" "${run[@]}" --memory 1 img true
is "125: what the runtime refuses" 125 "*OCI runtime create failed: *RLIMIT_NOFILE*process.rlimits*" "${run[@]}" --ulimit nofile=100000000000 img true

is "user, groups" 0 "1000:1000 1000 7" "${run[@]}" -u 1000:1000 --group-add 7 img sh -c 'echo $(id -u):$(id -g) $(id -G)'
is "working directory, environment, host name" 0 "/made/here x h1 d1" \
    "${run[@]}" -w /made/here -e A=x -h h1 --domainname d1 img sh -c 'echo $(pwd) $A $(hostname) $(cat /proc/sys/kernel/domainname)'
is "read-only root, tmpfs, volume" 0 "*/a: Read-only*/vol/a: Read-only*written" \
    "${run[@]}" --read-only --tmpfs /tmp:size=1m -v "$WORK:/vol:ro" img sh -c 'touch /a; touch /vol/a; echo written >/tmp/a && cat /tmp/a'
mkdir -p "$WORK/outer/inner"
mount -t tmpfs inner "$WORK/outer/inner"
is "a volume is read-only in its depth" 0 "*/vol/inner/a: Read-only*" \
    "${run[@]}" --mount "type=bind,src=$WORK/outer,dst=/vol,readonly,bind-recursive=readonly,bind-propagation=rprivate" img sh -c 'touch /vol/inner/a; true'
umount "$WORK/outer/inner"
is "a named volume keeps what is written" 0 "kept" bash -c '"$@" sh -c "echo kept >/v/f" && "$@" cat /v/f' _ "${run[@]}" -v named:/v img
is "shared memory" 0 "32768" "${run[@]}" --shm-size 32m img sh -c 'df -k /dev/shm | awk "END { print \$2 }"'
is "no capabilities but one" 0 "CapEff:	0000000000001000" "${run[@]}" --cap-drop ALL --cap-add NET_ADMIN img grep CapEff /proc/self/status
is "the usual capabilities" 0 "CapEff:	00000000a80425fb" "${run[@]}" img grep CapEff /proc/self/status
is "no new privileges" 0 "NoNewPrivs:	1" "${run[@]}" --security-opt no-new-privileges img grep NoNewPrivs /proc/self/status
is "seccomp" 0 "Seccomp:	2
unshare: *: Operation not permitted" "${run[@]}" img sh -c 'grep Seccomp: /proc/self/status; unshare -U true 2>&1; true'
is "no seccomp" 0 "Seccomp:	0" "${run[@]}" --security-opt seccomp=unconfined img grep Seccomp: /proc/self/status
is "sysctl, ulimit" 0 "1 100 200" "${run[@]}" --sysctl net.ipv4.ip_forward=1 --ulimit nofile=100:200 img \
    sh -c 'echo $(cat /proc/sys/net/ipv4/ip_forward) $(ulimit -Sn) $(ulimit -Hn)'
is "init" 0 "*1 root*/sbin/docker-init -- ps*" "${run[@]}" --init img ps
is "privileged: capabilities, devices, writable sysctls" 0 "" "${run[@]}" --privileged img sh -ec \
    'test -e /dev/loop-control -o -e /dev/mem -o -e /dev/vda -o -e /dev/ubda; mount -t tmpfs x /tmp; echo 1 >/proc/sys/net/ipv4/ip_forward'
is "device" 0 "/dev/mynull" "${run[@]}" --device /dev/null:/dev/mynull:rw img \
    sh -c 'echo x >/dev/mynull && ls /dev/mynull'
use_device='mknod /dev/other c 10 229; (: </dev/other) 2>&1 | grep -c "not permitted"; true'
is "no other device" 0 "1" "${run[@]}" img sh -c "$use_device"
is "a rule for devices" 0 "0" "${run[@]}" --device-cgroup-rule 'c 10:229 r' img sh -c "$use_device"
is "masked and read-only paths" 0 "*Read-only*0*" "${run[@]}" img sh -c 'echo 1 >/proc/sys/kernel/hostname; ls /proc/acpi /sys/firmware 2>/dev/null | grep -c "^[a-z]"; true'
is "limits are in the cgroup" 0 "41943040 33" "${run[@]}" -m 40m --pids-limit 33 img sh -c \
    "echo \$(cat $(of_cgroup memory/memory.limit_in_bytes memory.max)) \$(cat $(of_cgroup pids/pids.max pids.max))"
if on_v2; then
    is "CPU limits" 0 "50000 100000 59" "${run[@]}" --cpus 0.5 --cpu-shares 512 img sh -c 'echo $(cat /sys/fs/cgroup/cpu.max) $(cat /sys/fs/cgroup/cpu.weight)'
else
    is "CPU limits" 0 "50000 100000 512 0" "${run[@]}" --cpus 0.5 --cpu-shares 512 --cpuset-cpus 0 img \
        sh -c 'cd /sys/fs/cgroup && echo $(cat cpu/cpu.cfs_quota_us cpu/cpu.cfs_period_us cpu/cpu.shares cpuset/cpuset.cpus)'
fi
is "a cgroup namespace" 0 "/" "${run[@]}" --cgroupns private img sh -c 'sed -n "s/.*:.*://p" /proc/self/cgroup | sort -u'
is "a cgroup parent" 0 "*/mine/*" "${run[@]}" --cgroup-parent /mine --cgroupns host img cat /proc/self/cgroup
# shellcheck disable=SC2016 # for either shell
list='for n in pid uts ipc net; do readlink /proc/self/ns/$n; done'
is "namespaces of the host" 0 "4" docker run --rm --runtime anocir --pid host --uts host --ipc host --network host -e "HOST=$(eval "$list")" img \
    sh -c "($list; echo \"\$HOST\") | sort | uniq -d | wc -l"

# Another root file system than busybox's: Debian's, made by debootstrap.
debian_image | docker import - debian >/dev/null
is "a Debian image" 0 "Debian GNU/Linux* ii bash *" "${run[@]}" debian bash -c '. /etc/os-release; echo "$PRETTY_NAME" $(dpkg-query --list bash | tail -n 1)'
is "a login in it" 0 "nobody /" "${run[@]}" --tmpfs /run debian su -s /bin/bash nobody -c 'cd / && echo $(whoami) $PWD'
is "its interpreter" 0 "perl 5*" "${run[@]}" -u nobody debian perl -e 'print "perl $^V\n" =~ s/v//r'

# Networks: a bridge, an address, a name, a published port.
if docker network inspect bridge >/dev/null 2>&1; then
    docker run -d --name web -p 127.0.0.1:8080:80 --runtime anocir img sh -c 'cd /etc && httpd -f -p 80' >/dev/null
    becomes "a published port" 30 "root:x:0:*" busybox wget -q -O - http://127.0.0.1:8080/passwd
    is "a network of its own" 0 "*eth0*172.17.*" docker run --rm --runtime anocir img ip -4 addr
    is "the network of another container" 0 "root:x:0:*" docker run --rm --runtime anocir --network container:web img wget -q -O - http://127.0.0.1/passwd
    docker rm -f web >/dev/null
fi

is "a terminal of its own size" 0 "30 90" "${terminal[@]}" size:30x90 -- "${run[@]}" -it img sh -c 'while [ "$(stty size)" = "0 0" ]; do sleep 0.1; done; stty size'
is "resize, Ctrl-C" 42 "*ready*40 100*interrupted" "${terminal[@]}" size:30x90 expect:ready size:40x100 expect:"40 100" 'send:\x03' -- \
    "${run[@]}" -it img sh -c 'trap "stty size" WINCH; trap "echo interrupted; exit 42" INT; echo ready; while :; do sleep 0.1; done'
is "detach" 0 "*ready*" "${terminal[@]}" 'send:go\n' expect:ready 'send:\x10\x11' -- docker run -it --name left --network none --runtime anocir img sh -c 'read go; echo ready; read x; echo got $x; exit 5'
is "attach again" 5 "*got it" "${terminal[@]}" 'send:it\n' -- docker attach left
docker rm -f left >/dev/null

background one img sh -c 'trap "echo got >/tmp/term; exit 3" TERM 37; trap "echo usr1" USR1; while :; do sleep 0.1; done'
is "exec" 0 "inside" docker exec one echo inside
is "exec with input" 0 "typed" bash -c 'echo typed | docker exec -i one cat'
is "exec: user, environment, directory" 0 "1000 x /tmp" docker exec -u 1000 -e A=x -w /tmp one sh -c 'echo $(id -u) $A $(pwd)'
is "exec: exit code" 9 "" docker exec one sh -c 'exit 9'
is "exec: 127" 127 '*OCI runtime exec failed: *"nope": executable file not found in $PATH*' docker exec one nope
is "exec: 126" 126 '*"/etc/passwd": permission denied*' docker exec one /etc/passwd
is "exec: no such directory" 127 "*'/nosuch'*no such file or directory*" docker exec -w /nosuch one true
is "exec with a terminal" 0 "/dev/pts/*" "${terminal[@]}" -- docker exec -it one tty
is "exec privileged" 0 "CapEff:	0000*ffff" docker exec --privileged one grep CapEff /proc/self/status
docker exec -d one sh -c 'echo $$ >/tmp/detached; exec sleep 100000'
becomes "exec detached" 30 "1" docker exec one sh -c 'ps | grep -c "[s]leep 100000"'
is "cp in and out" 0 "copied" bash -c "echo copied >$WORK/f; docker cp -q $WORK/f one:/tmp/f && docker cp -q one:/tmp/f $WORK/g && cat $WORK/g"
is "pid, ipc, net of another container" 0 "*sleep 0.1*" docker run --rm --runtime anocir --pid container:one --network container:one img ps
is "ipc of another container" 0 "shared" bash -c 'docker run -d --name ipc --ipc shareable --network none --runtime anocir img sh -c "echo shared >/dev/shm/f; sleep 100000" >/dev/null
    for i in 1 2 3 4 5 6 7 8 9; do "$@" test -e /dev/shm/f && break; done; "$@" cat /dev/shm/f' _ "${run[@]}" --ipc container:ipc img
docker rm -f ipc >/dev/null
# The places that docs/docker.md names, below this daemon's --exec-root.
id=$(docker inspect -f '{{.Id}}' one) bundle=$WORK/exec/containerd/daemon/io.containerd.runtime.v2.task/moby
is "the state" 0 "*$id *running*" "$ANOCIR" --root "$WORK/exec/runtime-runc/moby" list
is "the bundle" 0 "*" "$ANOCIR" check "$bundle/$id"
is "its plan" 0 "*waitForStart*" "$ANOCIR" plan --bundle "$bundle/$id"
is "a signal that it handles" 0 "one" docker kill -s USR1 one
becomes "its output" 30 "usr1" docker logs one
is "pause" 0 "one" docker pause one
is "paused" 0 "paused" docker inspect -f '{{.State.Status}}' one
is "exec in a paused one" 1 "*is paused*" docker exec one true
is "unpause" 0 "one" docker unpause one
is "stats" 0 "one *iB*" docker stats --no-stream --format '{{.Name}} {{.MemUsage}} {{.PIDs}}' one
is "top" 0 "*PID*sleep*" docker top one
is "update" 0 "one" docker update --memory 64m --memory-swap 64m --pids-limit 55 --cpus 0.5 --restart on-failure one
is "what is updated" 0 "67108864 55" docker exec one sh -c "echo \$(cat $(of_cgroup memory/memory.limit_in_bytes memory.max)) \$(cat $(of_cgroup pids/pids.max pids.max))"
docker update --restart no one >/dev/null
is "stop" 0 "one" docker stop -t 60 one
is "its exit code" 0 "3" docker inspect -f '{{.State.ExitCode}}' one
is "start again" 0 "one" docker start one
is "kill with a real-time signal" 0 "one" docker kill -s RTMIN+3 one
is "wait" 0 "3" docker wait one
is "start once more" 0 "one" docker start one
is "kill" 0 "one" docker kill one
is "its exit code is of the signal" 0 "137" docker wait one
is "rm" 0 "one" docker rm -f one
docker run -d --name slow --network none --runtime anocir --stop-signal RTMIN+3 --stop-timeout 60 img sh -c 'trap "exit 4" 37; echo ready; while :; do sleep 0.1; done' >/dev/null
becomes "ready" 30 "ready" docker logs slow
is "stop by the image's signal" 0 "4" bash -c 'docker stop slow >/dev/null; docker inspect -f "{{.State.ExitCode}}" slow'
is "rename, and its start" 0 "other" bash -c 'docker rename slow other && docker start other && docker rm -f other >/dev/null'

# Docker 28 cannot restore into a network namespace that it makes (moby: bind-mount /proc/0/ns/net), so with the host's. What is restored counts on, and
# does not say again that it starts. It has no child: CRIU cannot stop a shell while a child of vfork(2) has not executed its program yet.
# shellcheck disable=SC2016 # for the shell in the container
docker run -d --name saved --network host --runtime anocir -m 64m img sh -c 'trap "exit 3" TERM; echo started; mkfifo /tmp/p; exec 3<>/tmp/p; i=0; while :; do i=$((i + 1)); echo $i >/tmp/n; read -t 0.1 x <&3; done' >/dev/null
# shellcheck disable=SC2016 # for the other shell
counts='n=$(docker exec saved cat /tmp/n) && until [ "$(docker exec saved cat /tmp/n)" -gt "$n" ]; do sleep 0.1; done && docker logs saved'
becomes "it counts" 30 "started" bash -c "$counts"
is "checkpoint, and it goes on" 0 "first" docker checkpoint create --leave-running saved first
is "it counts on" 0 "started" bash -c "$counts"
is "checkpoint" 0 "second" docker checkpoint create saved second
becomes "it has ended" 30 "exited 137" docker inspect -f '{{.State.Status}} {{.State.ExitCode}}' saved
is "both are there" 0 "*first*second*" docker checkpoint ls saved
is "start from a checkpoint" 0 "" docker start --checkpoint second saved
is "it goes on" 0 "started" bash -c "$counts"
is "its limit" 0 "67108864" docker exec saved cat "$(of_cgroup memory/memory.limit_in_bytes memory.max)"
is "checkpoint to a directory" 0 "third" docker checkpoint create --leave-running --checkpoint-dir "$WORK/checkpoints" saved third
is "stop what was restored" 0 "3" bash -c 'docker stop -t 60 saved >/dev/null; docker inspect -f "{{.State.ExitCode}}" saved'
is "start anew" 0 "saved" docker start saved
docker rm -f saved >/dev/null

docker run -d --name again --restart on-failure:2 --network none --runtime anocir img sh -c 'exit 6' >/dev/null
becomes "restart on failure" 60 "2 exited 6" docker inspect -f '{{.RestartCount}} {{.State.Status}} {{.State.ExitCode}}' again
docker rm -f again >/dev/null
docker run -d --name always --restart always --network none --runtime anocir img sleep 100000 >/dev/null
kill -KILL "$(docker inspect -f '{{.State.Pid}}' always)"
becomes "restart after a kill" 60 "1 running" docker inspect -f '{{.RestartCount}} {{.State.Status}}' always
docker rm -f always >/dev/null

# The program is its child: an engine that hears of the end of a container first forgets why it came.
background eater -m 16m --memory-swap 16m img sh -c "$eat"
becomes "out of memory" 60 "running true" docker inspect -f '{{.State.Status}} {{.State.OOMKilled}}' eater
docker kill eater >/dev/null
is "its end" 0 "137 true" docker inspect -f '{{.State.ExitCode}} {{.State.OOMKilled}}' eater
docker rm eater >/dev/null

# shellcheck disable=SC2016 # for the shell in between
eight='cd "$0" && jobs=() && for name in many1 many2 many3 many4 many5 many6 many7 many8; do
    docker run --rm --name $name --network none --runtime anocir img echo $name >$name 2>&1 &
    jobs[${#jobs[@]}]=$!
done; wait "${jobs[@]}"; echo $(cat many[1-8])'
is "eight at once" 0 "many1 many2 many3 many4 many5 many6 many7 many8" bash -c "$eight" "$WORK"

# The minute of health checks.
becomes "sixty health checks" 180 "enough" docker exec healthy sh -c '[ $(wc -l </tmp/beats) -ge 60 ] && echo enough'
is "no health check failed" 0 "healthy 0" docker inspect -f '{{.State.Health.Status}} {{.State.Health.FailingStreak}}' healthy
becomes "they have left no process" 30 "1" sh -c "docker top healthy -o pid | grep -c '[0-9]'"
becomes "and no dead one" 30 "0" sh -c "ps -e -o stat= | grep -c ^Z"
becomes "and no file descriptor" 30 "few" sh -c "[ \$(ls /proc/$shim/fd | wc -l) -le $((open_at_first + 2)) ] && echo few || ls -l /proc/$shim/fd"
becomes "and nothing in the state" 30 "$(docker inspect -f '{{.Id}}' healthy)" ls -I @seccomp "$WORK/exec/runtime-runc/moby"

# A daemon that goes and comes back finds what runs.
stop
start --add-runtime "added=$ANOCIR" --live-restore
is "a new daemon has the old container stopped" 0 "exited" docker inspect -f '{{.State.Status}}' healthy
docker start healthy >/dev/null
kill -KILL "$daemon"
wait "$daemon" 2>/dev/null
rm -f "$WORK/pid"
start --add-runtime "added=$ANOCIR" --live-restore
is "a container outlives the daemon" 0 "running" docker inspect -f '{{.State.Status}}' healthy
is "exec in it" 0 "back" docker exec healthy echo back
is "its end" 0 "healthy" docker rm -f healthy
stop

# In the place of runc: what BuildKit and everything else that asks for "runc" execute.
ln -s "$ANOCIR" /usr/local/sbin/runc
start
is "run as runc" 0 "hello" docker run --rm --network none img echo hello
# The same, writing down how it was called.
printf '#!/bin/sh\necho "$*" >>%s/calls\nexec %s "$@"\n' "$WORK" "$ANOCIR" >"$WORK/runc"
chmod 755 "$WORK/runc"
ln -sf "$WORK/runc" /usr/local/sbin/runc
mkdir -p "$WORK/context"
echo data >"$WORK/context/file"
cat >"$WORK/context/Dockerfile" <<'DOCKERFILE'
FROM img AS one
COPY file /file
RUN --mount=type=tmpfs,target=/scratch --mount=type=cache,target=/cache id >/who && touch /scratch/x /cache/x && test "$(cat /file)" = data
USER 1000:1000
WORKDIR /tmp
RUN --network=none id -u >/tmp/user && pwd >>/tmp/user
FROM img
COPY --from=one /who /tmp/user /
DOCKERFILE
is "build with BuildKit" 0 "*" docker build --progress plain -t built "$WORK/context"
is "what was built" 0 "uid=0(root) gid=0(root)*1000 /tmp" docker run --rm --network none built sh -c 'cat /who; echo $(cat /user)'
is "the runtime built it" 0 "*--log-format json run --*" grep buildkit "$WORK/calls"
printf 'FROM img\nRUN exit 3\n' >"$WORK/context/Dockerfile"
is "a build that fails" 1 '*"/bin/sh -c exit 3" did not complete successfully: exit code: 3*' docker build --progress plain "$WORK/context"
printf 'FROM img\nRUN ["nope"]\n' >"$WORK/context/Dockerfile"
is "a build without its program" 1 '*"nope": executable file not found in $PATH*' docker build --progress plain "$WORK/context"
stop

# For everything, with other ids.
echo '{ "runtimes": { "anocir": { "path": "'"$ANOCIR"'" } }, "default-runtime": "anocir", "userns-remap": "default" }' >"$WORK/daemon.json"
start
image | docker import - img >/dev/null
is "default runtime" 0 "anocir" docker info --format '{{.DefaultRuntime}}'
is "other ids" 0 "0 100000 1048576 root" docker run --rm --network none img sh -c 'echo $(cat /proc/self/uid_map) $(stat -c %U /etc)'
is "other ids: limits, tmpfs, a user" 0 "1000 33" docker run --rm --network none --pids-limit 33 --tmpfs /t -u 1000 img sh -c "echo \$(id -u) \$(cat $(of_cgroup pids/pids.max pids.max))"
is "other ids: a terminal" 0 "/dev/pts/0" "${terminal[@]}" -- docker run --rm -it --network none img tty
docker run -d --name mapped --network none img sleep 100000 >/dev/null
is "other ids: exec" 0 "0 100000 1048576" docker exec mapped sh -c 'echo $(cat /proc/self/uid_map)'
is "other ids: the host's view" 0 "100000" sh -c 'stat -c %u /proc/$(docker inspect -f "{{.State.Pid}}" mapped)'
is "the host's ids" 0 "0 0 4294967295" docker run --rm --userns host --network none img sh -c 'echo $(cat /proc/self/uid_map)'
is "other ids: 127" 127 '*"nope": executable file not found in $PATH*' docker run --rm --network none img nope
docker rm -f mapped >/dev/null
stop

umount "$WORK/data" "$WORK/exec/netns/default" 2>/dev/null # dockerd's own
nothing_is_left 'docker|docker/buildkit|mine' "$WORK/exec/runtime-runc/moby" /run/docker/runtime-runc/moby
[ "$failed" = 0 ] || cp "$engine_log" "$OUT/docker.log"
finish docker
