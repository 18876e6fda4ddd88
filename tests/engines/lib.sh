# What the scripts of the engines share. They run inside the tree of eng/engines-lane.sh, as root and as process 1 of a PID namespace.
# shellcheck shell=bash
ANOCIR=/anocir/anocir
HERE=/anocir/tests
WORK=/tmp/work
# What a script gives to whoever started it.
# shellcheck disable=SC2034 # for the scripts
OUT=/anocir/out
passed=0 failed=0 lost=0
mkdir -p "$WORK"
cut -d ' ' -f 5 /proc/self/mountinfo | sort >"$WORK/mounts"

# is NAME EXIT-CODE PATTERN COMMAND…: the command ends so, and its output (both streams, without white space at the end) matches the glob.
is() {
    local name=$1 code=$2 pattern=$3 output status since
    shift 3
    since=$(stat -c %s "${engine_log:-/dev/null}")
    ask "$@"
    # shellcheck disable=SC2053 # a pattern
    if [[ $status == "$code" && $output != $pattern ]] && engine_lost_output "$since"; then
        lost=$((lost + 1))
        echo "WARNING $name: the engine says that it closed the container's output unread; asked once more"
        ask "$@"
    fi
    # shellcheck disable=SC2053 # a pattern
    if [[ $status == "$code" && $output == $pattern ]]; then
        ok "$name"
    else
        not_ok "$name" "exit code $status (expected $code)" "$output" "$pattern"
    fi
}

ask() { # COMMAND…: sets output and status
    status=0
    output=$(timeout --kill-after=5 120 "$@" 2>&1 </dev/null) || status=$?
}

# Whether dockerd's debug log, from this place on, has a container that ran and whose output it did not read (docs/testing.md). A container that was
# never started leaves the same line, but no event before it. It is rare: a third time in one run is no accident.
engine_lost_output() { # BYTES-BEFORE
    [ -n "${engine_log:-}" ] && [ "$lost" -lt 2 ] || return 1
    [[ $(tail -c "+$(($1 + 1))" "$engine_log") == *topic=/tasks/exit*'copy stream failed'*'reading from a closed fifo'*stream=stdout* ]]
}

# becomes NAME SECONDS PATTERN COMMAND…: the output of the command matches the glob once before that time is over, whatever its exit code.
becomes() {
    local name=$1 pattern=$3 output end=$((SECONDS + $2))
    shift 3
    until
        output=$(timeout --kill-after=5 120 "$@" 2>&1 </dev/null)
        # shellcheck disable=SC2053 # a pattern
        [[ $output == $pattern ]]
    do
        if [ $SECONDS -ge $end ]; then
            not_ok "$name" "not in time" "$output" "$pattern"
            return
        fi
        sleep 0.1 # between two looks
    done
    ok "$name"
}

ok() { # NAME
    passed=$((passed + 1))
    echo "ok      $1"
}

not_ok() { # NAME WHAT OUTPUT PATTERN
    failed=$((failed + 1))
    echo "NOT OK  $1: $2, output:"
    printf '%s\n' "$3" | sed 's/^/        | /' | tail -n 15
    echo "        expected: $4"
}

# wait_for SECONDS COMMAND…: until it succeeds.
wait_for() {
    local end=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        [ $SECONDS -lt $end ] || return 1
        sleep 0.1 # between two looks
    done
}

# "${terminal[@]}" STEP… -- COMMAND…: see terminal.py.
# shellcheck disable=SC2034 # for the scripts
terminal=(python3 "$HERE/terminal.py")

# A program whose child wants more memory than there is, and which goes on without it.
# shellcheck disable=SC2016,SC2034 # for the shell in the container
export eat='(a=x; while :; do a=$a$a; done); trap "exit 3" TERM; while :; do sleep 0.1; done'

# An image from busybox, with the usual files, as a tar on standard output.
image() {
    local root=$WORK/image applet
    mkdir -p "$root/bin" "$root/etc" "$root/tmp" "$root/root"
    cp /bin/busybox "$root/bin/busybox"
    for applet in $(/bin/busybox --list); do
        [ "$applet" = busybox ] || ln -sf busybox "$root/bin/$applet"
    done
    printf 'root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000::/:/bin/sh\n' >"$root/etc/passwd"
    printf 'root:x:0:\nuser:x:1000:\n' >"$root/etc/group"
    printf '#!/bin/nosuch\n' >"$root/bin/lost"
    chmod 755 "$root/bin/lost"
    chmod 1777 "$root/tmp"
    tar -C "$root" -c .
}

