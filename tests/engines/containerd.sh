#!/bin/bash
# containerd's own shim with anocir in the place of runc: by ctr, and by the CRI as kubelet uses it.
set -uo pipefail
# shellcheck source=tests/engines/lib.sh
. "$(dirname "$0")/lib.sh"

snapshotter=native
grep -q '	overlay$' /proc/filesystems && snapshotter=overlayfs
mkdir -p "$WORK/cni"
cat >"$WORK/cni/10-net.conflist" <<'CNI'
{ "cniVersion": "1.0.0", "name": "net", "plugins": [
  { "type": "bridge", "bridge": "cni0", "isGateway": true,
    "ipam": { "type": "host-local", "ranges": [[{ "subnet": "10.77.0.0/24" }]], "routes": [{ "dst": "0.0.0.0/0" }] } } ] }
CNI
cat >"$WORK/config.toml" <<CONFIG
version = 3
root = "$WORK/root"
state = "$WORK/state"
[grpc]
  address = "$WORK/sock"
[plugins.'io.containerd.cri.v1.images']
  snapshotter = "$snapshotter"
  [plugins.'io.containerd.cri.v1.images'.pinned_images]
    sandbox = "localhost/img:1"
[plugins.'io.containerd.cri.v1.runtime']
  restrict_oom_score_adj = true
  [plugins.'io.containerd.cri.v1.runtime'.cni]
    bin_dirs = ["/usr/lib/cni"]
    conf_dir = "$WORK/cni"
  [plugins.'io.containerd.cri.v1.runtime'.containerd]
    default_runtime_name = "anocir"
    [plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.anocir]
      runtime_type = "io.containerd.runc.v2"
      [plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.anocir.options]
        BinaryName = "$ANOCIR"
        SystemdCgroup = false
CONFIG
containerd --config "$WORK/config.toml" >"$WORK/log" 2>&1 &
daemon=$!
c=(ctr --address "$WORK/sock")
wait_for 120 "${c[@]}" version || { grep -v level=info "$WORK/log" | tail -n 5; exit 1; }

image | image_archive

# By ctr.
is "import" 0 "*" "${c[@]}" images import --snapshotter "$snapshotter" --local "$WORK/image-oci.tar"
run=("${c[@]}" run --snapshotter "$snapshotter" --runc-binary "$ANOCIR")
is "run" 0 "hello" "${run[@]}" --rm localhost/img:1 one echo hello
is "exit code of the program" 7 "" "${run[@]}" --rm localhost/img:1 one sh -c 'exit 7'
is "no such program" 1 '*"nope": executable file not found in $PATH*' "${run[@]}" --rm localhost/img:1 one nope
"${c[@]}" containers rm one >/dev/null 2>&1
is "a mount" 0 "there" "${run[@]}" --rm --mount "type=bind,src=$WORK,dst=/m,options=rbind:ro" localhost/img:1 one \
    sh -c 'touch /m/x 2>/dev/null || test -e /m/config.toml && echo there'
