#!/bin/sh
# Makes the Debian package of the program that npm run dist made, and tries it in a Debian 12 of its own, as
# root: deb.sh [TEST...]. The names are those of process tests. Or as README.md says that it is installed, in another
# Debian: deb.sh --arch arm64 in an emulator, deb.sh --suite bullseye in an older one, without process tests. Nothing
# is installed on this machine.
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

architecture=''
suite=''
tests='built again installed typed'
case "${1:-}" in
--arch)
	architecture=$2
	tests='built typed'
	shift 2
	;;
--suite)
	suite=$2
	tests=typed
	shift 2
	;;
esac
# shellcheck disable=SC2086 # no word, or one
made=$(node bin/packages/deb/make.mjs $architecture)
sh test/packages/debian.sh "$work/root" "${architecture:-amd64}" "${suite:-bookworm}"
export HUGEPOOL_TEST_DEB="$made" HUGEPOOL_TEST_ROOT="$work/root"
if [ -n "$architecture" ]; then export HUGEPOOL_TEST_ARCH="$architecture"; fi

status=0
for name in $tests; do
	node --import=./test/load/typescript.js "test/packages/deb/$name.ts" || status=1
done
[ -z "$suite" ] || exit "$status"
sh test/packages/in-root.sh "$made" "$work/root" "${architecture:-amd64}" "$@" || status=1
exit "$status"
