#!/bin/sh
# Builds the modules of test/vm/modules: modules.sh DIRECTORY [SERIES...] leaves those of each series, by default
# of all that have them in kernels.txt, in DIRECTORY/modules/RELEASE. The headers of its kernel come as Debian
# packages, as the kernel does: none is installed and no root is needed. What was built is kept in the
# cache, and built anew only when its source changed.
set -eu
directory=$(realpath "$1")
shift
cd "$(dirname "$0")"

. ./archive.sh
series="$*"
[ -n "$series" ] || series=$(series_with 5 yes)
# shellcheck disable=SC2086 # a list of names
kernels=$(sh ./kernels.sh $series)
open_cache
stamp=$(cat modules.sh modules/Kbuild modules/*.[ch] | sha256sum | cut -c 1-16)

# The headers of a release, those that all flavours of it share, and the programs that a build runs. Of those
# a later version does too, and may be all that the archive still has.
packages_of() {
	record=$(own_apt apt-cache show --no-all-versions "linux-headers-$1" 2>/dev/null) || return 0
	echo "linux-headers-$1=$(echo "$record" | sed -n 's/^Version: //p')"
	echo "$record" | sed -n 's/^Depends: //p' | tr ',' '\n' |
		sed -nE 's/^ *(linux-(headers|kbuild)-[^ ]*) \(= ([^)]*)\).*/\1=\3/p; t; s/^ *(linux-kbuild-[^ ]*).*/\1/p'
}

# They are kept packed: where they are unpacked, there is the path that has to be put into them.
get_headers() {
	headers="$cache/headers/$1"
	[ ! -d "$headers" ] || return 0
	[ -n "$writable" ] || fail "no headers of $1 in $cache, and nothing can be written there"
	packages=$(packages_of "$1")
	[ -n "$packages" ] || fail "the headers of $1 are not in the archive"
	echo "modules: downloading linux-headers-$1" >&2
	rm -rf "$headers.new"
	trap 'rm -rf "$headers.new"' EXIT
	mkdir "$headers.new"
	# shellcheck disable=SC2086 # a list of packages
	(cd "$headers.new" && own_apt apt-get download -qq $packages) >&2
	mv "$headers.new" "$headers"
	# Most of what is that old is of kernels that are gone; the rest comes again.
	find "$cache/headers" "$cache/modules" -mindepth 1 -maxdepth 1 -mtime +30 -exec rm -rf {} +
}

# The headers of some have the image of the kernel, and then want pahole(1) for type information that
# nobody reads here.
build() {
	release=$1
	built=$2
	work="$directory/build-$release"
	mkdir "$work" "$work/modules"
	for package in "$headers"/*.deb; do dpkg -x "$package" "$work"; done
	source="$work/usr/src/linux-headers-$release"
	rm -f "$source/vmlinux"
	sed -i "s#^include /usr/src/#include $work/usr/src/#" "$source/Makefile"
	cp modules/Kbuild modules/*.[ch] "$work/modules"
	make -s -C "$source" M="$work/modules" KCFLAGS=-Werror modules >"$work/log" 2>&1 || {
		cat "$work/log" >&2
		fail "the modules for $release cannot be built"
	}
	mkdir -p "$built"
	cp "$work/modules"/*.ko "$built"
	rm -rf "$work"
}

mkdir -p "$directory/modules"
echo "$kernels" | while read -r _ image; do
	release=$(basename "$(dirname "$image")" | sed 's/^linux-[a-z]*-//')
	kept="$cache/modules/$release-$stamp"
	if [ ! -d "$kept" ]; then
		get_headers "$release"
		build "$release" "$directory/modules/$release"
		[ -w "$cache/modules" ] || continue
		rm -rf "$kept.new"
		cp -r "$directory/modules/$release" "$kept.new"
		mv "$kept.new" "$kept"
	else
		cp -r "$kept" "$directory/modules/$release"
	fi
done
