#!/bin/bash
# A unit of systemd that Podman's Quadlet makes.
set -uo pipefail
# shellcheck source=tests/engines/vm/lib.sh
. "$(dirname "$0")/lib.sh"

configure_podman
image >"$WORK/image.tar"
podman import "$WORK/image.tar" localhost/img:latest >/dev/null 2>&1

mkdir -p /etc/containers/systemd "$WORK/units" /run/systemd/system/web.service.d
cat >/etc/containers/systemd/web.container <<'QUADLET'
[Container]
Image=localhost/img:latest
ContainerName=web
Network=none
Pull=never
Exec=sh -c 'trap "exit 0" TERM; while :; do sleep 1; done'
Memory=48m
QUADLET
is "Quadlet makes a unit" 0 "*" /usr/lib/systemd/system-generators/podman-system-generator "$WORK/units" "$WORK/units" "$WORK/units"
is "of type notify" 0 "Type=notify" grep ^Type= "$WORK/units/web.service"
# The machine's systemd has another root, in which Quadlet's file is not.
grep -v ^SourcePath= "$WORK/units/web.service" >/run/systemd/system/web.service
printf '[Service]\nRootDirectory=/engines\n' >/run/systemd/system/web.service.d/root.conf
systemctl daemon-reload
is "its start, with Podman's READY=1" 0 "" systemctl start web.service
is "it is active, the main process is conmon" 0 "active conmon" bash -c 'echo $(systemctl show --property ActiveState --value web) $(cat /proc/$(systemctl show --property MainPID --value web)/comm)'
is "the container is below the unit" 0 "0::/system.slice/web.service/*" bash -c 'cat "/proc/$(podman inspect -f "{{.State.Pid}}" web)/cgroup"'
is "its limit" 0 "50331648" podman exec web cat /sys/fs/cgroup/memory.max
is "its stop" 0 "" systemctl stop web.service
is "nothing of it runs" 0 "inactive 0" bash -c 'echo $(systemctl show --property ActiveState --value web) $(podman ps -q | wc -l)'
rm -rf /run/systemd/system/web.service /run/systemd/system/web.service.d
systemctl daemon-reload

nothing_of_systemd_is_left /run/anocir
finish "quadlet (systemd, cgroup v2)"
