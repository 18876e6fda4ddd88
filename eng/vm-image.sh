#!/bin/bash
# Makes the virtual machine that lane "vm" boots, and prints its directory: kernel, initrd and root.img, a Debian with systemd made from
# packages of the mirror that apt uses here. Kept in ${XDG_CACHE_HOME:-~/.cache}/anocir, by the content of this script.
#   vm-image.sh [base|engines]            engines: with Docker and Podman
set -euo pipefail
variant=${1:-base}
directory=${XDG_CACHE_HOME:-$HOME/.cache}/anocir/vm-$variant-$(sha256sum "$0" | cut -c 1-16)
if [ -e "$directory/root.img" ]; then
    echo "$directory"
    exit 0
fi

if [ "$(id -u)" != 0 ]; then
    echo "error: making the image of the virtual machine takes root: sudo bash $0 $variant" >&2
    exit 1
fi

packages=(base-files base-passwd libc-bin dash usr-is-merged libpam-runtime mawk systemd systemd-sysv dbus dbus-user-session libpam-systemd apparmor uidmap passwd login mount util-linux procps kmod iproute2
    bash coreutils tar gzip grep sed findutils diffutils hostname busybox-static jq libstdc++6 zlib1g criu iptables)
size=2G
if [ "$variant" = engines ]; then
    packages+=(docker.io podman crun runc ca-certificates iptables udev fuse-overlayfs slirp4netns)
    size=4G
fi

export DEBIAN_FRONTEND=noninteractive
retries=(-o Acquire::Retries=3)
work=$(mktemp -d "${TMPDIR:-/tmp}/anocir-vm-XXXXXX")
trap 'rm -rf "$work"' EXIT

say() { echo "$*" >&2; }

quietly() { # COMMAND...: its output only when it fails
    if ! "$@" >"$work/log" 2>&1; then
        cat "$work/log" >&2
        say "error: failed: $*"
        exit 1
    fi
}

# apt as it is configured here, for a machine on which nothing is installed.
apt_for_tree() {
    apt-get "${retries[@]}" -o Dir::State::status="$work/status" -o Dir::Cache::archives="$work/archives" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= \
        -o Debug::NoLocking=true -o APT::Sandbox::User=root -o APT::Install-Recommends=false -o APT::Get::AllowUnauthenticated=false "$@"
}

