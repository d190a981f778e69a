#!/bin/sh
# Makes the disk of a Debian 12 with systemd: debian.sh FILE leaves a copy there. It is made of Debian's packages
# by mmdebstrap, as root or in a user namespace, and kept in the cache under a name that tells what made it.
set -eu
disk=$(realpath "$1")
export PATH="$PATH:/usr/sbin:/sbin"
cd "$(dirname "$0")/../vm"
. ./archive.sh
cd ../boot

# No program that is not named here comes in but what these and the essential packages depend on.
packages=usr-is-merged,systemd-sysv,udev,kmod,mount,procps,e2fsprogs,libstdc++6,libatomic1

stamp=$(cat debian.sh pack-root.sh | sha256sum | cut -c 1-16)
base="$cache/debian-12-$stamp.ext4"

# Root of a user namespace is nobody here, and finds no way into the home of who runs this: what it reads and
# what it writes are where everybody may be.
make_base() {
	find_archive
	room=$(mktemp -d)
	trap 'rm -rf "$room" "$base.$$"' EXIT
	cp pack-root.sh "$room"
	: >"$room/disk"
	chmod 755 "$room"
	chmod 666 "$room/disk"
	echo 'boot: making a Debian 12' >&2
	DISK="$room/disk" mmdebstrap --variant=essential --format=null --include="$packages" \
		--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr \
		--dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
		--dpkgopt='path-exclude=/usr/share/locale/*' \
		--customize-hook="$room/pack-root.sh" bookworm - \
		"deb $keys$main bookworm main" "deb $keys$security bookworm-security main" \
		>"$room/log" 2>&1 || {
		cat "$room/log" >&2
		fail 'Debian 12 cannot be made'
	}
	cp --sparse=always "$room/disk" "$1"
	rm -rf "$room"
}

open_cache
if [ ! -e "$base" ] && [ -n "$writable" ]; then
	find "$cache" -maxdepth 1 -name 'debian-12-*' -mtime +7 -delete
	make_base "$base.$$"
	mv "$base.$$" "$base"
elif [ ! -e "$base" ]; then
	make_base "$disk"
fi
[ ! -e "$base" ] || cp --sparse=always "$base" "$disk"