is "user, directory, environment" 0 "1000 /tmp x" "${run[@]}" --rm --user 1000 --cwd /tmp --env A=x localhost/img:1 one sh -c 'echo $(id -u) $(pwd) $A'
is "a terminal" 0 "/dev/pts/0" "${terminal[@]}" -- "${run[@]}" --rm -t localhost/img:1 one tty
is "the default seccomp profile" 0 "Seccomp:	2
unshare: *: Operation not permitted" "${run[@]}" --rm --seccomp localhost/img:1 one sh -c 'grep Seccomp: /proc/self/status; unshare -U true 2>&1; true'
is "detached" 0 "" "${run[@]}" -d localhost/img:1 two sh -c 'trap "exit 3" TERM; while :; do sleep 0.1; done'
is "tasks" 0 "*two*RUNNING*" "${c[@]}" tasks ls
is "the state, below containerd's own" 0 "two *running*" bash -c '"$0" --root "$1" list | tail -n 1' "$ANOCIR" /run/containerd/runc/default
is "the bundle" 0 "*" "$ANOCIR" check "$WORK/state/io.containerd.runtime.v2.task/default/two"
is "exec" 5 "inside" "${c[@]}" tasks exec --exec-id e1 two sh -c 'echo inside; exit 5'
is "exec without its program" 1 '*"nope": executable file not found in $PATH*' "${c[@]}" tasks exec --exec-id e2 two nope
is "ps" 0 "*PID*" "${c[@]}" tasks ps two
is "pause" 0 "" "${c[@]}" tasks pause two
is "paused" 0 "*two*PAUSED*" "${c[@]}" tasks ls
is "resume" 0 "" "${c[@]}" tasks resume two
is "metrics" 0 "*memory*" "${c[@]}" tasks metrics two
is "kill" 0 "" "${c[@]}" tasks kill --signal TERM two
becomes "stopped" 30 "*two*STOPPED*" "${c[@]}" tasks ls
is "rm" 0 "*non-zero exit code 3*" "${c[@]}" tasks rm two
is "containers rm" 0 "" "${c[@]}" containers rm two

# Saved, and restored: it counts on. It has no child: CRIU cannot stop a shell while a child of vfork(2) has not executed its program yet.
# shellcheck disable=SC2016 # for the shell in the container
is "to be saved" 0 "" "${run[@]}" -d localhost/img:1 saved sh -c 'trap "exit 3" TERM; echo x >>/tmp/starts; mkfifo /tmp/p; exec 3<>/tmp/p; i=0; while :; do i=$((i + 1)); echo $i >/tmp/n; read -t 0.1 x <&3; done'
# shellcheck disable=SC2016 # for the shell in the container
counts=("${c[@]}" tasks exec --exec-id count saved sh -c 'n=$(cat /tmp/n); until [ "$(cat /tmp/n)" -gt "$n" ]; do sleep 0.1; done; cat /tmp/starts')
becomes "it counts" 30 "x" "${counts[@]}"
is "tasks checkpoint" 0 "" "${c[@]}" tasks checkpoint --image-path "$WORK/saved" saved
is "its files" 0 "$WORK/saved/inventory.img" ls "$WORK/saved/inventory.img"
is "containers checkpoint" 0 "" "${c[@]}" containers checkpoint --task --rw --image saved checkpoint/saved
is "it counts on" 0 "x" "${counts[@]}"
is "tasks checkpoint --exit" 0 "*" "${c[@]}" tasks checkpoint --exit --image-path "$WORK/last" saved
becomes "it has ended" 30 "*saved*STOPPED*" "${c[@]}" tasks ls
"${c[@]}" tasks rm saved >/dev/null 2>&1
"${c[@]}" containers rm saved
is "containers restore" 0 "" "${c[@]}" containers restore --rw --live saved checkpoint/saved
is "by this runtime" 0 "saved *running*" bash -c '"$0" --root "$1" list | tail -n 1' "$ANOCIR" /run/containerd/runc/default
is "what is restored goes on" 0 "x" "${counts[@]}"
is "kill what was restored" 0 "" "${c[@]}" tasks kill --signal TERM saved
becomes "it stopped" 30 "*saved*STOPPED*" "${c[@]}" tasks ls
is "its exit code" 0 "*non-zero exit code 3*" "${c[@]}" tasks rm saved
"${c[@]}" containers rm saved

# By the CRI.
export CRI_SOCKET=$WORK/sock WORK
cri() { timeout 120 python3 "$HERE/cri.py" "$@"; }
cri=(python3 "$HERE/cri.py")
"${c[@]}" -n k8s.io images import --snapshotter "$snapshotter" --local "$WORK/image-oci.tar" >/dev/null
is "CRI: version" 0 '*containerd*' "${cri[@]}" Version '{}'
wait_for 60 sh -c "timeout 60 python3 $HERE/cri.py Status '{}' | jq -e '[.status.conditions[] | select(.status != true)] == []'"
is "CRI: runtime and network are ready" 0 '*"RuntimeReady"*"NetworkReady"*' "${cri[@]}" Status '{}'
is "CRI: the runtime knows recursive read-only mounts and user namespaces" 0 '*"name": "anocir"*' bash -c \
    'python3 "$0" Status "{}" | jq -c ".runtimeHandlers[] | select(.features.recursiveReadOnlyMounts and .features.userNamespaces)" | sed "s/:\"/: \"/g"' "$HERE/cri.py"

