#!/bin/sh
# Runs a program within a machine below a root: its own /etc and /boot, and of this machine the programs,
# over which those of Debian's packages lie. Everything is mounted in a namespace that ends with it.
set -eu
root=$1 tools=$2
shift 2
mkdir -p "$root/usr" "$root/dev" "$root/tmp"
for link in bin sbin lib lib64; do
	[ -e "$root/$link" ] || [ -L "$root/$link" ] || ln -s "usr/$link" "$root/$link"
done
mount -t overlay overlay -o "lowerdir=$tools/usr:/usr" "$root/usr"
mount --rbind /dev "$root/dev"
exec chroot "$root" "$@"
