#!/bin/sh
# A Debian 12 with systemd that boots under QEMU, as in the laboratory (test/vm/machines.ts): what hugepool does
# at boot, and what a machine that loses its power leaves. Needs no privilege. Arguments are files of tests,
# all of them by default.
set -eu
cd "$(dirname "$0")/../.."

directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

sh test/vm/kernels.sh 6.1 6.12 >"$directory/kernels"
sh test/boot/debian.sh "$directory/debian.ext4"
sh test/boot/install.sh "$directory/debian.ext4"
sh test/boot/start.sh "$directory/start.cpio"

[ $# -gt 0 ] || set -- test/boot/*.ts
# Without tap's runner, of which one at a time can have the directory .tap: `.ci/run` has one beside.
export HUGEPOOL_BOOT="$directory" TAP_TIMEOUT=1800
status=0
for test in "$@"; do
	echo "# $test"
	node --import=./test/load/typescript.js "$test" || status=1
done
exit $status
