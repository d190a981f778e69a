#!/bin/sh
# Runs the process tests with every Node that hugepool is for: run.sh [MAJOR|oldest...]. What was built here
# is run by each of them, so that the code cache is that of another. Where Node 20 built it, the oldest one has the
# same V8 with other patches, and would crash.
set -eu
cd "$(dirname "$0")/../.."

[ $# -gt 0 ] || set -- oldest 20 22 24 26

fail() {
	echo "nodes: $1" >&2
	exit 1
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"

# Says all of a file of tests that fails, and of others how many assertions there were.
half() {
	said="$work/$(basename "$1").tap"
	status=0
	node --import=./test/load/typescript.js "$1" >"$said" 2>&1 || status=$?
	if [ "$status" -eq 0 ]; then grep -a '^# {' "$said"; else cat "$said"; fi
	return "$status"
}

for wanted in "$@"; do
	# Where every user can run it, as some tests want.
	cp "$(sh test/nodes/get.sh "$wanted")" "$work/node"
	echo "nodes: the process tests with $("$work/node" --version)"
	HUGEPOOL_TEST_NODE="$work/node"
	export HUGEPOOL_TEST_NODE
	# Without tap's runner, of which one at a time can have the directory .tap.
	half test/by-floor/process-too.ts >"$work/half" 2>&1 &
	other=$!
	status=0
	half test/by-floor/process.ts || status=1
	wait "$other" || status=1
	cat "$work/half"
	[ "$status" -eq 0 ] || fail "the process tests fail with node $wanted"
done
