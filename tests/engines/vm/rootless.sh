#!/bin/bash
# Podman of a user, whose own systemd makes the scopes.
set -uo pipefail
# shellcheck source=tests/engines/vm/lib.sh
. "$(dirname "$0")/lib.sh"

configure_podman
image >"$WORK/image.tar"
useradd --uid 1000 --create-home user 2>/dev/null
echo "user:300000:65536" | tee -a /etc/subuid >>/etc/subgid
mkdir -p /var/lib/work/user
chmod 711 "$WORK" /var/lib/work
printf '[storage]\ndriver = "overlay"\ngraphroot = "/var/lib/work/user/storage"\n' >"$WORK/storage.conf"
chown 1000 /var/lib/work/user
own=/sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service
mkdir -p $own/lane
chown 1000 $own/lane $own/lane/cgroup.procs
user=(bash -c 'echo $$ >'$own'/lane/cgroup.procs; cd /var/lib/work/user; exec setpriv --reuid 1000 --regid 1000 --clear-groups env -i "$@"' _ HOME=/var/lib/work/user USER=user
    XDG_RUNTIME_DIR=/run/user/1000 DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/1000/bus CONTAINERS_STORAGE_CONF="$WORK/storage.conf" PATH=/usr/bin:/bin TERM=xterm)
podman=("${user[@]}" podman)
is "import" 0 "*" "${podman[@]}" import "$WORK/image.tar" localhost/img:latest
is "systemd, version 2" 0 "true systemd v2" "${podman[@]}" info --format '{{.Host.Security.Rootless}} {{.Host.CgroupManager}} {{.Host.CgroupsVersion}}'
is "a scope of the user's systemd" 0 "0::/user.slice/user-1000.slice/user@1000.service/*/libpod-*.scope*" "${podman[@]}" run --rm --network none --cgroupns host img cat /proc/self/cgroup
is "limits" 0 "41943040 33" "${podman[@]}" run --rm --network none -m 40m --pids-limit 33 img sh -c 'echo $(cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/pids.max)'
"${podman[@]}" run -d --name mine --network none img sleep 100000 >/dev/null
is "exec" 0 "inside" "${podman[@]}" exec mine echo inside
is "pause, unpause" 0 "mine
mine" bash -c '"$@" pause mine && "$@" unpause mine' _ "${podman[@]}"
is "rm" 0 "mine" "${podman[@]}" rm -f -t 0 mine
"${podman[@]}" system migrate >/dev/null 2>&1
nothing_of_systemd_is_left /run/user/1000/anocir
finish "rootless (systemd, cgroup v2)"
