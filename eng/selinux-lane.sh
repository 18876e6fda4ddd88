#!/bin/bash
# Lane "selinux": as lane uml, on the same kernel with SELinux and a small policy (tests/selinux/policy.cil) in permissive mode.
#   selinux-lane.sh PROGRAM [ARGUMENT...]     exit code of the program
set -euo pipefail
cd "$(dirname "$0")/.."

sh eng/deps.sh uml selinux
mkdir -p artifacts
secilc --policyvers=33 --output=artifacts/selinux.policy --filecontext=/dev/null tests/selinux/policy.cil
UML_LANE=selinux UML_KERNEL=security=selinux UML_FIRST="mount -t selinuxfs selinux /sys/fs/selinux && cat '$PWD/artifacts/selinux.policy' >/sys/fs/selinux/load" \
    exec bash eng/uml-lane.sh "$@"
