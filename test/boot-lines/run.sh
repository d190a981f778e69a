#!/bin/sh
# Boots kernels with command lines about huge pages and compares what comes of each with what hugepool predicts:
# run.sh [--kernel SERIES,...|all] [--count N] [--seed N] [--line "WORDS"]. Needs no privilege.
set -eu
cd "$(dirname "$0")/../.."

directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

series=''
next=''
for word in "$@"; do
	if [ "$next" = --kernel ]; then series=$(echo "$word" | tr , ' '); fi
	next=$word
done
if [ "$series" = all ]; then series=$(awk '!/^#/ && NF { print $1 }' test/vm/kernels.txt); fi
# shellcheck disable=SC2086 # a list of series
sh test/vm/kernels.sh $series >"$directory/kernels"

# busybox with its libraries is all that a guest needs.
root="$directory/root"
busybox=$(command -v busybox)
mkdir -p "$root/bin" "$root/proc" "$root/sys" "$root/dev"
for path in $(ldd "$busybox" 2>/dev/null | grep -o '/[^ :]*' | sort -u); do
	mkdir -p "$root$(dirname "$path")"
	cp -L "$path" "$root$path"
done
cp -L "$busybox" "$root/bin/busybox"
for name in sh mount cat dmesg sed poweroff basename; do ln -s busybox "$root/bin/$name"; done
install -m 755 test/boot-lines/init "$root/init"
(cd "$root" && find . -mindepth 1 | cpio --quiet -o -H newc -R 0:0) >"$directory/image.cpio"

program="$directory/main.mjs"
npx esbuild test/boot-lines/main.ts --bundle --platform=node --format=esm --packages=external \
	--log-level=warning --outfile="$program"
HUGEPOOL_BOOT_LINES=$directory node "$program" "$@"
