#!/bin/bash
# Builds anocir for arm64 on another machine: .NET's packages for arm64 from NuGet, Debian's cross compiler, and Debian's arm64 libraries.
#   arm64.sh OUTPUT
set -euo pipefail
output=$(realpath -m "$1")
cd "$(dirname "$0")/.."

missing=
command -v aarch64-linux-gnu-gcc >/dev/null || missing="gcc-aarch64-linux-gnu libc6-dev-arm64-cross"
command -v ld.lld >/dev/null || missing="$missing lld"
if [ -n "$missing" ]; then
    echo "installing with apt-get: $missing"
    # shellcheck disable=SC2086 # a list of words
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $missing >/dev/null
fi

tree=$(bash eng/arm64-tree.sh)
libraries=$tree/root/usr/lib
work=$PWD/artifacts/arm64
mkdir -p "$work/tools"

# Names under which the build looks for its tools. The SDK tells the linker its target as clang understands it; gcc has it built in.
# The directories come before the compiler's own: Debian's arm64 libraries get security fixes, those of the cross compiler do not.
ln -sf "$(command -v ld.lld)" "$work/tools/ld.lld"
cat >"$work/tools/gcc" <<GCC
#!/bin/bash
arguments=()
for argument in "\$@"; do
    case \$argument in
    --target=*) ;;
    *) arguments+=("\$argument") ;;
    esac
done
exec aarch64-linux-gnu-gcc -B$work/tools -B$libraries/aarch64-linux-gnu -L$libraries/aarch64-linux-gnu "\${arguments[@]}"
GCC
cat >"$work/tools/musl-gcc" <<GCC
#!/bin/sh
exec aarch64-linux-gnu-gcc -nostdlib -L$libraries/aarch64-linux-musl "\$@" -lc -lgcc
GCC
chmod 755 "$work/tools/gcc" "$work/tools/musl-gcc"

export CROSS_PREFIX=aarch64-linux-gnu- MUSL_GCC=$work/tools/musl-gcc MUSL_CRT1=$libraries/aarch64-linux-musl/crt1.o
echo "building anocir-init and anocir for arm64 ($(dotnet --version))"
dotnet publish src/Anocir.Cli/Anocir.Cli.csproj -c Release -v quiet -clp:NoSummary -p:AnocirArch=arm64 -p:ArtifactsPath="$work" \
    -p:CppCompilerAndLinker="$work/tools/gcc" -p:ObjCopyName=aarch64-linux-gnu-objcopy
install -D -m 755 "$work/publish/Anocir.Cli/release_linux-arm64/anocir" "$output"
machine=$(od -An -tx2 -j18 -N2 "$output" | tr -d ' ')
if [ "$machine" != 00b7 ]; then
    echo "error: $output is no program for arm64: the machine of its ELF header is $machine" >&2
    exit 1
fi
echo "$output: $(stat -c %s "$output") bytes, arm64, static"
