# What the scripts of the virtual machine share, besides what those of the host's lane do.
# shellcheck shell=bash
# shellcheck source=tests/engines/lib.sh
. "$(dirname "$0")/../lib.sh"

# Podman with anocir and the cgroups of systemd; its storage is on the disk, for a tmpfs takes the machine's memory.
configure_podman() {
    cat >/etc/containers/containers.conf <<CONF
[engine]
runtime = "anocir"
cgroup_manager = "systemd"
events_logger = "file"
runtime_supports_json = ["anocir"]
runtime_supports_nocgroup = ["anocir"]
[engine.runtimes]
anocir = ["$ANOCIR"]
[containers]
log_driver = "k8s-file"
CONF
    printf '[storage]\ndriver = "overlay"\ngraphroot = "/var/lib/work/podman"\nrunroot = "/run/work-podman"\n' >/etc/containers/storage.conf
}

# Units, cgroups and state that containers have left: none.
nothing_of_systemd_is_left() { # STATE-DIRECTORY…
    watched=("$@")
    wait_for 60 is_nothing_of_systemd_left
    is "nothing is left" 0 "" echo "$left"
}

is_nothing_of_systemd_left() {
    left=$(
        systemctl list-units --all --plain --no-legend 'docker-*' 'libpod-*' 'cri-containerd-*' 'machine-libpod*' 'kubepods-*' 'crio-*' | awk '$1 ~ /\.scope$/'
        find /sys/fs/cgroup \( -name 'docker-*' -o -name 'libpod-*' -o -name 'cri-containerd-*' -o -name 'crio-*' \) -not -name 'libpod-conmon-*'
        grep -E ' (/tmp/work|/var/lib)/[^ ]*/(merged|rootfs) ' /proc/self/mountinfo | cut -d ' ' -f 5
        find "${watched[@]}" -mindepth 1 -maxdepth 1 -not -name '@seccomp' 2>/dev/null
    )
    [ -z "$left" ]
}
