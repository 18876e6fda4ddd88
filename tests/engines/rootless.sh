#!/bin/bash
# Podman of a user without rights, with anocir as the runtime of the user's configuration.
set -uo pipefail
# shellcheck source=tests/engines/lib.sh
. "$(dirname "$0")/lib.sh"

id alice >/dev/null 2>&1 || useradd --uid 1234 --create-home --shell /bin/bash alice
for file in subuid subgid; do
    grep -q '^alice:' "/etc/$file" || echo "alice:300000:65536" >>"/etc/$file"
done
home=$WORK/alice runtime_directory=/run/user/1234
mkdir -p "$home/.config/containers" "$runtime_directory"
driver=vfs
grep -q '	overlay$' /proc/filesystems && driver=overlay
cat >"$home/.config/containers/containers.conf" <<CONF
[containers]
log_driver = "k8s-file"
[engine]
runtime = "anocir"
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime_supports_json = ["anocir"]
runtime_supports_nocgroup = ["anocir"]
[engine.runtimes]
anocir = ["$ANOCIR"]
CONF
printf '[storage]\ndriver = "%s"\n' "$driver" >"$home/.config/containers/storage.conf"
image >"$WORK/image.tar"
chown -R 1234:1234 "$home" "$runtime_directory"
chmod 700 "$runtime_directory"
chmod 711 "$WORK"

# What a cgroup of one's own takes: on version 2 a delegated one, with the user in it.
if on_v2; then
    mkdir -p /sys/fs/cgroup/alice/leaf
    for name in $(cat /sys/fs/cgroup/cgroup.controllers); do
        echo "+$name" >/sys/fs/cgroup/alice/cgroup.subtree_control 2>/dev/null || true
    done
    chown 1234 /sys/fs/cgroup/alice{,/leaf}{,/cgroup.procs,/cgroup.subtree_control,/cgroup.threads}
    enter='echo $$ >/sys/fs/cgroup/alice/leaf/cgroup.procs; '
else
    enter=
fi
user=(bash -c "$enter"'exec setpriv --reuid 1234 --regid 1234 --clear-groups env -i "$@"' _ HOME="$home" USER=alice XDG_RUNTIME_DIR="$runtime_directory"
    PATH=/usr/local/bin:/usr/bin:/bin PODMAN_IGNORE_CGROUPSV1_WARNING=1 TERM=xterm)
podman=("${user[@]}" podman)
run=("${podman[@]}" run --rm --network none)
cd "$home" || exit 1
is "import" 0 "*" "${podman[@]}" import "$WORK/image.tar" img

# shellcheck disable=SC2016 # for the shell in the container
is "info: rootless, and the runtime" 0 "true anocir $ANOCIR" "${podman[@]}" info --format '{{.Host.Security.Rootless}} {{.Host.OCIRuntime.Name}} {{.Host.OCIRuntime.Path}}'
is "run" 0 "hello" "${run[@]}" img echo hello
is "root inside is the user outside" 0 "0 1234 1 1 [0-9]* 65536" "${run[@]}" img sh -c 'echo $(id -u) $(cat /proc/self/uid_map | sed "s/^ *0/ /")'
is "both streams, input" 0 "in
out
err" bash -c 'echo in | "$@" 2>&1' _ "${run[@]}" -i img sh -c 'cat; echo out; sleep 0; echo err >&2'
is "exit code of the program" 7 "" "${run[@]}" img sh -c 'exit 7'
is "126: not executable" 126 'Error: anocir: *"/etc/passwd": permission denied*' "${run[@]}" img /etc/passwd
is "127: no such program" 127 'Error: anocir: *"nope": executable file not found in $PATH*' "${run[@]}" img nope
is "user, working directory, environment, host name" 0 "1000 /tmp x h1" \
    "${run[@]}" -u 1000 -w /tmp -e A=x -h h1 img sh -c 'echo $(id -u) $(pwd) $A $(hostname)'
is "keep-id" 0 "1234" "${run[@]}" --userns keep-id img id -u
is "other ids" 0 "0 1 2000" "${run[@]}" --uidmap 0:1:2000 --gidmap 0:1:2000 img sh -c 'echo $(cat /proc/self/uid_map)'
is "read-only root, tmpfs, volume" 0 "*/a: Read-only*/vol/a: Read-only*written" \
    "${run[@]}" --read-only --tmpfs /tmp -v "$home:/vol:ro" img sh -c 'touch /a; touch /vol/a; echo written >/tmp/a && cat /tmp/a'
