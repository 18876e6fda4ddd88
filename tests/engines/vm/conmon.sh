#!/bin/bash
# conmon as CRI-O calls it, with its cgroups from systemd.
set -uo pipefail
# shellcheck source=tests/engines/vm/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/engines/conmon.sh
. "$HERE/conmon.sh" -s
nothing_of_systemd_is_left "$ROOT"
finish "conmon (systemd, cgroup v2)"
