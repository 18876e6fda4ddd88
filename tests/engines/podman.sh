#!/bin/bash
# Podman and buildah as root, with anocir as the runtime of their configuration.
set -uo pipefail
# shellcheck source=tests/engines/lib.sh
. "$(dirname "$0")/lib.sh"

driver=vfs
grep -q '	overlay$' /proc/filesystems && driver=overlay
cat >"$WORK/containers.conf" <<CONF
[containers]
log_driver = "k8s-file"
default_ulimits = ["nofile=1024:4096", "nproc=1024:4096"]
[engine]
runtime = "anocir"
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime_supports_json = ["anocir"]
runtime_supports_nocgroup = ["anocir"]
[engine.runtimes]
anocir = ["$ANOCIR"]
CONF
cat >"$WORK/storage.conf" <<CONF
[storage]
driver = "$driver"
graphroot = "$WORK/root"
runroot = "$WORK/run"
CONF
export CONTAINERS_CONF=$WORK/containers.conf CONTAINERS_STORAGE_CONF=$WORK/storage.conf PODMAN_IGNORE_CGROUPSV1_WARNING=1 BUILDAH_RUNTIME=$ANOCIR
image | podman import - img >/dev/null 2>&1
run=(podman run --rm --network none)

# shellcheck disable=SC2016 # for the shell in the container
is "info names the runtime" 0 "anocir $ANOCIR" podman info --format '{{.Host.OCIRuntime.Name}} {{.Host.OCIRuntime.Path}}'
is "info has its version" 0 "anocir version *" podman info --format '{{.Host.OCIRuntime.Version}}'
is "run" 0 "hello" "${run[@]}" img echo hello
is "by its path" 0 "hello" podman --runtime "$ANOCIR" run --rm --network none img echo hello
is "with flags of the runtime" 0 "hello" podman --runtime-flag debug run --rm --network none img echo hello
is "both streams, input" 0 "in
out
err" bash -c 'echo in | "$@" 2>&1' _ "${run[@]}" -i img sh -c 'cat; echo out; sleep 0; echo err >&2'
is "exit code of the program" 7 "" "${run[@]}" img sh -c 'exit 7'
is "killed by a signal" 137 "" "${run[@]}" --init img sh -c 'kill -KILL $$'
is "126: not executable" 126 'Error: anocir: *"/etc/passwd": permission denied*' "${run[@]}" img /etc/passwd
is "126: a directory" 126 'Error: *"/etc": is a directory*' "${run[@]}" img /etc
is "127: no such program" 127 'Error: anocir: *"nope": executable file not found in $PATH*' "${run[@]}" img nope
is "127: no such path" 127 'Error: anocir: *"/bin/nope": *no such file or directory*' "${run[@]}" img /bin/nope
is "126: no such interpreter" 126 "*exec /bin/lost: no such file or directory*" "${run[@]}" img /bin/lost
is "125: what Podman refuses" 125 "Error: *CAP_NOSUCH*" "${run[@]}" --cap-add nosuch img true
is "126: what the runtime refuses" 126 "Error: anocir: *RLIMIT_NOFILE*process.rlimits*" "${run[@]}" --ulimit nofile=100000000000 img true
is "user, working directory, environment, host name" 0 "1000 7 /tmp x h1" \
    "${run[@]}" -u 1000 --group-add 7 -w /tmp -e A=x -h h1 img sh -c 'echo $(id -u) $(id -G | cut -d " " -f 2) $(pwd) $A $(hostname)'
is "read-only root, tmpfs, volume" 0 "*/a: Read-only*/vol/a: Read-only*written" \
    "${run[@]}" --read-only --tmpfs /tmp -v "$WORK:/vol:ro" img sh -c 'touch /a; touch /vol/a; echo written >/tmp/a && cat /tmp/a'
