#!/bin/sh
# Prints the path of the Node that the program that is one file is made of: node.sh ARCH, where ARCH is
# what Node calls the processor. It comes from the npm registry and is kept in the laboratory's cache, and so
# are its licences, in a file of the same name that ends in .LICENSE.
set -eu
cd "$(dirname "$0")/../.."

# One that can make a program of one file by itself, and that knows node:ffi.
version=26.12.1

. test/vm/cache.sh
nodes="$cache/nodes"
node="$nodes/node-$version-$1"
if [ ! -x "$node" ] || [ ! -e "$node.LICENSE" ]; then
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	npm pack --silent --pack-destination "$work" "node-linux-$1@$version" >/dev/null
	tar -xzf "$work/node-linux-$1-$version.tgz" -C "$work" package/bin/node package/LICENSE
	mkdir -p "$nodes"
	cp "$work/package/LICENSE" "$node.LICENSE.$$"
	mv "$node.LICENSE.$$" "$node.LICENSE"
	cp "$work/package/bin/node" "$node.$$"
	mv "$node.$$" "$node"
fi
echo "$node"
