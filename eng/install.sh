#!/bin/sh
# Installs the program, its manual pages, the completions of three shells and the AppArmor profile.
#   install.sh PROGRAM PAGES PREFIX [ETC]   PAGES: what 'anocir pages' wrote. ETC: where configuration goes, nothing does without it
set -eu
program=$1 pages=$2 prefix=$3 etc=${4:-}
profile=$(dirname "$0")/../packaging/apparmor/anocir

install -D -m 755 "$program" "$prefix/bin/anocir"
(cd "$pages" && find . -type f) | while read -r file; do
    install -D -m 644 "$pages/$file" "$prefix/share/$file"
done
install -D -m 644 "$profile" "$prefix/share/anocir/apparmor"

# The profile needs the language of AppArmor 4; an older parser would fail on it at every boot. An administrator's own file stays.
if [ -n "$etc" ] && [ -e "$etc/apparmor.d/abi/4.0" ] && [ ! -e "$etc/apparmor.d/anocir" ]; then
    install -m 644 "$profile" "$etc/apparmor.d/anocir"
    if [ "$etc" = /etc ] && aa-enabled --quiet 2>/dev/null; then
        apparmor_parser --replace --write-cache "$etc/apparmor.d/anocir" || echo "anocir: the AppArmor profile was not loaded" >&2
    fi
fi
