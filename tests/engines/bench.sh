#!/bin/bash
# Docker, Podman and the CRI with anocir, crun and runc in turn: what an engine's user waits for. Writes bench.json, bench.md and bench.svg.
#   RUNS=N      samples of a row (default 20)
#   PODS=N      pods at a time (default 50)
set -uo pipefail
# shellcheck source=tests/engines/lib.sh
. "$(dirname "$0")/lib.sh"

# crun does not run where /sys/fs/cgroup/unified has controllers; without it, for all alike.
umount /sys/fs/cgroup/unified 2>/dev/null
crun=$(command -v crun) runc=$(command -v runc)
driver=vfs
grep -q '	overlay$' /proc/filesystems && driver=overlay
image >"$WORK/image.tar"

export DOCKER_HOST=unix://$WORK/docker.sock DOCKER_CONFIG=$WORK/config
# "runc" is dockerd's own name for the one in its PATH.
dockerd --config-file /dev/null --exec-opt native.cgroupdriver=cgroupfs --storage-driver "${driver/%overlay/overlay2}" --data-root "$WORK/docker" \
    --exec-root "$WORK/docker-exec" --pidfile "$WORK/docker.pid" -H "$DOCKER_HOST" --iptables=false --ip6tables=false --bridge none \
    --add-runtime "anocir=$ANOCIR" --add-runtime "crun=$crun" >"$WORK/docker.log" 2>&1 &
docker=$!
cat >"$WORK/containerd.toml" <<CONFIG
version = 3
root = "$WORK/containerd"
state = "$WORK/containerd-state"
[grpc]
  address = "$WORK/containerd.sock"
[plugins.'io.containerd.cri.v1.images']
  snapshotter = "${driver/%overlay/overlayfs}"
  [plugins.'io.containerd.cri.v1.images'.pinned_images]
    sandbox = "localhost/img:1"
[plugins.'io.containerd.cri.v1.runtime']
  restrict_oom_score_adj = true
$(for runtime in anocir crun runc; do
    path=$ANOCIR
    [ "$runtime" = anocir ] || path=$(command -v "$runtime")
    echo "[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.$runtime]
  runtime_type = \"io.containerd.runc.v2\"
[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.$runtime.options]
  BinaryName = \"$path\""
done)
CONFIG
containerd --config "$WORK/containerd.toml" >"$WORK/containerd.log" 2>&1 &
containerd=$!
cat >"$WORK/containers.conf" <<CONF
[containers]
log_driver = "k8s-file"
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
CONF
printf '[storage]\ndriver = "%s"\ngraphroot = "%s/podman"\nrunroot = "%s/podman-run"\n' "$driver" "$WORK" "$WORK" >"$WORK/storage.conf"
export CONTAINERS_CONF=$WORK/containers.conf CONTAINERS_STORAGE_CONF=$WORK/storage.conf PODMAN_IGNORE_CGROUPSV1_WARNING=1
wait_for 120 docker version || { tail -n 5 "$WORK/docker.log"; exit 1; }
wait_for 120 ctr --address "$WORK/containerd.sock" version || { tail -n 5 "$WORK/containerd.log"; exit 1; }
docker import "$WORK/image.tar" img >/dev/null
podman import "$WORK/image.tar" img >/dev/null 2>&1
image_archive <"$WORK/image.tar"
ctr --address "$WORK/containerd.sock" -n k8s.io images import --snapshotter "${driver/%overlay/overlayfs}" --local "$WORK/image-oci.tar" >/dev/null || exit 1

export CRI_SOCKET=$WORK/containerd.sock WORK
python3 "$HERE/bench.py" "$OUT" "${RUNS:-20}" "${PODS:-50}" "anocir=$ANOCIR" "crun=$crun" "runc=$runc"
code=$?
podman rm -af -t 0 >/dev/null 2>&1
kill "$docker" "$containerd"
wait "$docker" "$containerd" 2>/dev/null
exit "$code"
