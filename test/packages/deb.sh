#!/bin/sh
# Makes the Debian package of the program that npm run dist made, and tries it in a Debian 12 of its own, as
# root: deb.sh [TEST...]. Nothing is installed on this machine. The names are those of process tests.
set -eu
cd "$(dirname "$0")/../.."
[ "$(id -u)" -eq 0 ] || {
	echo 'packages: dpkg needs root' >&2
	exit 1
}

work=$(mktemp -d)
trap 'rm -rf --one-file-system "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
chmod 755 "$work"
mkdir "$work/root"

made=$(node bin/packages/deb/make.mjs)
sh test/packages/debian.sh "$work/root"
export HUGEPOOL_TEST_DEB="$made" HUGEPOOL_TEST_ROOT="$work/root"

status=0
for name in built again installed typed; do
	node --import=./test/load/typescript.js "test/packages/deb/$name.ts" || status=1
done
# Its mounts are its own: they are gone before the directory is removed.
unshare --mount --propagation private sh test/packages/in-root.sh "$made" "$work/root" "$@" || status=1
exit "$status"
