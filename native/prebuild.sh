#!/bin/sh
# Makes the addons that the package has, native/prebuilds/linux-ARCH/hugepool.node: prebuild.sh [ARCH...].
# One file of a processor loads on glibc 2.28 and later and on musl, with every Node from 20 on. It needs
# no library but libc.so.6, which both answer to. No path and no time gets into it.
set -eu
cd "$(dirname "$0")"
export LC_ALL=C

[ $# -gt 0 ] || set -- x64 arm64

fail() {
	echo "prebuild: $1" >&2
	exit 1
}

triple_of() {
	case $1 in
	x64) echo x86_64-linux-gnu ;;
	arm64) echo aarch64-linux-gnu ;;
	ppc64) echo powerpc64le-linux-gnu ;;
	s390x) echo s390x-linux-gnu ;;
	*) fail "no processor is called $1 here, but x64, arm64, ppc64 (little-endian) and s390x are" ;;
	esac
}

# What has flags of its own. Functions that look whether the processor has atomic instructions would
# call the C library.
flags_of() {
	if [ "$1" = arm64 ]; then echo -mno-outline-atomics; fi
}

# Headers are beside this Node, or where `npm ci` has left them.
headers=''
for directory in "$(node -p 'path.dirname(path.dirname(process.execPath))')" \
	"${npm_config_devdir:-${XDG_CACHE_HOME:-$HOME/.cache}/node-gyp}/$(node -p process.versions.node)"; do
	if [ -z "$headers" ] && [ -f "$directory/include/node/node_api.h" ]; then
		headers="$directory/include/node"
	fi
done
[ -n "$headers" ] || fail "no headers of node $(node --version): 'npm ci' brings them"
napi=$(node -p "path.dirname(require.resolve('node-addon-api'))")

compilers=''
for architecture in "$@"; do
	triple=$(triple_of "$architecture")
	if command -v "$triple-g++" >/dev/null; then continue; fi
	case $triple in
	"$(uname -m)"-*) compilers="$compilers g++" ;;
	# Debian writes names of packages without underscores.
	*) compilers="$compilers g++-$(echo "$triple" | tr _ -)" ;;
	esac
done
[ -z "$compilers" ] || fail "compilers are missing: apt-get install$compilers"

# All sources at once take a tenth of the time. As binding.gyp and Node's own settings have it, but
# without _FILE_OFFSET_BITS: files have one size here, and musl no names that end in 64.
compile() {
	printf '#include "%s"\n' *.cc prebuild/runtime.cc >"$build/all.cc"
	# shellcheck disable=SC2046 # flags are words
	"$triple-g++" -std=c++20 -O2 -fPIC -pthread -fno-rtti -fno-exceptions -fno-stack-protector \
		-U_FORTIFY_SOURCE -fvisibility=hidden -ffunction-sections -fdata-sections $(flags_of "$1") \
		-DNAPI_VERSION=8 -DNODE_ADDON_API_DISABLE_CPP_EXCEPTIONS -DNODE_GYP_MODULE_NAME=hugepool \
		-I. -isystem "$headers" -isystem "$napi" -ffile-prefix-map="$PWD"=native \
		-ffile-prefix-map="$headers"=node -ffile-prefix-map="$napi"=node-addon-api \
		-frandom-seed=hugepool -c -o "$build/all.o" "$build/all.cc"
}

# The stub has of the C library what is old enough, so that an addon that calls more does not pass.
link_with_stub() {
	node prebuild/libc-stub.mjs "$triple-readelf" "$("$triple-g++" -print-file-name=libc.so.6)" "$build"
	"$triple-g++" -shared -nostdlib -Wl,-soname,libc.so.6,--version-script="$build/libc.map" \
		-o "$build/libc.so.6" "$build/libc.s"
	"$triple-g++" -shared -nostdlib -s -Wl,-z,relro,-z,now,--gc-sections,--build-id=sha1 \
		-Wl,--hash-style=gnu,-soname,hugepool.node,--version-script=prebuild/exports.map -o "$build/hugepool.node" "$build/all.o" \
		"$build/libc.so.6" -lgcc
	# What is neither Node's nor the stub's has no version.
	! "$triple-nm" -D --undefined-only "$build/hugepool.node" | grep -vE ' (napi|node_api|uv)_|@GLIBC_'
}

make_one() {
	triple=$(triple_of "$1")
	build=build/prebuild/$1
	mkdir -p "$build" "prebuilds/linux-$1"
	compile "$1" && link_with_stub && mv "$build/hugepool.node" "prebuilds/linux-$1/hugepool.node"
}

running=''
for architecture in "$@"; do
	(make_one "$architecture") || fail "the addon for $architecture cannot be made" &
	running="$running $!"
done
for process in $running; do wait "$process"; done
