# Sourced by the lanes whose tests run in a guest: runs its emulator, with deadlines, and says what became of a guest without a result.
guest_lost=75 # exit code: the guest was lost, and no test had failed in it; whoever asked may start it once more (eng/test.sh)
guest_end=

# Runs an emulator to its end. STARTED is a command that succeeds once the guest runs its program.
run_guest() { # SECONDS-TO-BOOT SECONDS STARTED COMMAND...
    local boot=$1 seconds=$2 started=$3 start=$SECONDS code=0
    shift 3
    timeout --kill-after=10 "$seconds" "$@" </dev/null &
    local emulator=$!
    trap "kill $emulator 2>/dev/null" EXIT
    guest_end=
    until $started || ! kill -0 $emulator 2>/dev/null; do
        if [ $((SECONDS - start)) -ge "$boot" ]; then
            guest_end="it did not boot within $boot s"
            kill $emulator 2>/dev/null || true
            break
        fi
        sleep 0.1
    done

    wait $emulator || code=$?
    trap - EXIT
    if [ -z "$guest_end" ] && [ $((SECONDS - start)) -ge "$seconds" ]; then
        guest_end="its program did not end within $seconds s"
    fi
    guest_end=${guest_end:-the emulator ended with exit code $code}
}

# For a guest that left no result: shows CONSOLE and OUTPUT (which may be the same file), and exits.
guest_without_result() { # CONSOLE OUTPUT
    echo "error: the guest ended without a result: $guest_end; its console, $1:" >&2
    tail -n 60 "$1" >&2 || true
    if [ "$2" != "$1" ] && [ -s "$2" ]; then
        echo "its output, $2:" >&2
        tail -n 20 "$2" >&2
    fi

    # What a test may have caused is its failure: a program that hangs, or a loss after a test has failed.
    case $guest_end in "its program did not end"*) exit 1 ;; esac
    if grep -a -qE '\[FAIL\]|^NOT OK ' "$2" 2>/dev/null; then
        exit 1
    fi
    exit "$guest_lost"
}