is "a volume of its own ids" 0 "1000" "${run[@]}" --uidmap 0:100000:65536 --gidmap 0:100000:65536 -v "$WORK/image:/vol:idmap=uids=0-101000-1;gids=0-101000-1" img stat -c %u /vol/bin
is "one capability" 0 "CapEff:	0000000000001000" "${run[@]}" --cap-drop ALL --cap-add NET_ADMIN img grep CapEff /proc/self/status
is "the usual capabilities" 0 "CapEff:	00000000800405fb" "${run[@]}" img grep CapEff /proc/self/status
is "seccomp, no new privileges" 0 "2 1" "${run[@]}" --security-opt no-new-privileges img sh -c 'echo $(awk "/^(Seccomp|NoNewPrivs):/ { print \$2 }" /proc/self/status | sort -r)'
is "no seccomp" 0 "Seccomp:	0" "${run[@]}" --security-opt seccomp=unconfined img grep Seccomp: /proc/self/status
is "sysctl, ulimit" 0 "1 100 200" "${run[@]}" --sysctl net.ipv4.ip_forward=1 --ulimit nofile=100:200 img sh -c 'echo $(cat /proc/sys/net/ipv4/ip_forward) $(ulimit -Sn) $(ulimit -Hn)'
is "init" 0 "*1 root*podman-init*ps*" "${run[@]}" --init img ps
is "privileged" 0 "" "${run[@]}" --privileged img sh -ec 'mount -t tmpfs x /tmp; echo 1 >/proc/sys/net/ipv4/ip_forward'
is "device" 0 "/dev/mynull" "${run[@]}" --device /dev/null:/dev/mynull:rw img sh -c 'echo x >/dev/mynull && ls /dev/mynull'
is "limits" 0 "41943040 33" "${run[@]}" -m 40m --pids-limit 33 img sh -c \
    "echo \$(cat $(of_cgroup memory/memory.limit_in_bytes memory.max)) \$(cat $(of_cgroup pids/pids.max pids.max))"
is "user namespace" 0 "0 100000 65536" "${run[@]}" --uidmap 0:100000:65536 img sh -c 'echo $(cat /proc/self/uid_map)'
is "user namespace of Podman's choice" 0 "0 [0-9]* [0-9]*" "${run[@]}" --userns auto img sh -c 'echo $(cat /proc/self/uid_map)'
is "no cgroup" 0 "hello" "${run[@]}" --cgroups=disabled img echo hello
is "a cgroup split" 0 "hello" "${run[@]}" --cgroups=enabled --cgroup-parent /mine img echo hello
is "as for systemd" 0 "podman tmpfs tmpfs" "${run[@]}" --systemd=always img sh -c 'echo $container $(awk "\$2 == \"/run\" || \$2 == \"/tmp\" { print \$3 }" /proc/mounts)'
is "masked and read-only paths" 0 "*Read-only*" "${run[@]}" img sh -c 'echo 1 >/proc/sys/kernel/hostname; true'
is "descriptors" 0 "passed" bash -c 'exec 3<<<passed; "$@"' _ "${run[@]}" --preserve-fds 1 img cat /proc/self/fd/3
is "a root directory" 0 "hello" podman run --rm --network none --rootfs "$WORK/image" echo hello
is "out of memory" 137 "" "${run[@]}" -m 16m --memory-swap 16m img sh -c 'a=x; while :; do a=$a$a; done'
debian_image | podman import - debian >/dev/null 2>&1
is "a Debian image" 0 "Debian GNU/Linux* ii bash *" "${run[@]}" debian bash -c '. /etc/os-release; echo "$PRETTY_NAME" $(dpkg-query --list bash | tail -n 1)'
# shellcheck disable=SC2016 # for either shell
list='for n in pid uts ipc net; do readlink /proc/self/ns/$n; done'
is "namespaces of the host" 0 "4" podman run --rm --pid host --uts host --ipc host --network host -e "HOST=$(eval "$list")" img \
    sh -c "($list; echo \"\$HOST\") | sort | uniq -d | wc -l"
is "a bridge of its own" 0 "*eth0*10.88.*" podman run --rm --network bridge img ip -4 addr

