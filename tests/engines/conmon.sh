#!/bin/bash
# conmon with anocir as CRI-O calls both of them (CRI-O itself is not in Debian).
#   conmon.sh [-s]        by systemd's cgroups, as CRI-O does unless told otherwise
set -uo pipefail
# shellcheck source=tests/engines/lib.sh
. "$(dirname "$0")/lib.sh"

manager=("$@")
export WORK RUNTIME=$ANOCIR ROOT=$WORK/state
conmon=(timeout 120 python3 "$HERE/conmon.py")
# As CRI-O's defaultRuntimeArgs.
runtime=("$ANOCIR" --root "$ROOT" ${manager:+--systemd-cgroup})
mkdir -p "$WORK/exits" "$WORK/attach" "$WORK/bundle"
image >/dev/null

bundle() { # ID JQ-FILTER: a bundle whose configuration the filter has changed
    local parent=/kubepods/mine/crio-$1
    [ ${#manager[@]} = 0 ] || parent=kubepods-mine.slice:crio:$1
    mkdir -p "$WORK/bundle/$1"
    ln -sfn "$WORK/image" "$WORK/bundle/$1/rootfs"
    "$ANOCIR" spec --bundle "$WORK/bundle/$1"
    jq --arg parent "$parent" --arg root "$WORK/image" '.root.path = $root | .process.terminal = false | .linux.cgroupsPath = $parent |
        .process.capabilities = {} | '"$2" "$WORK/bundle/$1/config.json" >"$WORK/config" && mv "$WORK/config" "$WORK/bundle/$1/config.json"
}

process() { # ID COMMAND…: a file of a process for exec; prints its path
    local name=$1
    shift
    jq '.process | .args = $ARGS.positional' "$WORK/bundle/$name/config.json" --args -- "$@" >"$WORK/process.json"
    echo "$WORK/process.json"
}

# shellcheck disable=SC2016 # for the other shell
status=(bash -c '"$@" | jq -r .status' _ "${runtime[@]}" state)

# shellcheck disable=SC2016 # for the shell in the container
is "version" 0 "anocir version *" "$ANOCIR" --version
is "features" 0 "1.*" bash -c '"$0" features | jq -r .ociVersionMax' "$ANOCIR"

bundle web '.process.args = ["sh", "-c", "echo to the log; echo to its other stream >&2; trap \"exit 3\" TERM; trap \"echo usr1\" USR1; while :; do sleep 0.1; done"] |
    .linux.resources = { memory: { limit: 67108864 }, pids: { limit: 77 } }'
is "create" 0 "[1-9]*" "${conmon[@]}" create web "${manager[@]}"
is "created" 0 "created" "${status[@]}" web
is "the PID of the file" 0 "same" bash -c '[ "$(cat "$1")" = "$("${@:2}" state web | jq .pid)" ] && echo same' _ "$WORK/bundle/web/pidfile" "${runtime[@]}"
is "start" 0 "" "${runtime[@]}" start web
is "running" 0 "running" "${status[@]}" web
becomes "log, both streams" 30 "*stdout F to the log|*stderr F to its other stream" bash -c 'sort -k 2r "$0" | paste -sd "|"' "$WORK/bundle/web/log"
is "a probe" 0 "x
why" "${conmon[@]}" exec web "$(process web sh -c 'echo x; echo why >&2')" "${manager[@]}"
is "a probe that fails" 4 "" "${conmon[@]}" exec web "$(process web sh -c 'exit 4')" "${manager[@]}"
is "a probe without its program" 255 '*\\"nope\\": executable file not found in $PATH*' "${conmon[@]}" exec web "$(process web nope)" "${manager[@]}"
is "a probe that takes too long" 255 "command timed out" "${conmon[@]}" exec web "$(process web sleep 100000)" "${manager[@]}" -T 1
is "exec with input, by the runtime itself" 5 "typed" bash -c 'echo typed | "$@"' _ "${runtime[@]}" exec --process "$(process web sh -c 'cat; exit 5')" web
memory=$(of_cgroup memory/memory.limit_in_bytes memory.max) pids=$(of_cgroup pids/pids.max pids.max)
is "limits" 0 "67108864 77" "${conmon[@]}" exec web "$(process web sh -c "echo \$(cat $memory $pids)")" "${manager[@]}"
is "update" 0 "" bash -c 'echo "{\"memory\":{\"limit\":134217728},\"pids\":{\"limit\":55}}" | "$@"' _ "$ANOCIR" --root "$ROOT" update --resources - web
is "what is updated" 0 "134217728 55" "${conmon[@]}" exec web "$(process web sh -c "echo \$(cat $memory $pids)")" "${manager[@]}"
is "pause" 0 "" "${runtime[@]}" pause web
is "paused" 0 "paused" "${status[@]}" web
is "resume" 0 "" "${runtime[@]}" resume web
mv "$WORK/bundle/web/log" "$WORK/bundle/web/log.1"
is "a new log" 0 "" "${conmon[@]}" control web "2 0 0"
wait_for 30 test -e "$WORK/bundle/web/log"
is "a signal by its number" 0 "" "${runtime[@]}" kill web 10
becomes "is in the new log" 30 "*stdout F usr1" cat "$WORK/bundle/web/log"
is "stop" 0 "" "${runtime[@]}" kill web TERM
becomes "its exit code" 30 "3" cat "$WORK/exits/web"
is "stopped" 0 "stopped" "${status[@]}" web
is "a signal too late" 1 "*container not running*" "${runtime[@]}" kill web KILL
is "delete" 0 "" "${runtime[@]}" delete --force web
is "delete again" 0 "" "${runtime[@]}" delete --force web

bundle tty '.process.terminal = true | .process.args = ["sh", "-c",
    "tty; until [ \"$(stty size)\" = \"40 100\" ]; do sleep 0.1; done; stty size; while read line; do echo said $line; [ $line != bye ] || exit 7; done"]'
is "create with a terminal" 0 "[1-9]*" "${conmon[@]}" create tty -t "${manager[@]}"
is "start it" 0 "" "${runtime[@]}" start tty
becomes "its terminal" 30 "*stdout [FP] /dev/*" cat "$WORK/bundle/tty/log"
is "another size" 0 "" "${conmon[@]}" control tty "1 40 100"
becomes "is known there" 30 "*40 100*" cat "$WORK/bundle/tty/log"
is "attach" 0 "*said one*" "${conmon[@]}" attach tty 'one\n' 'said one'
is "a probe on a terminal" 0 "/dev/*" "${conmon[@]}" exec tty "$(process tty tty)" -t "${manager[@]}"
is "attach, to the end" 0 "*said bye*" "${conmon[@]}" attach tty 'bye\n' 'said bye'
becomes "its end" 30 "7" cat "$WORK/exits/tty"
is "delete it" 0 "" "${runtime[@]}" delete --force tty

bundle talker '.process.args = ["cat"]'
is "create with input" 0 "[1-9]*" "${conmon[@]}" create talker --leave-stdin-open -i "${manager[@]}"
is "start that" 0 "" "${runtime[@]}" start talker
is "type into it" 0 "one" "${conmon[@]}" attach talker 'one\n' one
is "and again" 0 "two" "${conmon[@]}" attach talker 'two\n' two
is "delete that while it runs" 0 "" "${runtime[@]}" delete --force talker
becomes "killed" 30 "137" cat "$WORK/exits/talker"

bundle eater '.process.args = ["sh", "-c", $ENV.eat] | .linux.resources = { memory: { limit: 16777216, swap: 16777216 } }'
"${conmon[@]}" create eater "${manager[@]}" >/dev/null
if on_v2; then
    # conmon 2.1 gives up its watch of memory.events when that changes before anything was killed, and it does: memory is short first. So it looks after that.
    conmon_pid=$(cat "$WORK/bundle/eater/conmon-pidfile")
    events=/sys/fs/cgroup$(sed -n 's/^0:://p' "/proc/$(cat "$WORK/bundle/eater/pidfile")/cgroup")/memory.events
    kill -STOP "$conmon_pid"
    "${runtime[@]}" start eater
    wait_for 60 grep -q '^oom_kill [1-9]' "$events"
    kill -CONT "$conmon_pid"
else
    "${runtime[@]}" start eater
fi
wait_for 60 test -e "$WORK/bundle/eater/oom"
is "out of memory" 0 "" cat "$WORK/bundle/eater/oom"
"${runtime[@]}" delete --force eater
becomes "and its end" 30 "137" cat "$WORK/exits/eater"

bundle lost '.process.args = ["nope"]'
is "no such program" 1 '*\\"nope\\": executable file not found in $PATH*' "${conmon[@]}" create lost "${manager[@]}"
is "nothing of it is there" 1 "*does not exist*" "${runtime[@]}" state lost

[ ${#manager[@]} = 0 ] || return 0 # to the script of the virtual machine
nothing_is_left 'kubepods|kubepods/mine' "$ROOT"
finish conmon
