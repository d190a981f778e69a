#!/bin/sh
# The last step of mmdebstrap: what it has made below the directory becomes the disk DISK. What is mounted there
# stays out.
set -eu
root=$1
rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/var/log/*.log "$root"/usr/share/locale
# With what mmdebstrap takes away after this step, no script of a package would stop a unit.
rm -f "$root/usr/sbin/policy-rc.d"
echo debian >"$root/etc/hostname"
# Made anew, it would be a first boot, which is another one.
echo 0123456789abcdef0123456789abcdef >"$root/etc/machine-id"
echo '/dev/nvme0n1 / ext4 errors=remount-ro 0 1' >"$root/etc/fstab"
# The journal outlives a boot where it has a directory.
mkdir -p "$root/var/log/journal"

alone=$(mktemp -d)
mount --bind "$root" "$alone"
mke2fs -q -F -t ext4 -L debian -E lazy_itable_init=0,lazy_journal_init=0 -d "$alone" "$DISK" 1G
umount "$alone"
rmdir "$alone"
