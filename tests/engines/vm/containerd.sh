#!/bin/bash
# The CRI of containerd with systemd's cgroups of version 2, as kubelet uses it, and anocir.
set -uo pipefail
# shellcheck source=tests/engines/vm/lib.sh
. "$(dirname "$0")/lib.sh"

cat >"$WORK/config.toml" <<CONFIG
version = 3
root = "/var/lib/work/containerd"
state = "$WORK/state"
[grpc]
  address = "$WORK/sock"
[plugins.'io.containerd.cri.v1.images'.pinned_images]
  sandbox = "localhost/img:1"
[plugins.'io.containerd.cri.v1.runtime'.containerd]
  default_runtime_name = "anocir"
  [plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.anocir]
    runtime_type = "io.containerd.runc.v2"
    [plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.anocir.options]
      BinaryName = "$ANOCIR"
      SystemdCgroup = true
CONFIG
containerd --config "$WORK/config.toml" >"$WORK/log" 2>&1 &
daemon=$!
wait_for 240 ctr --address "$WORK/sock" version || { grep -v level=info "$WORK/log" | tail -n 5; exit 1; }
image | image_archive
is "import" 0 "*" ctr --address "$WORK/sock" -n k8s.io images import --local "$WORK/image-oci.tar"
export CRI_SOCKET=$WORK/sock WORK
cri() { timeout 120 python3 "$HERE/cri.py" "$@"; }
cri=(python3 "$HERE/cri.py")
# Twice: the first call compiles the description of the CRI, which takes its time here.
cri Version '{}' >/dev/null

parent=kubepods-burstable.slice
pod() { # NAME: the configuration of a pod
    printf '{"metadata":{"name":"%s","uid":"%s","namespace":"default"},"logDirectory":"%s/logs","linux":{"cgroupParent":"%s","securityContext":{"namespaceOptions":{"network":"NODE"}}}}' "$1" "$1" "$WORK" "$parent"
}
config=$(pod first)
pod=$(cri RunPodSandbox "{\"config\":$config,\"runtimeHandler\":\"anocir\"}" | jq -r .podSandboxId)
start() { # NAME JSON-MEMBERS: its identifier
    local made ctr
    made="{\"metadata\":{\"name\":\"$1\"},\"image\":{\"image\":\"localhost/img:1\"},\"logPath\":\"$1.log\",$2}"
    ctr=$(cri CreateContainer "{\"podSandboxId\":\"$pod\",\"config\":$made,\"sandboxConfig\":$config}" | jq -r .containerId)
    cri StartContainer "{\"containerId\":\"$ctr\"}" >/dev/null
    echo "$ctr"
}
sync_exec() { # COMMAND as JSON
    printf '{"containerId":"%s","cmd":%s,"timeout":60}' "$ctr" "$1"
}
ctr=$(start web '"command":["sh","-c","echo logged; trap \"exit 3\" TERM; while :; do sleep 1; done"],"linux":{"resources":{"memoryLimitInBytes":67108864,"cpuShares":512,"cpuQuota":50000,"cpuPeriod":100000}}')
is "a scope in the slice of the pod" 0 "*/kubepods-burstable.slice/cri-containerd-$ctr.scope" bash -c 'cat "/proc/$(ctr --address "$0" -n k8s.io tasks ls | awk -v id="$1" "\$1 == id { print \$2 }")/cgroup"' "$WORK/sock" "$ctr"
is "systemd knows it" 0 "active" systemctl show --property ActiveState --value "cri-containerd-$ctr.scope"
is "limits" 0 "67108864 50000 100000 59" "${cri[@]}" ExecSync "$(sync_exec '["sh","-c","cd /sys/fs/cgroup; echo $(cat memory.max cpu.max cpu.weight)"]')"
is "an exec probe that fails" 4 "why" "${cri[@]}" ExecSync "$(sync_exec '["sh","-c","echo why >&2; exit 4"]')"
is "update" 0 "{}" "${cri[@]}" UpdateContainerResources "{\"containerId\":\"$ctr\",\"linux\":{\"memoryLimitInBytes\":134217728}}"
is "what is updated" 0 "134217728" "${cri[@]}" ExecSync "$(sync_exec '["cat","/sys/fs/cgroup/memory.max"]')"
is "stats" 0 '*"workingSetBytes"*' "${cri[@]}" ContainerStats "{\"containerId\":\"$ctr\"}"
is "log" 0 "*stdout F logged" cat "$WORK/logs/web.log"
is "stop" 0 "{}" "${cri[@]}" StopContainer "{\"containerId\":\"$ctr\",\"timeout\":60}"
is "its exit code" 0 "3" bash -c 'python3 "$0" ContainerStatus "{\"containerId\":\"$1\"}" | jq -r .status.exitCode' "$HERE/cri.py" "$ctr"
ctr=$(start eater "\"command\":$(jq -n --arg eat "$eat" '["sh","-c",$eat]'),\"linux\":{\"resources\":{\"memoryLimitInBytes\":16777216,\"memorySwapLimitInBytes\":16777216}}")
becomes "out of memory" 60 "heard" bash -c 'grep -q "TaskOOM.*$1" "$0" && echo heard' "$WORK/log" "$ctr"
cri StopContainer "{\"containerId\":\"$ctr\",\"timeout\":60}" >/dev/null
is "its reason" 0 "3 OOMKilled" bash -c 'python3 "$0" ContainerStatus "{\"containerId\":\"$1\"}" | jq -r "\"\(.status.exitCode) \(.status.reason)\""' "$HERE/cri.py" "$ctr"
is "stop the pod" 0 "{}" "${cri[@]}" StopPodSandbox "{\"podSandboxId\":\"$pod\"}"
is "remove the pod" 0 "{}" "${cri[@]}" RemovePodSandbox "{\"podSandboxId\":\"$pod\"}"
kill "$daemon"
wait "$daemon" 2>/dev/null
nothing_of_systemd_is_left "$WORK/state/runc/k8s.io" /run/containerd/runc/k8s.io
finish "containerd (systemd, cgroup v2)"