is "a file on a volume belongs to the user" 0 "1234" bash -c '"$@" touch /vol/made && stat -c %u '"$home/made" _ "${run[@]}" -v "$home:/vol" img
is "one capability" 0 "CapEff:	0000000000001000" "${run[@]}" --cap-drop ALL --cap-add NET_ADMIN img grep CapEff /proc/self/status
is "seccomp, no new privileges" 0 "2 1" "${run[@]}" --security-opt no-new-privileges img sh -c 'echo $(awk "/^(Seccomp|NoNewPrivs):/ { print \$2 }" /proc/self/status | sort -r)'
is "sysctl, ulimit" 0 "1 100 200" "${run[@]}" --sysctl net.ipv4.ip_forward=1 --ulimit nofile=100:200 img sh -c 'echo $(cat /proc/sys/net/ipv4/ip_forward) $(ulimit -Sn) $(ulimit -Hn)'
is "privileged" 0 "" "${run[@]}" --privileged img sh -ec 'mount -t tmpfs x /tmp; echo 1 >/proc/sys/net/ipv4/ip_forward'
is "device" 0 "/dev/mynull" "${run[@]}" --device /dev/null:/dev/mynull img sh -c 'echo x >/dev/mynull && ls /dev/mynull'
is "no cgroup" 0 "hello" "${run[@]}" --cgroups=disabled img echo hello
is "as for systemd" 0 "podman tmpfs tmpfs" "${run[@]}" --systemd=always img sh -c 'echo $container $(awk "\$2 == \"/run\" || \$2 == \"/tmp\" { print \$3 }" /proc/mounts)'
is "the network of the host" 0 "*: lo:*" "${podman[@]}" run --rm --network host img ip link
is "a terminal" 0 "30 90" "${terminal[@]}" size:30x90 -- "${run[@]}" -it img sh -c 'while [ "$(stty size)" = "0 0" ]; do sleep 0.1; done; stty size'
if on_v2; then
    is "limits" 0 "41943040 33" "${run[@]}" -m 40m --pids-limit 33 img sh -c 'echo $(cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/pids.max)'
fi

is "detached" 0 "*" "${podman[@]}" run -d --name one --network none img sh -c 'trap "exit 3" TERM; while :; do sleep 0.1; done'
is "ps" 0 "one Up*" "${podman[@]}" ps --format '{{.Names}} {{.Status}}'
is "exec" 0 "inside" "${podman[@]}" exec one echo inside
is "exec: user, environment, directory" 0 "1000 x /tmp" "${podman[@]}" exec -u 1000 -e A=x -w /tmp one sh -c 'echo $(id -u) $A $(pwd)'
is "exec: exit code, 127" 127 'Error: *"nope": executable file not found in $PATH*' "${podman[@]}" exec one nope
is "exec with a terminal" 0 "/dev/pts/*" "${terminal[@]}" -- "${podman[@]}" exec -it one tty
is "cp in and out" 0 "copied" bash -c 'echo copied >f; "$@" cp f one:/tmp/f && "$@" cp one:/tmp/f g && cat g' _ "${podman[@]}"
is "top" 0 "*PID*sleep*" "${podman[@]}" top one
is "checkpoint is refused" 125 "Error: *requires root*" "${podman[@]}" container checkpoint one
if on_v2; then
    is "pause, unpause" 0 "one
one" bash -c '"$@" pause one && "$@" unpause one' _ "${podman[@]}"
    is "stats" 0 "one*" "${podman[@]}" stats --no-stream --format '{{.Name}} {{.MemUsage}} {{.PIDs}}' one
    is "update" 0 "*" "${podman[@]}" update --memory 64m --memory-swap 64m one
fi
is "stop" 0 "one" "${podman[@]}" stop -t 60 one
is "its exit code" 0 "3" "${podman[@]}" inspect -f '{{.State.ExitCode}}' one
is "start again" 0 "one" "${podman[@]}" start one
is "kill" 0 "one" "${podman[@]}" kill one
is "its exit code is of the signal" 0 "137" "${podman[@]}" wait one
is "rm" 0 "one" "${podman[@]}" rm -f -t 0 one

is "a health check" 0 "*" "${podman[@]}" run -d --name healthy --network none --health-cmd 'test -e /tmp/well' --health-interval disable img sleep 100000
is "it fails" 1 "*unhealthy*" "${podman[@]}" healthcheck run healthy
is "it succeeds" 0 "" bash -c '"$@" exec healthy touch /tmp/well && "$@" healthcheck run healthy' _ "${podman[@]}"
"${podman[@]}" rm -f -t 0 healthy >/dev/null
is "ready by sd_notify" 0 "*" "${user[@]}" timeout 60 python3 "$HERE/notify.py" READY=1 \
    podman run -d --name told --network none --sdnotify container -v /usr:/usr:ro -v /lib:/lib:ro -v /lib64:/lib64:ro img python3 -c \
    'import os, socket; socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"READY=1", os.environ["NOTIFY_SOCKET"]); os.execvp("sleep", ["sleep", "100000"])'
"${podman[@]}" rm -f -t 0 told >/dev/null

is "a pod" 0 "*" "${podman[@]}" pod create --name group --network none
is "two in it share their network" 0 "shared" bash -c '"$@" run -d --pod group --name first img sh -c "httpd -p 80 -h /etc; exec sleep 100000" >/dev/null
    for i in 1 2 3 4 5 6 7 8 9; do "$@" run --rm --pod group img wget -q -O /dev/null http://127.0.0.1/passwd && echo shared && break; done' _ "${podman[@]}"
is "remove the pod" 0 "*" "${podman[@]}" pod rm -f -t 0 group

mkdir -p "$home/context"
printf 'FROM localhost/img:latest\nRUN id -u >/who && echo built >>/who\nUSER 1000\nRUN id -u >/tmp/user\n' >"$home/context/Containerfile"
is "build" 0 "*" "${podman[@]}" build --isolation oci --runtime "$ANOCIR" --network none -t built "$home/context"
is "what was built" 0 "0 built 1000" "${run[@]}" built sh -c 'echo $(cat /who /tmp/user)'

"${podman[@]}" rm -af -t 0 >/dev/null 2>&1
"${podman[@]}" system migrate >/dev/null 2>&1 # ends the process that holds the user's namespaces
cd /
nothing_is_left '(alice|alice/leaf|libpod_parent|libpod_parent/conmon)' "$runtime_directory/anocir"
finish rootless
