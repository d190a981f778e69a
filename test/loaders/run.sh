#!/bin/sh
# Programs of boot loaders as Debian has them, on machines below scratch roots: what hugepool writes is
# read by them. Their packages are downloaded and unpacked beside this machine, and nothing of it is
# changed: no root is needed. Arguments go on to tap.
set -eu
cd "$(dirname "$0")/../.."

packages='grub-common grub2-common u-boot-menu linux-base'

directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
# shellcheck disable=SC2086 # a list of words
(cd "$directory" && apt-get download $packages >/dev/null)
for package in "$directory"/*.deb; do
	dpkg-deb --extract "$package" "$directory/tools"
done
HUGEPOOL_TEST_LOADERS="$directory/tools" npx tap --jobs=1 --timeout=600 "$@" test/loaders/*.ts
