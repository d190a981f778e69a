#!/bin/sh
# Makes the package of rpm of the program that npm run dist made, and tries it below a directory, as root; and
# APKBUILD, which is tried without Alpine: rpm.sh [TEST...]. The names are those of process tests. Or that of another
# processor, in an emulator: rpm.sh --arch arm64. Nothing is installed on this machine.
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

export HUGEPOOL_TEST_ROOT="$work/root"
if [ "${1:-}" = --arch ]; then
	HUGEPOOL_TEST_RPM=$(node bin/packages/rpm/make.mjs "$2")
	export HUGEPOOL_TEST_RPM HUGEPOOL_TEST_ARCH="$2"
	sh test/packages/debian.sh "$work/root" "$2"
	status=0
	node --import=./test/load/typescript.js test/packages/rpm-emulated.ts || status=1
	architecture=$2
	shift 2
	sh test/packages/in-root.sh "$HUGEPOOL_TEST_RPM" "$work/root" "$architecture" "$@" || status=1
	exit "$status"
fi

HUGEPOOL_TEST_RPM=$(node bin/packages/rpm/make.mjs)
HUGEPOOL_TEST_APKBUILD=$(node bin/packages/alpine/make.mjs)
HUGEPOOL_TEST_PACKAGE=$(echo release/hugepool-*.tgz)
export HUGEPOOL_TEST_RPM HUGEPOOL_TEST_APKBUILD HUGEPOOL_TEST_PACKAGE
sh test/packages/debian.sh "$work/root"

status=0
for name in dnf rpm alpine; do
	node --import=./test/load/typescript.js "test/packages/$name.ts" || status=1
done
sh test/packages/in-root.sh "$HUGEPOOL_TEST_RPM" "$work/root" amd64 "$@" || status=1
exit "$status"
