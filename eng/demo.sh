#!/bin/sh
# Makes a bundle from Debian's busybox in artifacts/demo and runs it.
#   demo.sh ANOCIR
set -eu

anocir=$(realpath "$1")
demo=artifacts/demo
rootfs=$demo/rootfs

echo "making a bundle in $demo from $(command -v busybox)"
rm -rf "$demo"
mkdir -p "$rootfs/bin" "$rootfs/etc" "$rootfs/proc" "$rootfs/sys" "$rootfs/dev" "$rootfs/tmp"
cp "$(command -v busybox)" "$rootfs/bin/busybox"
for applet in $("$rootfs/bin/busybox" --list); do
    [ "$applet" = busybox ] || ln -s busybox "$rootfs/bin/$applet"
done
echo "root:x:0:0:root:/:/bin/sh" >"$rootfs/etc/passwd"
echo "root:x:0:" >"$rootfs/etc/group"

"$anocir" spec --bundle "$demo"
cat >"$rootfs/hello" <<'PROGRAM'
#!/bin/sh
echo "hello from inside: host name $(hostname), pid $$, user $(id -un)"
echo "processes:"
ps -o pid,user,args
echo "root directory:" /*
echo "mounts: $(wc -l </proc/mounts)"
grep -E '^(CapEff|NoNewPrivs)' /proc/self/status
PROGRAM
chmod +x "$rootfs/hello"
jq '.process.terminal = false | .process.args = ["/hello"]' "$demo/config.json" >"$demo/config.tmp"
mv "$demo/config.tmp" "$demo/config.json"

sudo=
if [ "$(id -u)" != 0 ]; then
    sudo=sudo
fi

id=anocir-demo-$$
echo "\$ anocir run --bundle $demo $id"
exec $sudo "$anocir" run --bundle "$demo" "$id"
