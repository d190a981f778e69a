#!/bin/sh
# Makes the initramfs of the guests: image.sh DIRECTORY [TEST...] leaves it there as image.cpio. First
# busybox, node and a few programs with their libraries, packed anew only when one of them changed, then
# hugepool with its live tests, every time, and with the modules of DIRECTORY/modules where there are any. The
# kernel unpacks one archive after the other. None is compressed: unpacking is a fifth of an emulated boot.
set -eu
work=$1
shift
cd "$(dirname "$0")/../.."

. test/vm/cache.sh
mkdir -p "$cache" 2>/dev/null || :
# What the live tests call, beyond what busybox has
programs='node env dash strace setpriv unshare flock prlimit'

busybox=$(command -v busybox)
paths=$(for program in $programs; do command -v "$program"; done)
libraries() {
	# shellcheck disable=SC2086 # a list of paths
	ldd $paths "$busybox" 2>/dev/null | grep -o '/[^ :]*' | sort -u
}
# shellcheck disable=SC2046,SC2086 # lists of paths
stamp=$(stat -L -c '%n %s %Y' test/vm/image.sh "$busybox" $paths $(libraries) | sha256sum | cut -c 1-16)
base="$cache/base-$stamp.cpio"

# Everything below the current directory belongs to root, whoever packs it.
pack() {
	find . -mindepth 1 | LC_ALL=C sort | cpio --quiet -o -H newc -R 0:0
}

make_base() {
	root="$work/base"
	mkdir -p "$root/bin" "$root/sbin" "$root/usr" "$root/lib64" "$root/etc" "$root/root"
	for path in $paths $(libraries); do
		mkdir -p "$root$(dirname "$path")"
		cp -L "$path" "$root$path"
	done
	cp -L "$busybox" "$root/bin/busybox"
	ln -s "$(command -v dash)" "$root/bin/sh"
	# A program of its own stands before busybox's of the same name.
	for name in $(busybox --list); do
		[ -e "$root/bin/$name" ] || [ -e "$root/usr/bin/$name" ] || ln -s busybox "$root/bin/$name"
	done
	echo 'root::0:0:root:/root:/bin/sh' >"$root/etc/passwd"
	(cd "$root" && pack) >"$work/base.cpio"
}

# Under its name only when all of it is there: a cache can be full.
keep_base() {
	# Another run may be using one that is new.
	find "$cache" -name 'base-*' -mtime +1 -delete
	trap 'rm -f "$base.$$"' EXIT
	cp "$work/base.cpio" "$base.$$"
	mv "$base.$$" "$base"
}

if [ ! -e "$base" ]; then
	make_base
	if [ -w "$cache" ]; then keep_base; else base="$work/base.cpio"; fi
fi

layer="$work/layer"
mkdir -p "$layer/hugepool/native/build/Release" "$layer/hugepool/node_modules" "$layer/usr/bin"
install -m 755 test/vm/init "$layer/init"
cp -r bin dist package.json man "$layer/hugepool/"
cp native/build/Release/hugepool.node "$layer/hugepool/native/build/Release/"
cp -r test/vm/prepare "$layer/hugepool/"
ln -s /hugepool/bin/hugepool.js "$layer/usr/bin/hugepool"
g++ -O1 -Wall -Wextra -Wpedantic -Werror -static -o "$layer/hugepool/holder" test/live/holder.cc
g++ -O1 -std=c++20 -Wall -Wextra -Wpedantic -Werror -static -o "$layer/hugepool/zoo" test/live/zoo.cc
g++ -O1 -Wall -Wextra -Wpedantic -Werror -static -o "$layer/hugepool/comer" test/live/comer.cc
g++ -O1 -Wall -Wextra -Wpedantic -Werror -static -o "$layer/hugepool/scatter" test/vm/scatter.cc
g++ -O1 -Wall -Wextra -Wpedantic -Werror -static -o "$layer/hugepool/pinner" test/vm/pinner.cc
if [ -d "$work/modules" ]; then cp -r "$work/modules" "$layer/hugepool/"; fi
sh test/vm/bundle-tests.sh "$layer/hugepool/live.mjs" "$@"

(cat "$base" && cd "$layer" && pack) >"$work/image.cpio"
rm -rf "$work/base" "$work/base.cpio" "$layer"
