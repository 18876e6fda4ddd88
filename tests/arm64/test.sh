# Runs in the virtual machine, as process 1, in busybox's shell: anocir on arm64, seen from inside its containers.
export PATH=/bin HOME=/
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mkdir -p /dev/pts
mount -t devpts -o ptmxmode=666 devpts /dev/pts
mount -t cgroup2 cgroup /sys/fs/cgroup
mount -t tmpfs tmp /tmp
mount -t tmpfs run /run
# With processes in it a cgroup cannot hand on its controllers; the root one can.
echo "+cpu +memory +pids" >/sys/fs/cgroup/cgroup.subtree_control
passed=0 failed=0
console=/dev/ttyAMA0 # the terminal of whoever calls anocir

# is NAME EXIT-CODE PATTERN COMMAND…: the command ends so, and its output matches the pattern.
is() {
    local name=$1 code=$2 pattern=$3 output status=0
    shift 3
    output=$(timeout 60 "$@" 2>&1 </dev/null) || status=$?
    # shellcheck disable=SC2254 # a pattern
    case "$status $output" in
    "$code "$pattern)
        passed=$((passed + 1))
        echo "ok      $name"
        ;;
    *)
        failed=$((failed + 1))
        echo "NOT OK  $name: exit code $status (expected $code), output:"
        printf '%s\n' "$output" | sed 's/^/        | /'
        echo "        expected: $pattern"
        ;;
    esac
}

attempt() { # COMMAND…: until it succeeds, for 30 s
    local end=$(($(date +%s) + 30))
    until "$@" >/dev/null 2>&1; do
        [ "$(date +%s)" -lt $end ] || return 1
        sleep 0.1
    done
}
state_is() { anocir state long | grep -q "\"status\": \"$1\""; }

echo
is "version" 0 "anocir version *" anocir --version
is "features" 0 '*"SCMP_ARCH_AARCH64"*' anocir features
is "check" 0 "*" anocir check
is "run" 0 "hello" anocir run --bundle /bundles/hello hello
is "exit code" 7 "" anocir run --bundle /bundles/code code
is "identity, capabilities, signals, descriptors, devices" 0 "aarch64 1 arm x /etc
SigBlk:	0000000000000000
SigIgn:	0000000000000000
CapEff:	0000000000001000
NoNewPrivs:	1
4
10" anocir run --bundle /bundles/inside inside
is "a terminal" 0 "*/dev/pts/0*" sh -c "anocir run --bundle /bundles/terminal terminal <$console"
is "seccomp" 0 "Seccomp:	2
mkdir: *No space left on device*
ip: *Operation not permitted*" anocir run --bundle /bundles/seccomp seccomp
is "limits, device rules" 1 "67108864 33 50000 100000
null
cat: can't open '/dev/other': Operation not permitted" anocir run --bundle /bundles/limits limits
is "a user namespace" 0 "5 6 6 7 0 100000 65536" anocir run --bundle /bundles/users users
is "a read-only root, tmpfs, masked and read-only paths" 0 "touch: /a: Read-only file system
written
*Read-only file system*0" anocir run --bundle /bundles/readonly readonly
is "a program for another machine" 1 "*/bin/foreign*it is a program for amd64, this machine is arm64*" anocir run --bundle /bundles/foreign foreign
is "no such program" 1 '*nope*: executable file not found in $PATH*' anocir run --bundle /bundles/lost lost
is "hooks" 0 "*" anocir run --bundle /bundles/hooks hooks
is "what they were told" 0 '*"id":*"hooks"*"creating"*stopped' cat /tmp/created /tmp/stopped

anocir create --bundle /bundles/long long </dev/null >/tmp/long.log 2>&1
is "created" 0 '*"status": "created"*' anocir state long
is "start" 0 "" anocir start long
is "running" 0 '*"status": "running"*' anocir state long
is "exec" 5 "in aarch64" anocir exec long sh -c 'echo in $(uname -m); exit 5'
is "exec with a terminal" 0 "*/dev/pts/*" sh -c "anocir exec -t long tty <$console"
is "exec as another user" 0 "1000" anocir exec --user 1000 long id -u
is "ps" 0 "*sleep*" anocir ps long
is "update" 0 "" anocir update --memory 33554432 --pids-limit 44 long
is "what is updated" 0 "33554432
44" cat /sys/fs/cgroup/long/memory.max /sys/fs/cgroup/long/pids.max
is "events" 0 '*"pids":{"current":*' anocir events --stats long
is "pause" 0 "" anocir pause long
is "paused" 0 '*"status": "paused"*' anocir state long
is "resume" 0 "" anocir resume long
is "list" 0 "*long*running*" anocir list
is "kill" 0 "" anocir kill long TERM
attempt state_is stopped
is "stopped" 0 '*"status": "stopped"*' anocir state long
is "delete" 0 "" anocir delete long
anocir run --detach --bundle /bundles/long long </dev/null >/tmp/long.log 2>&1
is "delete --force" 0 "" anocir delete --force long
is "nothing is left" 0 "" sh -c 'ls /run/anocir | grep -v @seccomp; find /sys/fs/cgroup -mindepth 1 -type d; ps -o args | grep "^anocir" | grep -v grep; true'

echo "arm64: $passed passed, $failed failed on $(uname -r) in $(cut -d . -f 1 /proc/uptime) s"
poweroff -f
