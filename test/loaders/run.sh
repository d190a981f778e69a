#!/bin/sh
# Programs of boot loaders as Debian has them, on machines below scratch roots: what hugepool writes is
# read by them. Their packages are downloaded and unpacked beside this machine, and nothing of it is
# changed: no root is needed. A kernel then boots with what they made. Arguments go on to tap.
set -eu
cd "$(dirname "$0")/../.."

packages='grub-common grub2-common u-boot-menu linux-base kexec-tools'

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

# A kernel boots with the line that is in grub.cfg, on two nodes, and has those pools.
line=$(cat "$directory/tools/line")
sh test/boot-lines/run.sh --kernel 6.12 --line "$line" \
	--pools 1G:0:1 --pools 1G:1:1 --pools 2M:0:16 --pools 2M:1:8
