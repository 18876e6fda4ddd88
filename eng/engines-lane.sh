#!/bin/bash
# Lane "engines": engines from Debian's packages, in a tree of their own, with anocir as their runtime, on this kernel.
#   engines-lane.sh [ENGINE…]     those that have a script in tests/engines: docker, podman, rootless, containerd, conmon
# The tree is made once, outside the checkout ($ENGINES_TREE, default ~/.cache/anocir/engines). What an engine does stays in namespaces and
# in one cgroup, and ends with its script.
set -euo pipefail
cd "$(dirname "$0")/.."
tree=${ENGINES_TREE:-${XDG_CACHE_HOME:-$HOME/.cache}/anocir/engines}
anocir=$(realpath "${ANOCIR:-artifacts/bin/anocir}")
engines=("$@")
[ $# -gt 0 ] || engines=(docker podman rootless containerd conmon)

if [ "$(id -u)" != 0 ]; then
    echo "error: engines take root: run as root" >&2
    exit 1
fi

bash eng/engines-tree.sh "$tree"
mkdir -p artifacts/engines

# A cgroup of this lane in each hierarchy, below our own; prints them.
make_cgroups() {
    local line controllers path mount
    while IFS= read -r line; do
        IFS=: read -r _ controllers path <<<"$line"
        mount=$(cgroup_mount "$controllers")
        [ -n "$mount" ] || continue
        path=${path%/}/anocir-engines-$$
        mkdir -p "$mount$path"
        if [ "$controllers" = cpuset ]; then
            for file in cpuset.cpus cpuset.mems; do
                cat "$mount${path%/*}/$file" >"$mount$path/$file"
            done
            echo 1 >"$mount$path/cgroup.clone_children"
        fi
        [ -n "$controllers" ] || delegate "$mount${path%/*}"
        echo "$mount$path"
    done </proc/self/cgroup
}

cgroup_mount() { # CONTROLLERS as /proc/self/cgroup has them, none for version 2
    if [ -z "$1" ]; then
        awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts
    else
        awk -v want=",$1," '$3 == "cgroup" && index("," $4 ",", want) { print $2; exit }' /proc/mounts
    fi
}

delegate() { # DIRECTORY: every controller of version 2 that can be had below it
    local name
    for name in $(cat "$1/cgroup.controllers"); do
        echo "+$name" >"$1/cgroup.subtree_control" 2>/dev/null || true
    done
}

# Everything in it is dead by now: only the directories are left. The kernel needs a moment to see that.
remove_cgroups() {
    local directory end=$((SECONDS + 20))
    for directory in "${cgroups[@]}"; do
        while [ -d "$directory" ] && [ $SECONDS -lt $end ]; do
            find "$directory" -depth -type d -exec rmdir {} + 2>/dev/null || true
        done
        [ ! -d "$directory" ] || { echo "error: $directory is still in use" >&2; failed=1; }
    done
}

# The script is process 1 of its namespace: what it started ends with it, and so do mounts and network devices. It ends with this script.
run_engine() { # ENGINE
    local end=$((SECONDS + ${ENGINES_SECONDS:-1500}))
    (
        for directory in "${cgroups[@]}"; do
            echo "$BASHPID" >"$directory/cgroup.procs"
        done
        exec setpriv --pdeathsig KILL \
            unshare --mount --pid --fork --kill-child --net --ipc --uts --cgroup --propagation private \
            bash eng/engines-enter.sh "$tree" "$anocir" "$PWD/tests/engines" "$1" "$PWD/artifacts/engines"
    ) &
    child=$!
    while kill -0 "$child" 2>/dev/null && [ $SECONDS -lt $end ]; do
        sleep 1
    done
    if kill -KILL "$child" 2>/dev/null; then
        echo "error: the script for $1 did not end within ${ENGINES_SECONDS:-1500} s" >&2
    fi
    wait "$child"
}

clean_up() {
    kill -KILL "${child:-}" 2>/dev/null || true
    remove_cgroups
}

failed=0
cgroups=()
trap clean_up EXIT
trap 'exit 1' TERM INT
for engine in "${engines[@]}"; do
    # New ones for each: an engine leaves some of its own, which the next one's script would find.
    mapfile -t cgroups < <(make_cgroups)
    run_engine "$engine" || failed=1
    remove_cgroups
done
trap - EXIT
exit "$failed"
