#!/bin/sh
# Unpacks a Debian 12 without hugepool below a directory: debian.sh DIRECTORY. It is made of Debian's packages by
# mmdebstrap, as root, and kept in the cache under a name that tells what made it.
set -eu
root=$(realpath "$1")
cd "$(dirname "$0")/../vm"
. ./archive.sh
cd ../packages

# What the package depends on, what its files are for, and what the process tests run.
# apt and dnf are what a person installs with.
packages=apt,dnf,libatomic1,libstdc++6,systemd,bash-completion,zsh,fish,man-db,jq,python3,strace,tmux,util-linux

stamp=$(sha256sum <debian.sh | cut -c 1-16)
base="$cache/debian-12-packages-$stamp.tar"

make_base() {
	find_archive
	mmdebstrap --variant=essential --include="$packages" --aptopt='Acquire::Languages "none"' \
		--dpkgopt='path-exclude=/usr/share/locale/*' bookworm "$1" \
		"deb $keys$main bookworm main" "deb $keys$security bookworm-security main" >"$1.log" 2>&1 || {
		cat "$1.log" >&2
		rm -f "$1" "$1.log"
		fail 'Debian 12 cannot be made'
	}
	rm -f "$1.log"
}

open_cache
if [ ! -e "$base" ]; then
	[ -n "$writable" ] || fail "$cache cannot be written to"
	echo 'packages: making a Debian 12' >&2
	find "$cache" -maxdepth 1 -name 'debian-12-packages-*' -mtime +7 -delete
	make_base "$base.$$.tar"
	mv "$base.$$.tar" "$base"
fi
tar -xf "$base" -C "$root"