is "a terminal of its own size" 0 "30 90" "${terminal[@]}" size:30x90 -- "${run[@]}" -it img sh -c 'while [ "$(stty size)" = "0 0" ]; do sleep 0.1; done; stty size'
is "resize, Ctrl-C" 42 "*ready*40 100*interrupted" "${terminal[@]}" size:30x90 expect:ready size:40x100 expect:"40 100" 'send:\x03' -- \
    "${run[@]}" -it img sh -c 'trap "stty size" WINCH; trap "echo interrupted; exit 42" INT; echo ready; while :; do sleep 0.1; done'
is "a terminal in the background" 0 "*" podman run -dit --name left --network none img sh -c 'read x; echo got $x; exit 5'
is "attach" 0 "*got it*" "${terminal[@]}" 'send:it\n' expect:"got it" -- podman attach left
is "the end of what was attached to" 0 "5" podman wait left
podman rm -f -t 0 left >/dev/null

is "detached" 0 "*" podman run -d --name one --network none img sh -c 'trap "exit 3" TERM 37; trap "echo usr1" USR1; while :; do sleep 0.1; done'
is "ps" 0 "one Up*" podman ps --format '{{.Names}} {{.Status}}'
is "its state, where docs/podman.md says" 0 "*running*" "$ANOCIR" --root /run/anocir list
# shellcheck disable=SC2016 # for the other shell
is "its bundle, too" 0 "*" bash -c '"$0" check "$(dirname "$(podman inspect -f "{{.OCIConfigPath}}" one)")"' "$ANOCIR"
is "exec" 0 "inside" podman exec one echo inside
is "exec with input" 0 "typed" bash -c 'echo typed | podman exec -i one cat'
is "exec: user, environment, directory" 0 "1000 x /tmp" podman exec -u 1000 -e A=x -w /tmp one sh -c 'echo $(id -u) $A $(pwd)'
is "exec: exit code" 9 "" podman exec one sh -c 'exit 9'
is "exec: 127" 127 'Error: *"nope": executable file not found in $PATH*' podman exec one nope
is "exec: 126" 126 'Error: *"/etc/passwd": permission denied*' podman exec one /etc/passwd
is "exec with a terminal" 0 "/dev/pts/*" "${terminal[@]}" -- podman exec -it one tty
is "exec detached" 0 "*" podman exec -d one sh -c 'echo there >/tmp/detached'
becomes "it ran" 30 "there" podman exec one cat /tmp/detached
is "cp in and out" 0 "copied" bash -c "echo copied >$WORK/f; podman cp $WORK/f one:/tmp/f && podman cp one:/tmp/f $WORK/g && cat $WORK/g"
is "pid, net of another container" 0 "*sleep 0.1*" podman run --rm --pid container:one --network container:one img ps
is "a signal that it handles" 0 "one" podman kill -s USR1 one
becomes "its output" 30 "*usr1*" podman logs one
is "pause" 0 "one" podman pause one
is "paused" 0 "paused" podman inspect -f '{{.State.Status}}' one
is "exec in a paused one" 255 "Error: *container state improper*" podman exec one true
is "unpause" 0 "one" podman unpause one
is "stats" 0 "one*" podman stats --no-stream --format '{{.Name}} {{.MemUsage}} {{.PIDs}}' one
is "top" 0 "*PID*sleep*" podman top one
is "update" 0 "*" podman update --memory 64m --memory-swap 64m --pids-limit 55 one
is "what is updated" 0 "67108864 55" podman exec one sh -c "echo \$(cat $(of_cgroup memory/memory.limit_in_bytes memory.max)) \$(cat $(of_cgroup pids/pids.max pids.max))"
is "stop" 0 "one" podman stop -t 60 one
is "its exit code" 0 "3" podman inspect -f '{{.State.ExitCode}}' one
is "start again" 0 "one" podman start one
is "kill with a real-time signal" 0 "one" podman kill -s RTMIN+3 one
is "wait" 0 "3" podman wait one
is "restart" 0 "one" podman restart one
is "kill" 0 "one" podman kill one
is "its exit code is of the signal" 0 "137" podman wait one
is "rm" 0 "one" podman rm -f -t 0 one

