#!/bin/sh
# Packs what is the same in the initramfs of every boot: start.sh FILE. What a test wants follows it there.
set -eu
file=$(realpath "$1")
cd "$(dirname "$0")"
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
mkdir "$root/bin" "$root/dev" "$root/proc" "$root/sys" "$root/run" "$root/disk" "$root/laboratory"
cp -L "$(command -v busybox)" "$root/bin/busybox"
for name in sh mount umount mkdir cp mv sleep switch_root poweroff; do
	ln -s busybox "$root/bin/$name"
done
install -m 755 init "$root/init"
cp ./*.service ./*.target report "$root/laboratory"
(cd "$root" && find . -mindepth 1 | LC_ALL=C sort | cpio --quiet -o -H newc -R 0:0) >"$file"