# An image from the Debian tree that debootstrap made, as a tar on standard output: what every Debian has, and all libraries.
debian_image() {
    # shellcheck disable=SC2016 # for dpkg-query
    {
        dpkg-query --show --showformat '${Package} ${Priority}\n' | awk '$2 == "required" { print $1 }' | xargs dpkg-query --listfiles
        find "/usr/lib/$(uname -m)-linux-gnu" /etc /var/lib/dpkg /bin /sbin /lib /lib64 /usr/lib64 -xdev
    } | sort -u | sed 's|^/|./|' | tar -C / -c --no-recursion --files-from - --exclude ./etc/containers 2>/dev/null
}

# Makes an OCI image of one layer, the tar on standard input: $WORK/image-oci.tar, whose name is localhost/img:1.
image_archive() {
    local dir=$WORK/oci layer config manifest
    mkdir -p "$dir/blobs/sha256"
    cat >"$WORK/layer.tar"
    layer=$(blob "$WORK/layer.tar")
    printf '{"architecture":"%s","os":"linux","config":{"Env":["PATH=/bin"],"Cmd":["sleep","100000"]},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \
        "$(dpkg --print-architecture)" "$layer" >"$WORK/c"
    config=$(blob "$WORK/c")
    printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:%s","size":%s},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"sha256:%s","size":%s}]}' \
        "$config" "$(stat -c %s "$WORK/c")" "$layer" "$(stat -c %s "$WORK/layer.tar")" >"$WORK/m"
    manifest=$(blob "$WORK/m")
    echo '{"imageLayoutVersion":"1.0.0"}' >"$dir/oci-layout"
    printf '{"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:%s","size":%s,"annotations":{"io.containerd.image.name":"localhost/img:1"}}]}' \
        "$manifest" "$(stat -c %s "$WORK/m")" >"$dir/index.json"
    tar -C "$dir" -cf "$WORK/image-oci.tar" .
}

blob() { # FILE: into the image; prints its digest
    local digest
    digest=$(sha256sum "$1" | cut -d ' ' -f 1)
    cp "$1" "$WORK/oci/blobs/sha256/$digest"
    echo "$digest"
}

on_v2() { [ -e /sys/fs/cgroup/cgroup.controllers ]; }

# of_cgroup V1-FILE V2-FILE: the one that is in the container's own /sys/fs/cgroup.
of_cgroup() { if on_v2; then echo "/sys/fs/cgroup/$2"; else echo "/sys/fs/cgroup/$1"; fi; }

# What containers have left, once the engine has ended: processes, cgroups that the regular expression of the engine's own does not match,
# mounts, and files below the given state directories.
leftovers() { # CGROUPS-OF-THE-ENGINE [STATE-DIRECTORY…]
    local own=$1
    shift
    ps -e -o pid=,stat=,args= | grep -vE ' bash /anocir/tests/| ps -e -o | grep -vE'
    find /sys/fs/cgroup -mindepth 1 -type d | sed 's|^/sys/fs/cgroup||' | grep -vE "^(/[a-z,]+)?(/($own))?\$|^/lane\$"
    cut -d ' ' -f 5 /proc/self/mountinfo | sort | comm -13 "$WORK/mounts" -
    # @seccomp keeps compiled filters for the next container.
    [ $# = 0 ] || find "$@" -mindepth 1 -maxdepth 1 -not -name '@seccomp' 2>/dev/null
    return 0
}

nothing_is_left() { # as leftovers
    watched=("$@")
    wait_for 30 is_nothing_left
    is "nothing is left" 0 "" echo "$left"
}

is_nothing_left() {
    left=$(leftovers "${watched[@]}")
    [ -z "$left" ]
}

finish() { # ENGINE
    [ "$lost" = 0 ] || echo "$1: asked once more after lost output: $lost"
    echo "$1: $passed passed, $failed failed in $SECONDS s"
    [ "$failed" = 0 ] && [ "$passed" != 0 ]
}
