# What the scripts of the engines share. They run inside the tree of eng/engines-lane.sh, as root, one engine after the other.
# shellcheck shell=bash
ANOCIR=/anocir/anocir
WORK=$(mktemp -d /tmp/engines.XXXXXX)
passed=0 failed=0

# is NAME EXIT-CODE PATTERN COMMAND…: the command ends so, and its output (both streams, without white space at the end) matches the glob.
is() {
    local name=$1 code=$2 pattern=$3 output status=0
    shift 3
    output=$(timeout 120 "$@" 2>&1 </dev/null) || status=$?
    # shellcheck disable=SC2053 # a pattern
    if [[ $status == "$code" && $output == $pattern ]]; then
        passed=$((passed + 1))
        echo "ok      $name"
    else
        failed=$((failed + 1))
        echo "NOT OK  $name: exit code $status (expected $code), output:"
        printf '%s\n' "$output" | sed 's/^/        | /' | head -n 12
        echo "        expected: $pattern"
    fi
}

# wait_for SECONDS COMMAND…: until it succeeds.
wait_for() {
    local end=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        [ $SECONDS -lt $end ] || return 1
        sleep 0.2
    done
}

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
    tar -C "$root" -c .
}

# What anocir has left: state, processes.
leftovers() { # ROOT
    find "$1" -mindepth 1 -maxdepth 1 2>/dev/null
    pgrep -a 'anocir' || true
}

finish() { # ENGINE
    echo "$1: $passed passed, $failed failed"
    [ "$failed" = 0 ] && [ "$passed" != 0 ]
}
