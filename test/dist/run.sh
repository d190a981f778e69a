#!/bin/sh
# Tests the program that is one file, which npm run dist made, or that HUGEPOOL_TEST_PROGRAM names:
# run.sh [FILE...|--any]. Without files those of test/process that are about any program, which --any
# names, and what is about this one alone. Root runs each twice, the second time as nobody.
set -eu
cd "$(dirname "$0")/../.."

arch=$(node -p process.arch)
version=$(node -p "require('./package.json').version")
HUGEPOOL_TEST_PROGRAM=${HUGEPOOL_TEST_PROGRAM:-$PWD/release/hugepool-$version-linux-$arch}
export HUGEPOOL_TEST_PROGRAM
[ -x "$HUGEPOOL_TEST_PROGRAM" ] || {
	echo "dist: there is no $HUGEPOOL_TEST_PROGRAM: npm run dist makes it" >&2
	exit 1
}

# Others are about the files of the package, or start node by themselves.
any="apply-endings automation bad-input dry-run garbage-configuration init-scripts install-denied
	mounts persist-kill persist-tools persist-unprivileged privilege recorded-write shell-words shells
	streams substitutes terminal timer-units"
once=''
names=''
if [ $# -eq 0 ]; then
	once=test/dist/reproducible.ts
	names="$any surroundings"
	set -- test/dist/one-file.ts test/dist/emulated.ts
elif [ "$1" = --any ]; then
	names=$any
	shift
fi
for name in $names; do set -- "$@" "test/process/$name.ts"; done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
said="$work/said"
chmod 711 "$work"
mkdir -m 777 "$work/tmp"
failed=0
# A shell at a terminal asks the program often, and in an emulator or beside other work each start takes seconds.
export TAP_TIMEOUT=300
# Says all of a file of tests that fails, and of others how many assertions there were.
half() {
	status=0
	"$@" >"$said" 2>&1 || status=$?
	[ "$status" -eq 0 ] || {
		cat "$said"
		failed=1
	}
	[ "$status" -eq 0 ] || echo "dist: fails: $*"
	echo "dist: $(grep -ac '^ *ok' "$said") assertions hold: $*"
}

# What makes the program needs the laboratory's cache, which nobody has.
[ -z "$once" ] || half node --import=./test/load/typescript.js "$once"
for file in "$@"; do
	half node --import=./test/load/typescript.js "$file"
	[ "$(id -u)" -ne 0 ] || half setpriv --reuid=65534 --regid=65534 --clear-groups \
		env HOME=/nonexistent TMPDIR="$work/tmp" node --import=./test/load/typescript.js "$file"
done
exit "$failed"
