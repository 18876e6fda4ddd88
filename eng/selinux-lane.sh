#!/bin/bash
# Lane "selinux": as lane uml, on the same kernel with SELinux and a small policy (tests/selinux/policy.cil) in permissive mode.
#   selinux-lane.sh PROGRAM [ARGUMENT...]     exit code of the program
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v secilc >/dev/null; then
    echo "installing with apt-get: secilc"
    export DEBIAN_FRONTEND=noninteractive
    apt-get install -qq -y --no-install-recommends secilc >/dev/null 2>&1 ||
        { apt-get update -qq && apt-get install -qq -y --no-install-recommends secilc >/dev/null; }
fi

mkdir -p artifacts/selinux
secilc --policyvers=33 --output=artifacts/selinux/policy --filecontext=/dev/null tests/selinux/policy.cil
UML_LANE=selinux UML_KERNEL=security=selinux UML_FIRST="mount -t selinuxfs selinux /sys/fs/selinux && cat '$PWD/artifacts/selinux/policy' >/sys/fs/selinux/load" \
    exec bash eng/uml-lane.sh "$@"
