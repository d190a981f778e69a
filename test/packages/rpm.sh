#!/bin/sh
# Makes the package of rpm of the program that npm run dist made, and tries it below a directory, as root; and
# APKBUILD, which is tried without Alpine: rpm.sh [TEST...]. Nothing is installed on this machine. The names are
# those of process tests.
set -eu
cd "$(dirname "$0")/../.."
[ "$(id -u)" -eq 0 ] || {
	echo 'packages: rpm needs root' >&2
	exit 1
}

work=$(mktemp -d)
trap 'rm -rf --one-file-system "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
chmod 755 "$work"
mkdir "$work/root"

HUGEPOOL_TEST_RPM=$(node bin/packages/rpm/make.mjs)
HUGEPOOL_TEST_APKBUILD=$(node bin/packages/alpine/make.mjs)
HUGEPOOL_TEST_PACKAGE=$(echo release/hugepool-*.tgz)
HUGEPOOL_TEST_ROOT="$work/root"
export HUGEPOOL_TEST_RPM HUGEPOOL_TEST_APKBUILD HUGEPOOL_TEST_PACKAGE HUGEPOOL_TEST_ROOT
sh test/packages/debian.sh "$work/root"

status=0
for name in dnf rpm alpine; do
	node --import=./test/load/typescript.js "test/packages/$name.ts" || status=1
done
# Its mounts are its own: they are gone before the directory is removed.
unshare --mount --propagation private sh test/packages/in-root.sh "$HUGEPOOL_TEST_RPM" "$work/root" "$@" || status=1
exit "$status"
