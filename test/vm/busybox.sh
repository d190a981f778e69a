#!/bin/sh
# Gives the path of a busybox without libraries for guests of another architecture than this machine's:
# busybox.sh arm64. It comes as Debian's package, as the kernels do, and is kept in their cache.
set -eu
architecture=$1
cd "$(dirname "$0")"

. ./archive.sh
busybox="$cache/busybox$suffix"
open_cache
if [ ! -e "$busybox" ]; then
	[ -n "$writable" ] || fail "none in $cache, and nothing can be written there"
	update
	echo "busybox: downloading busybox-static of $architecture" >&2
	rm -rf "$busybox.new"
	trap 'rm -rf "$busybox.new"' EXIT
	mkdir -p "$busybox.new"
	(cd "$busybox.new" && own_apt apt-get download -qq busybox-static) >&2
	dpkg -x "$busybox.new"/*.deb "$busybox.new/package"
	mv "$(find "$busybox.new/package" -path "*/bin/busybox")" "$busybox"
fi
echo "$busybox"