# It says once that it starts, then counts, without a child: CRIU cannot stop a shell while a child of vfork(2) has not executed its program yet. What is
# restored says nothing, and counts on.
counter='trap "exit 3" TERM; echo started; mkfifo /tmp/p; exec 3<>/tmp/p; i=0; while :; do i=$((i + 1)); echo $i >/tmp/n; read -t 0.1 x <&3; done'
# shellcheck disable=SC2016 # for the other shell
counts='n=$(podman exec "$0" cat /tmp/n) && until [ "$(podman exec "$0" cat /tmp/n)" -gt "$n" ]; do sleep 0.1; done && podman logs "$0"'
is "to be saved" 0 "*" podman run -d --name saved --network none img sh -c "$counter"
becomes "it counts" 30 "started" bash -c "$counts" saved
is "checkpoint, and it goes on" 0 "saved" podman container checkpoint --leave-running saved
is "it counts on" 0 "started" bash -c "$counts" saved
is "checkpoint" 0 "saved" podman container checkpoint saved
is "it has ended" 0 "exited true" podman inspect -f '{{.State.Status}} {{.State.Checkpointed}}' saved
is "restore" 0 "saved" podman container restore saved
is "what is restored goes on" 0 "started" bash -c "$counts" saved
is "checkpoint and restore again, the files kept" 0 "saved
saved" bash -c 'podman container checkpoint --keep saved && podman container restore --keep saved'
is "export, and it goes on" 0 "saved" podman container checkpoint --leave-running --export "$WORK/saved.tar.gz" saved
is "import under another name" 0 "*" podman container restore --import "$WORK/saved.tar.gz" --name other
is "both go on" 0 "started
started" bash -c 'bash -c "$0" saved && bash -c "$0" other' "$counts"
is "rm --force" 0 "saved" podman rm -f -t 0 saved
is "import of one that is gone" 0 "*" podman container restore --import "$WORK/saved.tar.gz"
is "it goes on" 0 "started" bash -c "$counts" saved
is "stop what was restored" 0 "other
saved" bash -c 'podman stop -t 60 saved other | sort'
is "their exit codes" 0 "3
3" podman inspect -f '{{.State.ExitCode}}' saved other
is "start anew" 0 "saved" podman start saved
podman rm -f -t 0 saved other >/dev/null
is "to be saved: a bridge, a terminal, a volume, limits" 0 "*" podman run -dt --name saved --network bridge -v "$WORK:/vol:ro" --tmpfs /scratch -m 64m --pids-limit 50 img \
    sh -c "httpd -p 80 -h /etc; $counter"
becomes "it counts" 30 "started*" bash -c "$counts" saved
address=$(podman inspect -f '{{.NetworkSettings.IPAddress}}' saved)
is "checkpoint with its connections" 0 "saved" podman container checkpoint --tcp-established saved
is "restore with them" 0 "saved" podman container restore --tcp-established saved
is "it goes on, with its address" 0 "started*root:x:0:*" bash -c "$counts; busybox wget -q -O - http://$address/passwd" saved
is "its limits" 0 "67108864 50" podman exec saved sh -c "echo \$(cat $(of_cgroup memory/memory.limit_in_bytes memory.max)) \$(cat $(of_cgroup pids/pids.max pids.max))"
podman rm -f -t 0 saved >/dev/null

is "a health check" 0 "*" podman run -d --name healthy --network none --health-cmd 'test -e /tmp/well' --health-interval disable img sleep 100000
is "it fails" 1 "*unhealthy*" podman healthcheck run healthy
is "it succeeds" 0 "" bash -c 'podman exec healthy touch /tmp/well && podman healthcheck run healthy'
podman rm -f -t 0 healthy >/dev/null
podman run -d --name again --restart on-failure:2 --network none img sh -c 'exit 6' >/dev/null
becomes "restart on failure" 60 "2 exited 6" podman inspect -f '{{.RestartCount}} {{.State.Status}} {{.State.ExitCode}}' again
podman rm -f -t 0 again >/dev/null
is "ready by sd_notify" 0 "*" timeout 60 python3 "$HERE/notify.py" READY=1 \
    podman run -d --name told --network none --sdnotify container -v /usr:/usr:ro -v /lib:/lib:ro -v /lib64:/lib64:ro img python3 -c \
    'import os, socket; socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"READY=1", os.environ["NOTIFY_SOCKET"]); os.execvp("sleep", ["sleep", "100000"])'
