#!/bin/sh
# Prints the directory of the NuGet package whose libraries are linked into the program.
#   runtime-package.sh ARCHITECTURE     x64 or arm64
set -eu
# shellcheck disable=SC2012 # names of versions
ls -d "${NUGET_PACKAGES:-$HOME/.nuget/packages}/microsoft.netcore.app.runtime.nativeaot.linux-$1"/*/ | sort -V | tail -n 1
