#!/bin/sh
# Boots kernels with command lines about huge pages and compares what comes of each with what hugepool predicts:
# run.sh [--arch x86_64,...|all] [--kernel SERIES,...|all] [--count N] [--seed N] [--line "WORDS"]. Without words
# kernels of all architectures are booted, otherwise those of x86_64 unless others are named. Needs no privilege.
set -eu
cd "$(dirname "$0")/../.."

directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

series=''
architectures='x86_64 arm64'
[ $# -eq 0 ] || architectures=x86_64
next=''
for word in "$@"; do
	case $word in
	--kernel=* | --arch=*)
		next=${word%%=*}
		word=${word#*=}
		;;
	esac
	case $next in
	--kernel) series=$(echo "$word" | tr , ' ') ;;
	--arch) architectures=$(echo "$word" | tr , ' ') ;;
	esac
	next=$word
done
if [ "$architectures" = all ]; then architectures='x86_64 arm64'; fi

# busybox with its libraries is all that a guest needs: make_image NAME BUSYBOX
make_image() {
	root="$directory/root-$1"
	mkdir -p "$root/bin" "$root/proc" "$root/sys" "$root/dev"
	for path in $(ldd "$2" 2>/dev/null | grep -o '/[^ :]*' | sort -u); do
		mkdir -p "$root$(dirname "$path")"
		cp -L "$path" "$root$path"
	done
	cp -L "$2" "$root/bin/busybox"
	for applet in sh mount cat dmesg sed poweroff basename; do ln -s busybox "$root/bin/$applet"; done
	install -m 755 test/boot-lines/init "$root/init"
	(cd "$root" && find . -mindepth 1 | cpio --quiet -o -H newc -R 0:0) >"$directory/image-$1.cpio"
}

for architecture in $architectures; do
	case $architecture in
	x86_64) name=amd64 table=test/vm/kernels.txt busybox=$(command -v busybox) ;;
	arm64) name=arm64 table=test/vm/kernels-arm64.txt busybox=$(sh test/vm/busybox.sh arm64) ;;
	*)
		echo "boot-lines: no architecture $architecture: x86_64 arm64" >&2
		exit 2
		;;
	esac
	wanted=$series
	if [ "$wanted" = all ]; then wanted=$(awk '!/^#/ && NF { print $1 }' "$table"); fi
	# shellcheck disable=SC2086 # a list of series
	sh test/vm/kernels.sh --arch "$name" $wanted >"$directory/kernels-$architecture"
	make_image "$architecture" "$busybox"
done

program="$directory/main.mjs"
npx esbuild test/boot-lines/main.ts --bundle --platform=node --format=esm --packages=external \
	--log-level=warning --outfile="$program"
HUGEPOOL_BOOT_LINES=$directory node "$program" "$@"
