#!/bin/sh
# Puts copies in the places that commands write to, and programs of the laboratory over those of the system, in
# a mount namespace of its own, and runs a line there. What is written elsewhere goes into memory.
set -eu

here=$PWD
copies=/tmp/copies
root=$copies/root
mount -t tmpfs -o mode=1777 tmpfs /tmp
mkdir -p "$root" "$copies/written" "$copies/work"
mount -t overlay -o "lowerdir=/,upperdir=$copies/written,workdir=$copies/work" overlay "$root"
cp test/faults/programs/* "$root/usr/bin/"
# A container has no boot loader.
rm -f "$root/.dockerenv"
for place in /etc /run /boot; do
	cp -a "$place" "$copies/"
	mount --bind "$copies$place" "$root$place"
done
for place in /proc /sys /dev "$here"; do
	mount --rbind "$place" "$root$place"
done
mount --bind /tmp "$root/tmp"
exec chroot "$root" sh -c 'cd "$0" && exec "$@"' "$here" "$@"
