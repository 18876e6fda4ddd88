#!/bin/sh
# Prints what is linked into the program on this machine: lines 'binary-package source-package source-version'.
set -eu
# shellcheck disable=SC2016 # for dpkg-query
dpkg-query --show --showformat '${Package} ${source:Package} ${source:Version}\n' libc6-dev libseccomp-dev musl-dev
