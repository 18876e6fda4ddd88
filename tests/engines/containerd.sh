#!/bin/bash
# containerd's own shim, with anocir in the place of runc.
set -uo pipefail
# shellcheck source=tests/engines/lib.sh
. "$(dirname "$0")/lib.sh"

cat >"$WORK/config.toml" <<CONFIG
version = 3
root = "$WORK/root"
state = "$WORK/state"
disabled_plugins = ["io.containerd.cri.v1.runtime", "io.containerd.cri.v1.images", "io.containerd.grpc.v1.cri"]
[grpc]
  address = "$WORK/sock"
CONFIG
containerd --config "$WORK/config.toml" >"$WORK/log" 2>&1 &
daemon=$!
trap 'kill $daemon; rm -rf "$WORK"' EXIT
c=(ctr --address "$WORK/sock")
wait_for 60 "${c[@]}" version || { grep -v level=info "$WORK/log" | tail -n 5; "${c[@]}" version 2>&1 | tail -n 2; exit 1; }

image >"$WORK/layer.tar"
image_tar() { # an OCI image of one layer
    local dir=$WORK/oci layer config manifest
    mkdir -p "$dir/blobs/sha256"
    put() { # FILE: prints its digest
        local digest
        digest=$(sha256sum "$1" | cut -d ' ' -f 1)
        cp "$1" "$dir/blobs/sha256/$digest"
        echo "$digest"
    }
    layer=$(put "$WORK/layer.tar")
    printf '{"architecture":"%s","os":"linux","config":{"Env":["PATH=/bin"]},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \
        "$(dpkg --print-architecture)" "$layer" >"$WORK/c"
    config=$(put "$WORK/c")
    printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:%s","size":%s},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"sha256:%s","size":%s}]}' \
        "$config" "$(stat -c %s "$WORK/c")" "$layer" "$(stat -c %s "$WORK/layer.tar")" >"$WORK/m"
    manifest=$(put "$WORK/m")
    echo '{"imageLayoutVersion":"1.0.0"}' >"$dir/oci-layout"
    printf '{"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:%s","size":%s,"annotations":{"io.containerd.image.name":"localhost/img:1"}}]}' \
        "$manifest" "$(stat -c %s "$WORK/m")" >"$dir/index.json"
    tar -C "$dir" -cf "$WORK/image.tar" .
}
image_tar
is "import" 0 "*" "${c[@]}" images import --snapshotter native --local "$WORK/image.tar"
run=("${c[@]}" run --snapshotter native --runc-binary "$ANOCIR")

is "run" 0 "hello" "${run[@]}" --rm localhost/img:1 one echo hello
is "exit code of the program" 7 "" "${run[@]}" --rm localhost/img:1 one sh -c 'exit 7'
is "no such program" 1 '*"nope": executable file not found in $PATH*' "${run[@]}" --rm localhost/img:1 one nope
"${c[@]}" containers rm one >/dev/null 2>&1
is "a mount" 0 "there" "${run[@]}" --rm --mount "type=bind,src=$WORK,dst=/m,options=rbind:ro" localhost/img:1 one \
    sh -c 'test -e /m/config.toml && echo there'
is "detached" 0 "" "${run[@]}" -d localhost/img:1 two sleep 1000
is "tasks" 0 "*two*RUNNING*" "${c[@]}" tasks ls
is "kill" 0 "" "${c[@]}" tasks kill --signal KILL two
wait_for 30 sh -c "${c[*]} tasks ls | grep -q STOPPED"
is "rm" 0 "*" "${c[@]}" tasks rm two
is "containers rm" 0 "" "${c[@]}" containers rm two
is "the state is gone" 0 "" leftovers /run/containerd/runc/default
finish containerd
