#!/bin/sh
# Makes the disk of a Debian 12: debian.sh FILE leaves it there, with systemd, Node and this hugepool. Debian
# itself is made of its packages by mmdebstrap, as root or in a user namespace, and kept in the cache under a
# name that tells what it was made by; Node and hugepool are put into a copy, every time.
set -eu
disk=$(realpath "$1")
export PATH="$PATH:/usr/sbin:/sbin"
cd "$(dirname "$0")/../vm"
. ./archive.sh
cd ../boot

# No program that is not named here comes in but what these and the essential packages depend on.
packages=usr-is-merged,systemd-sysv,udev,kmod,mount,procps,e2fsprogs,libstdc++6

stamp=$(cat debian.sh pack-root.sh | sha256sum | cut -c 1-16)
base="$cache/debian-12-$stamp.ext4"

make_base() {
	find_archive
	new=$1
	# In a user namespace root of the guest is nobody who could make a file here.
	: >"$new"
	chmod 666 "$new"
	echo 'boot: making a Debian 12' >&2
	log="$new.log"
	DISK=$new mmdebstrap --variant=essential --format=null --include="$packages" \
		--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr \
		--dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
		--dpkgopt='path-exclude=/usr/share/locale/*' \
		--customize-hook="$PWD/pack-root.sh" bookworm - \
		"deb $keys$main bookworm main" "deb $keys$security bookworm-security main" >"$log" 2>&1 || {
		cat "$log" >&2
		rm -f "$new"
		fail 'Debian 12 cannot be made'
	}
	rm -f "$log"
	chmod 644 "$new"
}

open_cache
if [ ! -e "$base" ] && [ -n "$writable" ]; then
	find "$cache" -maxdepth 1 -name 'debian-12-*' -mtime +7 -delete
	trap 'rm -f "$base.$$"' EXIT
	make_base "$base.$$"
	mv "$base.$$" "$base"
elif [ ! -e "$base" ]; then
	make_base "$disk"
fi
[ ! -e "$base" ] || cp --sparse=always "$base" "$disk"

# What debugfs does to put a tree where nothing is: a directory that is there already would be there twice.
put_tree() {
	(cd "$1" && find . -type d | LC_ALL=C sort | sed "s#^\.#mkdir $2#")
	(cd "$1" && find . -type f | sed -E "s#^\.(.*)#write $1\1 $2\1#")
}

cd ../..
home=/usr/lib/node_modules
layer=$(mktemp -d)
trap 'rm -rf "$layer" "$base.$$"' EXIT
mkdir -p "$layer/hugepool/native/build/Release"
cp -r bin dist package.json man "$layer/hugepool/"
cp native/build/Release/hugepool.node "$layer/hugepool/native/build/Release/"
{
	echo "write $(command -v node) /usr/bin/node"
	put_tree "$layer" "$home"
	echo "symlink /usr/bin/hugepool ../lib/node_modules/hugepool/bin/hugepool.js"
} >"$layer.commands"
debugfs -w -f "$layer.commands" "$disk" >"$layer.said" 2>&1
e2fsck -fn "$disk" >>"$layer.said" 2>&1 || {
	cat "$layer.said" >&2
	rm -f "$layer.said" "$layer.commands"
	fail 'Node and hugepool cannot be put into the disk'
}
rm -f "$layer.said" "$layer.commands"
