#!/bin/bash
# Lane "vm-v1": lane vm, booted with the controllers on cgroup v1 (and a v2 hierarchy without any, "hybrid").
#   vm-v1-lane.sh PROGRAM [ARGUMENT...]   exit code of the program
VM_CGROUPS=${VM_CGROUPS:-hybrid} exec bash "$(dirname "$0")/vm-lane.sh" "$@"
