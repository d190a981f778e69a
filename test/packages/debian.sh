#!/bin/sh
# Unpacks a Debian without hugepool below a directory: debian.sh DIRECTORY [amd64|arm64 [SUITE]]. It is made of Debian's
# packages by mmdebstrap, as root, and kept in the cache under a name that tells what made it. That of arm64 is
# made in an emulator; those older than Debian 12 have what a person needs to install, and no more.
set -eu
root=$(realpath "$1")
architecture=${2:-amd64}
suite=${3:-bookworm}
cd "$(dirname "$0")/../vm"
. ./archive.sh
cd ../packages

# What the package depends on, what its files are for, and what the process tests run.
# apt, dnf and rpm are what a person installs with.
packages=apt,rpm,libatomic1,libstdc++6,bash-completion,man-db
make=mmdebstrap
[ "$suite" != bookworm ] || packages="$packages,systemd,zsh,fish,jq,mount,python3,tmux,util-linux"
case $architecture-$suite in
amd64-bookworm) packages="$packages,dnf,strace" ;;
amd64-*) ;;
*) make='sh emulated.sh --net mmdebstrap --mode=root --skip=check/qemu' ;;
esac

stamp=$(cat debian.sh emulated.sh | sha256sum | cut -c 1-16)
base="$cache/debian-$suite-packages-$stamp$suffix.tar"

make_base() {
	find_archive
	# shellcheck disable=SC2086 # words
	$make --architectures="$architecture" --variant=essential --include="$packages" --aptopt='Acquire::Languages "none"' \
		--dpkgopt='path-exclude=/usr/share/locale/*' "$suite" "$1" \
		"deb $keys$main $suite main" "deb $keys$security $suite-security main" >"$1.log" 2>&1 || {
		cat "$1.log" >&2
		rm -f "$1" "$1.log"
		fail "Debian ($suite) cannot be made"
	}
	rm -f "$1.log"
}

open_cache
if [ ! -e "$base" ]; then
	[ -n "$writable" ] || fail "$cache cannot be written to"
	echo "packages: making a Debian ($suite)" >&2
	find "$cache" -maxdepth 1 -name 'debian-*-packages-*' -mtime +7 -delete
	make_base "$base.$$.tar"
	mv "$base.$$.tar" "$base"
fi
tar -xf "$base" -C "$root"
