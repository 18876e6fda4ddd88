# In the virtual machine of vm-lane.sh --shell engines, before the shell: Docker and Podman with anocir as their default runtime, and an image, busybox.
modprobe -a overlay bridge veth br_netfilter nf_tables nft_chain_nat nft_compat xt_comment xt_MASQUERADE xt_addrtype xt_conntrack 2>/dev/null
mkdir -p /etc/docker /etc/containers /run/image/bin
echo '{"default-runtime": "anocir", "runtimes": {"anocir": {"path": "/usr/local/bin/anocir"}}}' >/etc/docker/daemon.json
printf '[engine]\nruntime = "anocir"\n[engine.runtimes]\nanocir = ["/usr/local/bin/anocir"]\n' >/etc/containers/containers.conf
cp /usr/bin/busybox /run/image/bin/
busybox --list | while read -r applet; do
    [ -e "/run/image/bin/$applet" ] || ln -s busybox "/run/image/bin/$applet"
done
echo "starting Docker" >/dev/ttyS0
systemctl start docker.service
tar -C /run/image -c . | docker import - busybox >/dev/null
tar -C /run/image -c . | podman import - busybox >/dev/null 2>&1
rm -r /run/image
cat >/dev/ttyS0 <<'TEXT'
ready, without a network to pull from:
  docker run --rm busybox echo hello
  podman run --rm busybox echo hello
  anocir spec
TEXT
