#!/bin/bash
# make test: format, build with warnings as errors, every test project in each lane; ends with a table of the lanes and one line of totals.
#   LANES="host uml" make test     the lanes to run, host alone without it: host, deb, each NAME of eng/NAME-lane.sh; LANES=all is what CI runs
#   VM_TESTS=all                   lane vm runs everything; without it only what needs that lane and a few classes of each kind
#   test.sh [ARGUMENT…]            more arguments for the test programs
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
export ANOCIR=$PWD/artifacts/bin/anocir # what the integration tests drive
lanes=${LANES:-host}
[ "$lanes" != all ] || lanes="host uml selinux vm vm-v1 deb engines engines-vm"

step() { echo "== $*"; }
minutes() { printf '%d min %02d s' $(($1 / 60)) $(($1 % 60)); }

step "packages"
# shellcheck disable=SC2086 # a list of words
sh eng/deps.sh test $lanes

step "shell scripts"
for script in eng/*.sh eng/package/*.sh bench/*.sh tests/engines/*.sh .ci/run; do
    [ ! -e "$script" ] || bash -n "$script"
done

step "format"
dotnet format whitespace --folder . --include src tests bench --verify-no-changes

step "build (warnings are errors)"
make --no-print-directory build
dotnet build anocir.slnx -c Release -v quiet -clp:NoSummary

results=artifacts/results
rm -rf "$results"
mkdir -p "$results"
test_args=("$@")

# The tests that failed and the first lines of their messages, once more below the table: who sees only the end of the output needs no more.
failures() { # LANE PROJECT LOG
    echo "failed: $2 on lane $1 ($3)"
    awk '/\[FAIL\]|^NOT OK / { lines = 8 } /Stack Trace:/ { lines = 0 } lines > 0 { print substr($0, 1, 300); lines-- }' "$3" | tail -n 60
}

# Runs a command and sets code. It is run once more, and everybody may know, when its guest was lost: that is the emulator's failure, not a test's.
attempt() { # LANE NAME GUEST LOG COMMAND...
    local lane=$1 name=$2 guest=$3 log=$4 start=$SECONDS
    shift 4
    code=0
    "$@" >"$log" 2>&1 || code=$?
    [ "$code" = 75 ] || return 0
    rm -rf "artifacts/$guest-lost"
    mv "artifacts/$guest" "artifacts/$guest-lost"
    cat "$log"
    echo "WARNING: $name on lane $lane: the guest was lost after $((SECONDS - start)) s; what it left is in artifacts/$guest-lost. Starting another one, once."
    echo "$name" >>"$results/lost"
    code=0
    "$@" >"$log" 2>&1 || code=$?
}

# One test program in a lane, to its end. The results of all parts of a lane are lines "passed failed skipped" in $results/LANE.
part() { # LANE PROJECT GUEST FILTER...
    local lane=$1 project=$2 guest=$3 start=$SECONDS code
    shift 3
    local program=artifacts/bin/$project/release/$project log=artifacts/test-$guest-$project.log
    if [ ! -x "$program" ]; then
        echo "error: $project was not built: add it to anocir.slnx" >&2
        echo "0 1 0" >>"$results/$lane"
        return
    fi

    # A caller may have SIGCHLD ignored, which is inherited: the test programs then lose the exit codes of their children.
    local run=(env --default-signal "ANOCIR=$ANOCIR" "GUEST=$guest")
    if [ "$lane" != host ]; then
        run+=(bash "eng/$lane-lane.sh")
    elif [ "$project" = Anocir.Integration.Tests ] && [ "$(id -u)" != 0 ]; then
        run=(sudo "${run[@]}")
    fi

    run+=("$program" -noLogo -noColor "$@" "${test_args[@]}")
    attempt "$lane" "$project" "$guest" "$log" "${run[@]}"
    local total=0 errors=0 fails=0 skips=0 notrun=0
    read -r total errors fails skips notrun < <(sed -n \
        's/.*Total: \([0-9]*\), Errors: \([0-9]*\), Failed: \([0-9]*\), Skipped: \([0-9]*\), Not Run: \([0-9]*\).*/\1 \2 \3 \4 \5/p' \
        "$log" | tail -n 1) || true
    local passes=$((${total:-0} - fails - skips - notrun))
    if [ -z "$total" ] || { [ "$code" != 0 ] && [ $((errors + fails)) = 0 ]; }; then
        echo "error: $project on lane $lane ended with exit code $code and no failed test" >&2
        errors=$((errors + 1))
    elif [ "$passes" = 0 ] && [ ${#test_args[@]} = 0 ]; then
        echo "error: $project on lane $lane: no test passed" >&2
        errors=$((errors + 1))
    fi

    if [ "$code" != 0 ] || [ "$errors" != 0 ]; then
        cat "$log"
        failures "$lane" "$project" "$log" >>"$results/failures"
    fi
    echo "$project on lane $lane: $passes passed, $((fails + errors)) failed, $skips skipped in $((SECONDS - start)) s"
    echo "$passes $((fails + errors)) $skips" >>"$results/$lane"
}

# A script that ends with "NAME: N passed, N failed in …", to its end; the results as those of part.
script() { # LANE NAME COMMAND...
    local lane=$1 name=$2 start=$SECONDS code passes fails log
    shift 2
    log=artifacts/test-$lane-$name.log
    attempt "$lane" "$name" "$lane" "$log" env "GUEST=$lane" "$@"
    read -r passes fails < <(sed -n 's/^[a-z].*: \([0-9]*\) passed, \([0-9]*\) failed in .*/\1 \2/p' "$log" | tail -n 1; echo 0 0)
    if [ "$passes" = 0 ] || { [ "$code" != 0 ] && [ "$fails" = 0 ]; }; then
        echo "error: $name on lane $lane ended with exit code $code and no failed check" >&2
        fails=$((fails + 1))
    fi

    if [ "$fails" != 0 ]; then
        cat "$log"
        failures "$lane" "$name" "$log" >>"$results/failures"
    fi
    grep '^WARNING ' "$log" || true
    echo "$name on lane $lane: $passes passed, $fails failed in $((SECONDS - start)) s"
    echo "$passes $fails 0" >>"$results/$lane"
}

engines() { # LANE ENGINE...
    local lane=$1 engine
    shift
    for engine; do
        script "$lane" "$engine" bash "eng/$lane-lane.sh" "$engine"
    done
}

# Traits: Lane=vm marks what needs systemd, Lane=every what that lane, which emulates a machine and is slow, runs too; Lane=vm-v1 is that machine
# with cgroup v1, Lane=selinux a kernel with SELinux. Kernel=none asks nothing of a kernel, nor do the projects Cli, Linux and Runtime: the host lane
# is enough.
integration=Anocir.Integration.Tests
no_special=(-trait- Lane=vm -trait- Lane=vm-v1 -trait- Lane=selinux)
# About half of the time of the integration tests.
half=(Attacks BadInput Crash Exec Foreground Lifecycle)

projects() { # WITHOUT-PATTERN
    local directory
    for directory in tests/*.Tests/; do
        basename "$directory"
    done | grep -vE "${1:-^$}"
}

run_lane() { # LANE
    local lane=$1 project
    case $lane in
    host)
        for project in $(projects); do
            part host "$project" host "${no_special[@]}"
        done
        ;;
    uml)
        # A guest has one CPU: two at once, of which the second does all that is not the first's.
        part uml "$integration" uml-1 "${no_special[@]}" -trait- Kernel=none $(printf -- "-namespace $integration.%s " "${half[@]}") &
        local first=$! # not later: the shell keeps the last process there, of substitutions too
        for project in $(projects 'Cli|Linux|Runtime|Integration'); do
            part uml "$project" uml-2 "${no_special[@]}" -trait- Kernel=none
        done
        part uml "$integration" uml-2 "${no_special[@]}" -trait- Kernel=none $(printf -- "-namespace- $integration.%s " "${half[@]}")
        wait "$first" || echo "0 1 0" >>"$results/uml" # it ended before it could say so
        ;;
    vm)
        if [ "${VM_TESTS:-}" != all ]; then
            part vm "$integration" vm -trait Lane=vm -trait Lane=every
            return
        fi
        for project in $(projects 'Cli|Linux|Runtime'); do
            part vm "$project" vm -trait- Lane=vm-v1 -trait- Lane=selinux -trait- Kernel=none
        done
        ;;
    deb) script deb package make --no-print-directory test-deb ;;
    engines) engines engines docker podman rootless containerd conmon ;;
    engines-vm) engines engines-vm docker podman quadlet rootless containerd conmon ;;
    *) part "$lane" "$integration" "$lane" -trait "Lane=$lane" ;;
    esac
}

passed=0 failed=0 skipped=0
table=$(printf '%-10s %7s %7s %8s  %s' lane passed failed skipped time; printf '\n%-10s %7s %7s %8s  %s' build "" "" "" "$(minutes $SECONDS)")
for lane in $lanes; do
    step "lane $lane"
    start=$SECONDS
    run_lane "$lane"
    read -r passes fails skips < <(awk '{ p += $1; f += $2; s += $3 } END { print p + 0, f + 0, s + 0 }' "$results/$lane")
    table+=$(printf '\n%-10s %7d %7d %8d  %s' "$lane" "$passes" "$fails" "$skips" "$(minutes $((SECONDS - start)))")
    passed=$((passed + passes)) failed=$((failed + fails)) skipped=$((skipped + skips))
done

echo
echo "$table"
printf '%-10s %7s %7s %8s  %s\n' all "$passed" "$failed" "$skipped" "$(minutes $SECONDS)"
[ ! -s "$results/failures" ] || cat "$results/failures"
echo "A test is skipped for want of what its lane does not promise; the logs, artifacts/test-*.log, say what."
[ ! -s "$results/lost" ] || echo "WARNING: guests lost and started again: $(wc -l <"$results/lost"); see above"
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] && [ "$passed" != 0 ]
