#!/bin/sh
# Makes the initramfs of the guests: image.sh [--arch NAME] DIRECTORY [TEST...] leaves it there as image.cpio,
# for this machine's processor or for one of architectures.txt. First busybox, node and a few programs with
# their libraries, packed anew only when one of them changed, then hugepool with its live tests, every time, and
# with the modules of DIRECTORY/modules where there are any. The kernel unpacks one archive after the other.
# None is compressed: unpacking is a fifth of an emulated boot.
set -eu
architecture=''
if [ "$1" = --arch ]; then
	architecture=$2
	shift 2
fi
work=$1
shift
cd "$(dirname "$0")/../.."

. test/vm/cache.sh
mkdir -p "$cache" 2>/dev/null || :
# What the live tests call, beyond what busybox has
programs='node env dash strace setpriv unshare flock prlimit'

# What there is of the programs and their libraries: on this machine, or as files of another one's tree
if [ -z "$architecture" ]; then
	tree=/
	compiler=g++
	addon=native/build/Release/hugepool.node
	busybox=$(command -v busybox)
	paths=$(for program in $programs; do command -v "$program"; done)
	# shellcheck disable=SC2086 # a list of paths
	paths="$paths $(ldd $paths "$busybox" 2>/dev/null | grep -o '/[^ :]*' | sort -u)"
	shell=$(command -v dash)
else
	read -r triple name <<-END
		$(awk -v name="$architecture" '$1 == name { print $2, $3 }' test/vm/architectures.txt)
	END
	compiler=$triple-g++
	sh native/prebuild.sh "$name"
	addon=native/prebuilds/linux-$name/hugepool.node
	busybox=$(sh test/vm/busybox.sh "$architecture")
	# shellcheck disable=SC2086 # a list of names
	tree=$(sh test/vm/foreign-tree.sh "$architecture" ${programs#node})
	paths=$(cd "$tree" && find . -type f)
	shell=/bin/dash
fi
# shellcheck disable=SC2086 # a list of paths
stamp=$( (stat -L -c '%n %s %Y' test/vm/image.sh "$busybox" && cd "$tree" && stat -L -c '%n %s %Y' $paths) |
	sha256sum | cut -c 1-16)
base="$cache/base-$stamp.cpio"

# Everything below the current directory belongs to root, whoever packs it.
pack() {
	find . -mindepth 1 | LC_ALL=C sort | cpio --quiet -o -H newc -R 0:0
}

make_base() {
	root="$work/base"
	mkdir -p "$root/bin" "$root/sbin" "$root/usr" "$root/lib64" "$root/etc" "$root/root"
	for path in $paths; do
		mkdir -p "$root/$(dirname "$path")"
		(cd "$tree" && cp -L "$path" "$root/$path")
	done
	cp -L "$busybox" "$root/bin/busybox"
	ln -s "$shell" "$root/bin/sh"
	# A program of its own stands before busybox's of the same name. This machine's has the same names as any.
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
cp "$addon" "$layer/hugepool/native/build/Release/"
cp -r test/vm/prepare "$layer/hugepool/"
ln -s /hugepool/bin/hugepool.js "$layer/usr/bin/hugepool"
for source in test/live/holder.cc test/live/zoo.cc test/live/comer.cc test/live/stranger.cc \
	test/vm/scatter.cc test/vm/pinner.cc; do
	"$compiler" -O1 -std=c++20 -Wall -Wextra -Wpedantic -Werror -static \
		-o "$layer/hugepool/$(basename "$source" .cc)" "$source"
done
if [ -d "$work/modules" ]; then cp -r "$work/modules" "$layer/hugepool/"; fi
architecture=$architecture sh test/vm/bundle-tests.sh "$layer/hugepool/live.mjs" "$@"

(cat "$base" && cd "$layer" && pack) >"$work/image.cpio"
rm -rf "$work/base" "$work/base.cpio" "$layer"
