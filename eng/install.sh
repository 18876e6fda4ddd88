#!/bin/sh
# Installs the program, its manual pages and the completions of three shells.
#   install.sh PROGRAM PAGES PREFIX     PAGES: what 'anocir pages' wrote
set -eu
program=$1 pages=$2 prefix=$3

install -D -m 755 "$program" "$prefix/bin/anocir"
(cd "$pages" && find . -type f) | while read -r file; do
    install -D -m 644 "$pages/$file" "$prefix/share/$file"
done
