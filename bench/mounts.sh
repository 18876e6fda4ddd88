#!/bin/sh
# Adds 2,000 bind mounts to the mount namespace it runs in. anocir-bench calls it inside its private one.
set -eu
dir=/run/anocir-bench/mounts
mkdir -p "$dir"
mount -t tmpfs mounts "$dir"
i=0
while [ $i -lt 2000 ]; do
    mkdir "$dir/$i"
    mount --bind "$dir/$i" "$dir/$i"
    i=$((i + 1))
done
