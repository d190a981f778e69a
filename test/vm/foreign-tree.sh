#!/bin/sh
# Gives the path of a tree of files for guests of another processor than this machine's: foreign-tree.sh arm64
# PROGRAM... has the programs, node and the libraries that they want. They come from Debian's packages and the
# npm registry, are kept in the cache, and had again when this file changed or they are a month old.
set -eu
architecture=$1
shift
cd "$(dirname "$0")"

. ./archive.sh
packages='dash strace util-linux coreutils libstdc++6'
row=$(awk -v name="$architecture" '$1 == name' architectures.txt)
[ -n "$row" ] || fail "no architecture $architecture"
node=$(echo "$row" | awk '{ print $4 }')
triple=$(echo "$row" | awk '{ print $2 }')
stamp=$( (cat foreign-tree.sh && echo "$row" "$@") | sha256sum | cut -c 1-16)
tree="$cache/tree$suffix-$stamp"

# Everything that these packages depend on: no system's state says that some of it is there.
unpack_packages() {
	mkdir -p "$new/archives/partial" "$new/all"
	own_apt apt-get install -qq -y --download-only --no-install-recommends \
		-o Dir::Cache::Archives="$new/archives" $packages >&2
	for package in "$new/archives"/*.deb; do dpkg -x "$package" "$new/all"; done
	npm pack --silent --pack-destination "$new" "$node" >/dev/null
	tar -xzf "$new"/node-*.tgz -C "$new" package/bin/node
	mv "$new/package/bin/node" "$new/all/usr/bin/node"
}

# The file of a name among all that was unpacked; links are followed within it.
found() {
	for directory in usr/bin bin usr/sbin sbin "lib/$triple" "usr/lib/$triple" lib lib64 usr/lib; do
		if [ -e "$new/all/$directory/$1" ] || [ -L "$new/all/$directory/$1" ]; then
			echo "$directory/$1"
			return
		fi
	done
	fail "$1 is in none of the packages of $architecture"
}

# Copies a file, and then what its header says that it wants: libraries, and the program that loads them.
take() {
	[ ! -e "$new/tree/$1" ] || return 0
	mkdir -p "$new/tree/$(dirname "$1")"
	real=$(readlink "$new/all/$1" || :)
	case $real in
	'') cp "$new/all/$1" "$new/tree/$1" ;;
	/*) cp "$new/all$real" "$new/tree/$1" ;;
	*) cp "$new/all/$(dirname "$1")/$real" "$new/tree/$1" ;;
	esac
	readelf -ldW "$new/tree/$1" 2>/dev/null |
		sed -nE 's/.*\(NEEDED\).*\[(.*)\]/\1/p; s#.*program interpreter: /?(.*)\]#/\1#p' >>"$new/wanted"
}

make_tree() {
	new="$tree.new"
	rm -rf "$new"
	trap 'rm -rf "$new"' EXIT
	mkdir -p "$new/tree"
	unpack_packages
	for name in node "$@"; do take "$(found "$name")"; done
	while [ -s "$new/wanted" ]; do
		sort -u "$new/wanted" >"$new/these"
		rm "$new/wanted"
		while read -r name; do
			case $name in
			/*) take "${name#/}" ;;
			*) take "$(found "$name")" ;;
			esac
		done <"$new/these"
	done
	mv "$new/tree" "$tree"
}

open_cache
if [ -z "$(find "$tree" -maxdepth 0 -mtime -30 2>/dev/null)" ] && [ -n "$writable" ]; then
	update
	echo "foreign-tree: downloading programs of $architecture" >&2
	rm -rf "$cache/tree$suffix-"*
	make_tree "$@"
fi
[ -d "$tree" ] || fail "none in $cache, and nothing can be written there"
echo "$tree"
