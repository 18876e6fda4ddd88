#!/bin/bash
# Installs what the benchmark needs and this machine lacks, by Debian package name; runc and crun too, unless $PEERS says where they are.
set -euo pipefail
packages=()
for program in time strace jq gcc busybox; do
    [ -x "/usr/bin/$program" ] || packages+=("$program")
done
if [ -z "${PEERS:-}" ]; then
    command -v runc >/dev/null || packages+=(runc)
    command -v crun >/dev/null || packages+=(crun)
fi
if [ ${#packages[@]} != 0 ]; then
    echo "installing with apt-get: ${packages[*]}"
    export DEBIAN_FRONTEND=noninteractive
    apt-get install -qq -y --no-install-recommends "${packages[@]}" >/dev/null 2>&1 ||
        { apt-get update -qq && apt-get install -qq -y --no-install-recommends "${packages[@]}" >/dev/null; }
fi