# The packages are unpacked, not installed: their scripts need minutes, and what they would do for this machine is a few files.
make_tree() {
    local tree=$work/tree name deb
    mkdir -p "$work/archives/partial" "$tree"/usr/{bin,sbin,lib,lib64}
    : >"$work/status"
    for name in bin sbin lib lib64; do
        ln -s "usr/$name" "$tree/$name"
    done

    quietly apt_for_tree -y -qq --download-only install "${packages[@]}"
    for deb in "$work"/archives/*.deb; do
        dpkg-deb --fsys-tarfile "$deb" | tar -x -p -C "$tree" --keep-directory-symlink \
            --exclude='./usr/share/doc/*' --exclude='./usr/share/man/*' --exclude='./usr/share/locale/*'
    done
}

# The kernel alone: what its package depends on makes an initrd with everything in it, slowly.
add_kernel() {
    local package
    package=$(apt-cache depends linux-image-cloud-amd64 | sed -n 's/.*Depends: \(linux-image-[0-9].*\)/\1/p' | head -n 1)
    (cd "$work" && quietly apt-get "${retries[@]}" -o APT::Sandbox::User=root download -qq "$package" && dpkg-deb -x "$package"_*.deb kernel)
    version=$(basename "$work"/kernel/lib/modules/*)
    mv "$work/kernel/lib/modules" "$work/tree/usr/lib/"
    chroot "$work/tree" depmod "$version"
}

# A shell and the modules of the disk: what stands between the kernel and the root file system.
make_initrd() {
    local initrd=$work/initrd
    mkdir -p "$initrd"/{bin,dev,root,modules}
    cp /bin/busybox "$initrd/bin/"
    : >"$initrd/load"
    while read -r _ module _; do
        cp "$work/tree$module" "$initrd/modules/"
        echo "insmod /modules/$(basename "$module")" >>"$initrd/load"
    done < <(for name in virtio_pci virtio_blk; do chroot "$work/tree" modprobe -S "$version" --show-depends "$name" | grep ^insmod; done | awk '!seen[$0]++')
    cat >"$initrd/init" <<'INIT'
#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin
mount -t devtmpfs dev /dev
. /load
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    [ ! -b /dev/vda ] || break
    usleep 100000
done
mount -t ext4 -o rw /dev/vda /root
mount --move /dev /root/dev
exec switch_root /root /sbin/init
INIT
    chmod 755 "$initrd/init"
    (cd "$initrd" && find . | busybox cpio -o -H newc 2>/dev/null) >"$work/initrd.cpio"
}

# What the packages' scripts would have done.
configure_packages() {
    local tree=$work/tree name place
    mkdir -p "$tree"/usr/local/{bin,sbin}
    cp "$tree/usr/share/base-passwd/passwd.master" "$tree/etc/passwd"
    cp "$tree/usr/share/base-passwd/group.master" "$tree/etc/group"
    printf '%s: files\n' passwd group shadow >"$tree/etc/nsswitch.conf"
    printf 'hosts: files dns\n' >>"$tree/etc/nsswitch.conf"
    printf 'auth required pam_permit.so\n' >"$tree/etc/pam.d/common-auth"
    printf 'account required pam_permit.so\n' >"$tree/etc/pam.d/common-account"
    printf 'password required pam_permit.so\n' >"$tree/etc/pam.d/common-password"
    printf 'session required pam_permit.so\nsession optional pam_systemd.so\n' >"$tree/etc/pam.d/common-session"
    printf 'session required pam_permit.so\n' >"$tree/etc/pam.d/common-session-noninteractive"
    [ -e "$tree/bin/sh" ] || ln -s dash "$tree/bin/sh"
    for name in awk:mawk iptables:iptables-nft ip6tables:ip6tables-nft \
        iptables-restore:iptables-nft-restore ip6tables-restore:ip6tables-nft-restore; do
        for place in bin sbin; do
            [ ! -e "$tree/usr/$place/${name#*:}" ] || ln -sfn "${name#*:}" "$tree/usr/$place/${name%:*}"
        done
    done

    rm -rf "$tree/var/run" && ln -s /run "$tree/var/run" # packages bring a directory
    chroot "$tree" ldconfig
    chroot "$tree" useradd --system --home-dir /nonexistent --shell /usr/sbin/nologin messagebus
    quietly chroot "$tree" systemd-sysusers
    [ "$variant" != engines ] || chroot "$tree" groupadd --system docker
}

configure_machine() {
    local tree=$work/tree unit
    echo anocir-vm >"$tree/etc/hostname"
    printf '127.0.0.1 localhost anocir-vm\n' >"$tree/etc/hosts"
    : >"$tree/etc/fstab"
    # Not a first boot: that would apply presets and wait for answers.
    tr -d - </proc/sys/kernel/random/uuid >"$tree/etc/machine-id"
    chroot "$tree" useradd --create-home --shell /bin/bash --uid 1000 user 2>/dev/null
    : >"$tree/etc/subuid" && : >"$tree/etc/subgid" # tests mount theirs there
    # A user manager that runs without a login, with every controller delegated.
    mkdir -p "$tree/var/lib/systemd/linger" "$tree/etc/systemd/system/user@.service.d" "$tree/etc/systemd/journald.conf.d"
    : >"$tree/var/lib/systemd/linger/user"
    printf '[Service]\nDelegate=yes\n' >"$tree/etc/systemd/system/user@.service.d/delegate.conf"
    printf '[Journal]\nStorage=volatile\n' >"$tree/etc/systemd/journald.conf.d/volatile.conf"
    # serial-getty@ttyS0 waits 90 s for a device that only udev announces; the others only take time.
    for unit in serial-getty@ttyS0.service getty@tty1.service systemd-timesyncd.service apt-daily.timer apt-daily-upgrade.timer \
        dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer logrotate.timer apparmor.service systemd-random-seed.service \
        systemd-update-utmp.service systemd-update-utmp-runlevel.service systemd-rfkill.socket systemd-pstore.service systemd-binfmt.service \
        systemd-journal-flush.service proc-sys-fs-binfmt_misc.automount modprobe@.service sys-kernel-config.mount sys-kernel-debug.mount \
        sys-kernel-tracing.mount sys-fs-fuse-connections.mount systemd-sysusers.service kmod-static-nodes.service dm-event.socket \
        systemd-modules-load.service systemd-tmpfiles-setup-dev.service systemd-user-sessions.service systemd-ask-password-wall.path; do
        ln -sfn /dev/null "$tree/etc/systemd/system/$unit"
    done

    # What the lane asks for comes on a second disk; see vm-lane.sh.
    cat >"$tree/etc/systemd/system/anocir-lane.service" <<'UNIT'
[Unit]
Description=What the host asked for
Wants=dbus.service systemd-logind.service user@1000.service
After=dbus.service systemd-logind.service user@1000.service

[Service]
Type=oneshot
ExecStartPre=/bin/mkdir -p /payload
ExecStartPre=/bin/mount -t ext4 -o ro /dev/vdb /payload
ExecStart=/bin/bash /payload/run
ExecStopPost=/bin/sh -c 'sync; echo o >/proc/sysrq-trigger'
Environment=HOME=/root
Delegate=yes
TasksMax=infinity
OOMPolicy=continue
LimitNOFILE=1048576
StandardOutput=tty
StandardError=tty
TTYPath=/dev/ttyS0

[Install]
WantedBy=multi-user.target
UNIT
    chroot "$tree" systemctl set-default multi-user.target >/dev/null 2>&1
    chroot "$tree" systemctl enable anocir-lane.service >/dev/null 2>&1
}

say "making the virtual machine '$variant' (once): $directory"
sh "$(dirname "$0")/deps.sh" vm >&2
apt-get "${retries[@]}" update -qq >"$work/log" 2>&1 || { cat "$work/log" >&2; say "warning: apt-get update failed: going on with the lists that are here"; }
make_tree
configure_packages
add_kernel
configure_machine
make_initrd
mkdir -p "$directory"
cp "$work"/kernel/boot/vmlinuz-* "$directory/kernel"
cp "$work/initrd.cpio" "$directory/initrd"
quietly mkfs.ext4 -q -F -L root -O ^has_journal -E lazy_itable_init=1,root_owner=0:0 -d "$work/tree" "$directory/root.part" "$size"
mv "$directory/root.part" "$directory/root.img"
echo "$directory"