podman rm -f -t 0 told >/dev/null

is "a pod" 0 "*" podman pod create --name group --network none
is "two in it share their processes' network" 0 "shared" bash -c 'podman run -d --pod group --name first img sh -c "httpd -p 80 -h /etc; exec sleep 100000" >/dev/null
    for i in 1 2 3 4 5 6 7 8 9; do podman run --rm --pod group img wget -q -O /dev/null http://127.0.0.1/passwd && echo shared && break; done'
is "stop the pod" 0 "*group*" podman pod stop -t 0 group
is "remove the pod" 0 "*" podman pod rm -f -t 0 group
cat >"$WORK/pod.yaml" <<'YAML'
apiVersion: v1
kind: Pod
metadata: { name: played }
spec:
  hostNetwork: true
  containers:
  - name: web
    image: localhost/img:latest
    imagePullPolicy: Never
    command: [sh, -c, "echo played >/tmp/f; exec sleep 100000"]
    resources: { limits: { memory: 64Mi } }
    securityContext: { readOnlyRootFilesystem: false, runAsUser: 1000, allowPrivilegeEscalation: false }
YAML
podman tag img localhost/img:latest
is "play kube" 0 "Pod:*Container:*" podman kube play "$WORK/pod.yaml"
becomes "what it plays" 30 "played 1000 67108864" podman exec played-web sh -c "echo \$(cat /tmp/f) \$(id -u) \$(cat $(of_cgroup memory/memory.limit_in_bytes memory.max))"
is "down" 0 "*" podman kube down --force "$WORK/pod.yaml"

mkdir -p "$WORK/context"
printf 'FROM localhost/img:latest\nRUN id -u >/who && echo built >>/who\nUSER 1000\nRUN id -u >/tmp/user\n' >"$WORK/context/Containerfile"
is "podman build" 0 "*" podman build --isolation oci --runtime "$ANOCIR" --network none -t built "$WORK/context"
is "what was built" 0 "0 built 1000" "${run[@]}" built sh -c 'echo $(cat /who /tmp/user)'
printf 'FROM localhost/img:latest\nRUN exit 3\n' >"$WORK/context/Containerfile"
is "a build that fails" 3 "*exit status 3*" podman build --isolation oci --runtime "$ANOCIR" --network none "$WORK/context"
is "buildah run" 0 "from buildah" bash -c 'name=$(buildah from localhost/img:latest) && buildah run --isolation oci --network none "$name" echo from buildah && buildah rm "$name" >/dev/null'
is "buildah run: exit code" 5 "*exit status 5*" bash -c 'name=$(buildah from localhost/img:latest); buildah run --isolation oci --network none "$name" sh -c "exit 5"; code=$?; buildah rm "$name" >/dev/null; exit $code'

podman rm -af -t 0 >/dev/null 2>&1
podman pod rm -af -t 0 >/dev/null 2>&1
podman network prune -f >/dev/null 2>&1
umount /run/netns 2>/dev/null # Podman's, for as long as the machine runs
# Podman removes the cgroup of a pod from the hierarchies that it made it in; these two are the runtime's.
find /sys/fs/cgroup/systemd/libpod_parent /sys/fs/cgroup/unified/libpod_parent -mindepth 1 -maxdepth 1 -type d -name '[0-9a-f]*' -exec rmdir {} + 2>/dev/null
nothing_is_left '(libpod_parent|mine|buildah)(/conmon)?' /run/anocir
finish podman
