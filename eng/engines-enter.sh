#!/bin/bash
# Process 1 of a lane of engines: makes the tree its root, with kernel file systems of the namespaces it is in, and becomes the script.
#   engines-enter.sh TREE ANOCIR SCRIPTS ENGINE OUTPUT-DIRECTORY
set -euo pipefail
tree=$1 anocir=$2 scripts=$3 engine=$4 output=$5

mapfile -t hierarchies < <(awk '$3 ~ /^cgroup2?$/ { print $2, $3, $4 }' /proc/mounts)
# Nothing that an engine writes stays in the tree.
if grep -q '	overlay$' /proc/filesystems; then
    mount -t tmpfs -o mode=755 engines /mnt
    mkdir /mnt/{upper,work,root}
    mount -t overlay -o "lowerdir=$tree,upperdir=/mnt/upper,workdir=/mnt/work" engines /mnt/root
    cd /mnt/root
else
    mount --bind "$tree" "$tree"
    cd "$tree"
fi

mount -t proc proc proc
mount -t sysfs sys sys
for line in "${hierarchies[@]}"; do
    read -r directory type options <<<"$line"
    if [ "$directory" = /sys/fs/cgroup ]; then
        mount -t cgroup2 cgroup sys/fs/cgroup
        break
    fi
    mountpoint -q sys/fs/cgroup || mount -t tmpfs -o mode=755 cgroup sys/fs/cgroup
    mkdir -p ".$directory"
    if [ "$type" = cgroup2 ]; then
        mount -t cgroup2 cgroup ".$directory"
    else
        # What of the options is not a controller's name is for every file system.
        mount -t cgroup -o "$(tr , '\n' <<<"$options" | grep -vxE 'rw|relatime|nosuid|nodev|noexec|clone_children|release_agent=.*|xattr' | sed 's/^name=/none,&/' | paste -sd ,)" cgroup ".$directory"
    fi
done
if [ -e sys/fs/cgroup/cgroup.controllers ]; then
    # With processes in it a cgroup of version 2 cannot hand on its controllers.
    mkdir sys/fs/cgroup/lane
    echo $$ >sys/fs/cgroup/lane/cgroup.procs
    for name in $(cat sys/fs/cgroup/cgroup.controllers); do
        echo "+$name" >sys/fs/cgroup/cgroup.subtree_control 2>/dev/null || true
    done
fi

mount --rbind /dev dev
mount -t tmpfs -o mode=1777 shm dev/shm # Podman keeps its locks there
mount -t mqueue mqueue dev/mqueue 2>/dev/null || true
mount -t tmpfs -o mode=755 run run
mount -t tmpfs -o mode=1777 tmp tmp
mkdir -p run/lock anocir .old
mount -t tmpfs anocir anocir
cp "$anocir" anocir/anocir
cp -r "$scripts" anocir/tests
mkdir anocir/out
mount --bind "$output" anocir/out
pivot_root . .old
umount -l /.old
cd /
ip link set lo up
hostname engines
exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=xterm ${RUNS:+RUNS="$RUNS"} ${PODS:+PODS="$PODS"} bash "/anocir/tests/$engine.sh"
