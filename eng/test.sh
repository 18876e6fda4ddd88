#!/bin/bash
# make test: format, build with warnings as errors, every test project in each lane; ends with one line of totals.
#   LANES="host uml" make test     the lanes to run, host alone without it: host, and each NAME of eng/NAME-lane.sh
#   VM_TESTS=all                   lane vm runs everything; without it only what needs that lane and a few classes of each kind
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
export ANOCIR=$PWD/artifacts/bin/anocir # what the integration tests drive

step() { echo "== $*"; }

step "shell scripts"
for script in eng/*.sh eng/package/*.sh bench/*.sh tests/engines/*.sh .ci/run; do
    [ ! -e "$script" ] || bash -n "$script"
done

step "format"
dotnet format whitespace --folder . --include src tests bench --verify-no-changes

step "build (warnings are errors)"
make --no-print-directory build
dotnet build anocir.slnx -c Release -v quiet -clp:NoSummary

passed=0 failed=0 skipped=0
run_tests() { # LANE PROJECT
    local program="artifacts/bin/$2/release/$2" log="artifacts/test-$1-$2.log" code=0 start=$SECONDS
    # Trait Kernel=none, and these two projects, ask nothing of a kernel: the host lane is enough.
    case $1/$2 in uml/Anocir.Cli.Tests | uml/Anocir.Runtime.Tests) return 0 ;; esac

    # The trait Lane=vm marks what needs systemd, Lane=every what that lane, which emulates a machine and is slow, runs too. Lane=vm-v1 is that
    # machine with cgroup v1, Lane=selinux a kernel with SELinux.
    local chosen=(-trait- Lane=vm -trait- Lane=vm-v1 -trait- Lane=selinux)
    if [ "$1" = uml ]; then
        chosen+=(-trait- Kernel=none)
    elif [ "$1" = vm-v1 ] || [ "$1" = selinux ]; then
        [ "$2" = Anocir.Integration.Tests ] || return 0
        chosen=(-trait "Lane=$1")
    elif [ "$1" = vm ]; then
        chosen=(-trait- Lane=vm-v1 -trait- Lane=selinux)
        if [ "${VM_TESTS:-}" != all ]; then
            [ "$2" = Anocir.Integration.Tests ] || return 0
            chosen=(-trait Lane=vm -trait Lane=every)
        fi
    fi

    step "$2 on lane $1"
    if [ ! -x "$program" ]; then
        echo "error: $2 was not built: add it to anocir.slnx" >&2
        failed=$((failed + 1))
        return
    fi

    # A caller may have SIGCHLD ignored, which is inherited: the test programs then lose the exit codes of their children.
    local run=(env --default-signal "ANOCIR=$ANOCIR")
    case $1 in
    host)
        if [ "$2" = Anocir.Integration.Tests ] && [ "$(id -u)" != 0 ]; then
            run=(sudo "${run[@]}")
        fi
        ;;
    *) run+=(bash "eng/$1-lane.sh") ;;
    esac

    "${run[@]}" "$program" -noLogo -noColor "${chosen[@]}" "${test_args[@]}" >"$log" 2>&1 || code=$?
    local total=0 errors=0 fails=0 skips=0 notrun=0
    read -r total errors fails skips notrun < <(sed -n \
        's/.*Total: \([0-9]*\), Errors: \([0-9]*\), Failed: \([0-9]*\), Skipped: \([0-9]*\), Not Run: \([0-9]*\).*/\1 \2 \3 \4 \5/p' \
        "$log" | tail -n 1) || true
    if [ -z "$total" ] || { [ "$code" != 0 ] && [ $((errors + fails)) = 0 ]; }; then
        echo "error: $2 ended with exit code $code and no failed test" >&2
        errors=$((errors + 1))
    fi

    if [ "$code" != 0 ] || [ "$errors" != 0 ]; then
        cat "$log"
    else
        echo "$((total - fails - skips - notrun)) passed, $skips skipped in $((SECONDS - start)) s"
    fi

    passed=$((passed + ${total:-0} - fails - skips - notrun))
    failed=$((failed + fails + errors))
    skipped=$((skipped + skips))
}

test_args=("$@")
for lane in ${LANES:-host}; do
    for project in tests/*.Tests/; do
        run_tests "$lane" "$(basename "$project")"
    done
done

echo
echo "$passed passed, $failed failed, $skipped skipped for want of what the lane does not have"
[ "$failed" = 0 ] && [ "$passed" != 0 ]