pod() { # NAME SECURITY-CONTEXT: the configuration of a pod
    printf '{"metadata":{"name":"%s","uid":"%s","namespace":"default"},"hostname":"%s","logDirectory":"%s/logs","linux":{"cgroupParent":"/kubepods/%s","securityContext":%s}}' \
        "$1" "$1" "$1" "$WORK" "$1" "$2"
}

container() { # NAME JSON-MEMBERS: the configuration of a container
    printf '{"metadata":{"name":"%s"},"image":{"image":"localhost/img:1"},"logPath":"%s.log",%s}' "$1" "$1" "$2"
}

config=$(pod first '{}')
pod=$(cri RunPodSandbox "{\"config\":$config,\"runtimeHandler\":\"anocir\"}" | jq -r .podSandboxId)
is "CRI: the pod is ready, with an address of CNI" 0 '*SANDBOX_READY 10.77.0.*' bash -c \
    'python3 "$0" PodSandboxStatus "{\"podSandboxId\":\"$1\"}" | jq -r "\"\(.status.state // \"SANDBOX_READY\") \(.status.network.ip)\""' "$HERE/cri.py" "$pod"
mkdir -p "$WORK/outer/inner"
mount -t tmpfs inner "$WORK/outer/inner"
made=$(container web '"command":["sh","-c","echo to the log; echo to its other stream >&2; echo $A >/tmp/f; httpd -p 80 -h /etc; trap \"exit 3\" TERM; while :; do sleep 0.1; done"],
    "envs":[{"key":"A","value":"eA=="}],"mounts":[{"containerPath":"/ro","hostPath":"'"$WORK/outer"'","readonly":true,"recursiveReadOnly":true}],
    "linux":{"resources":{"memoryLimitInBytes":67108864,"cpuShares":512},"securityContext":{"runAsUser":{"value":0},"noNewPrivs":true,"seccomp":{"profileType":"RuntimeDefault"}}}')
ctr=$(cri CreateContainer "{\"podSandboxId\":\"$pod\",\"config\":$made,\"sandboxConfig\":$config}" | jq -r .containerId)
is "CRI: start" 0 "{}" "${cri[@]}" StartContainer "{\"containerId\":\"$ctr\"}"
sync_exec() { # COMMAND as JSON
    printf '{"containerId":"%s","cmd":%s,"timeout":60}' "$ctr" "$1"
}
becomes "CRI: an exec probe" 30 "x" "${cri[@]}" ExecSync "$(sync_exec '["cat","/tmp/f"]')"
is "CRI: a probe that fails" 4 "why" "${cri[@]}" ExecSync "$(sync_exec '["sh","-c","echo why >&2; exit 4"]')"
is "CRI: a probe without its program" 1 '*"nope": executable file not found in $PATH*' "${cri[@]}" ExecSync "$(sync_exec '["nope"]')"
is "CRI: the default seccomp profile" 0 "Seccomp:	2
unshare: *: Operation not permitted" "${cri[@]}" ExecSync "$(sync_exec '["sh","-c","grep Seccomp: /proc/self/status; unshare -U true 2>&1; true"]')"
is "CRI: the mount is read-only in its depth" 0 "*/ro/x: Read-only*/ro/inner/x: Read-only*" "${cri[@]}" ExecSync "$(sync_exec '["sh","-c","touch /ro/x; touch /ro/inner/x; true"]')"
umount "$WORK/outer/inner"
is "CRI: limits" 0 "67108864" "${cri[@]}" ExecSync "$(sync_exec '["cat","'"$(of_cgroup memory/memory.limit_in_bytes memory.max)"'"]')"
is "CRI: the pod answers on its address" 0 "root:x:0:*" sh -c \
    'busybox wget -q -O - "http://$(python3 "$0" PodSandboxStatus "{\"podSandboxId\":\"$1\"}" | jq -r .status.network.ip)/passwd"' "$HERE/cri.py" "$pod"
is "CRI: log, both streams" 0 "*stdout F to the log|*stderr F to its other stream" bash -c 'sort -k 2r "$0" | paste -sd "|"' "$WORK/logs/web.log"
stream=(timeout 120 python3 "$HERE/stream.py")
is "CRI: a forwarded port" 0 "HTTP/1.*200 OK*root:x:0:*" "${stream[@]}" PortForward "{\"podSandboxId\":\"$pod\",\"port\":[80]}" \
    'send:GET /passwd HTTP/1.0\r\n\r\n' expect:"root:x:0:" close:
is "CRI: exec with input" 0 "typed" "${stream[@]}" Exec "{\"containerId\":\"$ctr\",\"cmd\":[\"head\",\"-n1\"],\"stdin\":true,\"stdout\":true,\"stderr\":true}" 'send:typed\n'
is "CRI: exec on a terminal that changes its size" 0 "*40 100*/dev/pts/0*" "${stream[@]}" Exec \
    "{\"containerId\":\"$ctr\",\"cmd\":[\"sh\",\"-c\",\"until [ \\\"\$(stty size)\\\" = \\\"40 100\\\" ]; do sleep 0.1; done; stty size; tty\"],\"stdin\":true,\"stdout\":true,\"tty\":true}" \
    size:40x100
is "CRI: exec that fails" 1 "*exit code 6*" "${stream[@]}" Exec "{\"containerId\":\"$ctr\",\"cmd\":[\"sh\",\"-c\",\"exit 6\"],\"stdout\":true}"
is "CRI: update" 0 "{}" "${cri[@]}" UpdateContainerResources "{\"containerId\":\"$ctr\",\"linux\":{\"memoryLimitInBytes\":134217728}}"
is "CRI: what is updated" 0 "134217728" "${cri[@]}" ExecSync "$(sync_exec '["cat","'"$(of_cgroup memory/memory.limit_in_bytes memory.max)"'"]')"
is "CRI: stats" 0 '*"workingSetBytes"*' "${cri[@]}" ContainerStats "{\"containerId\":\"$ctr\"}"
is "CRI: checkpoint" 0 "{}" "${cri[@]}" CheckpointContainer "{\"containerId\":\"$ctr\",\"location\":\"$WORK/saved.tar\"}"
is "CRI: what is in it" 0 "*checkpoint/inventory.img*" tar -tf "$WORK/saved.tar"
is "CRI: it goes on" 0 "x" "${cri[@]}" ExecSync "$(sync_exec '["cat","/tmp/f"]')"
is "CRI: stop" 0 "{}" "${cri[@]}" StopContainer "{\"containerId\":\"$ctr\",\"timeout\":30}"
is "CRI: its exit code" 0 "3 Error" bash -c 'python3 "$0" ContainerStatus "{\"containerId\":\"$1\"}" | jq -r "\"\(.status.exitCode) \(.status.reason)\""' "$HERE/cri.py" "$ctr"
is "CRI: remove" 0 "{}" "${cri[@]}" RemoveContainer "{\"containerId\":\"$ctr\"}"
made=$(container eater "\"command\":$(jq -n --arg eat "$eat" '["sh","-c",$eat]'),\"linux\":{\"resources\":{\"memoryLimitInBytes\":16777216,\"memorySwapLimitInBytes\":16777216}}")
ctr=$(cri CreateContainer "{\"podSandboxId\":\"$pod\",\"config\":$made,\"sandboxConfig\":$config}" | jq -r .containerId)
cri StartContainer "{\"containerId\":\"$ctr\"}" >/dev/null
becomes "CRI: out of memory" 60 "heard" bash -c 'grep -q "TaskOOM.*$1" "$0" && echo heard' "$WORK/log" "$ctr"
cri StopContainer "{\"containerId\":\"$ctr\",\"timeout\":60}" >/dev/null
is "CRI: its reason" 0 "3 OOMKilled" bash -c 'python3 "$0" ContainerStatus "{\"containerId\":\"$1\"}" | jq -r "\"\(.status.exitCode) \(.status.reason)\""' "$HERE/cri.py" "$ctr"
made=$(container lost '"command":["nope"]')
ctr=$(cri CreateContainer "{\"podSandboxId\":\"$pod\",\"config\":$made,\"sandboxConfig\":$config}" | jq -r .containerId)
is "CRI: no such program" 1 '*"nope": executable file not found in $PATH*' "${cri[@]}" StartContainer "{\"containerId\":\"$ctr\"}"
made=$(container talker '"command":["sh","-c","while read line; do echo said $line; [ $line != bye ] || exit 7; done"],"stdin":true')
ctr=$(cri CreateContainer "{\"podSandboxId\":\"$pod\",\"config\":$made,\"sandboxConfig\":$config}" | jq -r .containerId)
cri StartContainer "{\"containerId\":\"$ctr\"}" >/dev/null
attach="{\"containerId\":\"$ctr\",\"stdin\":true,\"stdout\":true,\"stderr\":true}"
is "CRI: attach" 0 "*said one*" "${stream[@]}" Attach "$attach" 'send:one\n' 'expect:said one' close:
is "CRI: attach again, to the end" 0 "*said bye*" "${stream[@]}" Attach "$attach" 'send:bye\n'
becomes "CRI: the end of what was attached to" 30 "7" bash -c 'python3 "$0" ContainerStatus "{\"containerId\":\"$1\"}" | jq -r ".status.exitCode"' "$HERE/cri.py" "$ctr"
is "CRI: its log" 0 "*said one*said bye*" cat "$WORK/logs/talker.log"
is "CRI: stop the pod" 0 "{}" "${cri[@]}" StopPodSandbox "{\"podSandboxId\":\"$pod\"}"
is "CRI: remove the pod" 0 "{}" "${cri[@]}" RemovePodSandbox "{\"podSandboxId\":\"$pod\"}"

config=$(pod mapped '{"namespaceOptions":{"usernsOptions":{"mode":"POD","uids":[{"hostId":100000,"containerId":0,"length":65536}],"gids":[{"hostId":100000,"containerId":0,"length":65536}]}}}')
pod=$(cri RunPodSandbox "{\"config\":$config,\"runtimeHandler\":\"anocir\"}" | jq -r .podSandboxId)
made=$(container mapped '"command":["sleep","100000"],"linux":{"securityContext":{"namespaceOptions":{"usernsOptions":{"mode":"POD","uids":[{"hostId":100000,"containerId":0,"length":65536}],"gids":[{"hostId":100000,"containerId":0,"length":65536}]}}}}')
ctr=$(cri CreateContainer "{\"podSandboxId\":\"$pod\",\"config\":$made,\"sandboxConfig\":$config}" | jq -r .containerId)
cri StartContainer "{\"containerId\":\"$ctr\"}" >/dev/null
is "CRI: a pod with a user namespace" 0 "0 100000 65536" "${cri[@]}" ExecSync "$(sync_exec '["sh","-c","echo $(cat /proc/self/uid_map)"]')"
is "CRI: and its root is the image's" 0 "root" "${cri[@]}" ExecSync "$(sync_exec '["stat","-c","%U","/etc"]')"
is "CRI: stop that pod" 0 "{}" "${cri[@]}" StopPodSandbox "{\"podSandboxId\":\"$pod\"}"
is "CRI: remove that pod" 0 "{}" "${cri[@]}" RemovePodSandbox "{\"podSandboxId\":\"$pod\"}"

kill "$daemon"
wait "$daemon" 2>/dev/null
nothing_is_left 'default|kubepods|kubepods/first|kubepods/mapped' "$WORK/state/runc/default" "$WORK/state/runc/k8s.io" /run/containerd/runc/default /run/containerd/runc/k8s.io
finish containerd
