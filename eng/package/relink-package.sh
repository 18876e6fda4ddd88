#!/bin/bash
# Makes the archive from which anyone links the program anew with another glibc or libseccomp (LGPL-2.1, section 6), and proves that it
# gives the same program.
#   relink-package.sh LINK-ARGUMENTS PROGRAM NAME OUTPUT-DIRECTORY     $CC and $OBJCOPY: the tools of the program's architecture
set -euo pipefail
arguments=$1 program=$2 name=$3 output=$4
here=$(dirname "$0")
: "${SOURCE_DATE_EPOCH:?the date of the sources in seconds}"
if [ ! -s "$arguments" ]; then
    echo "error: $arguments is missing: the program was linked before that file was written; make clean, and build again" >&2
    exit 1
fi

umask 022
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/$name
mkdir -p "$root/objects"
cp "$here/relink.sh" "$here/relink.md" "$root/"
mv "$root/relink.md" "$root/README.md"

# Each file that is named goes along; the names lose their directories. What is found with -l is the reader's own.
while IFS= read -r line; do
    case $line in
    '-o '*) continue ;;
    esac
    while IFS= read -r path; do
        cp "$path" "$root/objects/"
        line=${line//"$path"/objects/$(basename "$path")}
    done < <(grep -oE '/[^", ]+\.(o|a|ld|exports|txt)' <<<"$line" || true)
    printf '%s\n' "${line//\"/}"
done <"$arguments" >"$root/arguments"

(cd "$root" && sh relink.sh "$work/relinked")
# The name of a file of debugging symbols, with its sum, is all that may differ: there is none here.
"${OBJCOPY:-objcopy}" -R .gnu_debuglink "$program" "$work/as-built"
if ! cmp "$work/as-built" "$work/relinked"; then
    echo "error: relink.sh does not give the program $program" >&2
    exit 1
fi

tar --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner -C "$work" -c "$name" | xz -6 >"$output/$name.tar.xz"
echo "$output/$name.tar.xz: $(stat -c %s "$output/$name.tar.xz") bytes, links to the same program"
