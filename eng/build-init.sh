#!/bin/sh
# Makes anocir-init from its IL: ILC with the program as its own system module, then a static link with musl.
# Checks the object's external symbols and the program's size on the way.
#   build-init.sh ILC IL OUTPUT OBJDIR ARCH(x64|arm64)
# For another architecture than this machine's: $CROSS_PREFIX before the names of binutils, $MUSL_GCC and $MUSL_CRT1.
set -eu

ilc=$1 il=$2 out=$3 obj=$4 arch=$5
eng=$(dirname "$0")
musl_gcc=${MUSL_GCC:-musl-gcc}
crt1=${MUSL_CRT1:-/usr/lib/$(uname -m)-linux-musl/crt1.o}
objcopy=${CROSS_PREFIX:-}objcopy

if ! command -v "$musl_gcc" >/dev/null; then
    echo "error: $musl_gcc not found: install the Debian package musl-tools (make deps)" >&2
    exit 1
fi

chmod u+x "$ilc"
"$ilc" "$il" -o "$obj/init.ilc.o" --systemmodule anocir-init --nativelib --noscan --Os --methodbodyfolding all \
    --codegenopt JitAlignLoops=0 --targetos linux --targetarch "$arch"

# There is no unwinder and no runtime that would register the module.
"$objcopy" -R .eh_frame -R .rela.eh_frame -R .dotnet_eh_table -R .rela.dotnet_eh_table -R __modules -R .rela__modules -R .comment \
    "$obj/init.ilc.o" "$obj/init.o"

sh "$eng/check-init.sh" symbols "$obj/init.o"

# -nostartfiles: gcc's crtbegin has nothing to register; musl's crt1.o calls main. noseparate-code, norelro: no padding between
# segments, so the program is as few pages as its bytes allow; code and constants share them, data is apart and not executable.
"$musl_gcc" -static -no-pie -nostartfiles -s -o "$out.tmp" "$crt1" "$obj/init.o" \
    -Wl,--gc-sections,--build-id=none,--no-eh-frame-hdr,-z,noseparate-code,-z,norelro,-z,noexecstack \
    -Wl,--defsym=__security_cookie=__stack_chk_guard
"$objcopy" -R .comment "$out.tmp"

sh "$eng/check-init.sh" size "$out.tmp" "$arch"
mv "$out.tmp" "$out"
