#!/bin/sh
# Fuzzes the readers of arguments in native with libFuzzer and the sanitizers: run.sh [--seconds N | --runs N]
# [--keep]. There are two targets: the requests that readers make of objects, and the calls as a whole.
# Each has so many inputs, 20000 if nothing is said, which are the same each time for the same compiler:
# what a change has to pass must not fail by chance. The seconds are those of both targets together, and
# what is tried is new each time. Values of JavaScript are made of bytes, and no system call of native is
# made: both are fakes. It begins with the inputs in test/fixtures/fuzz/native-*; --keep adds those that
# reach more, as few as do. HUGEPOOL_FUZZ_SOURCES names another directory instead of native.
set -eu
cd "$(dirname "$0")/../../.."

fail() {
	echo "fuzz: $1" >&2
	exit 2
}

runs=20000
seconds=''
keep=''
while [ $# -gt 0 ]; do
	case $1 in
	--seconds | --runs)
		case ${2:-} in '' | *[!0-9]* | 0) fail "$1 wants a number" ;; esac
		if [ "$1" = --runs ]; then runs=$2; else seconds=$2; fi
		shift
		;;
	--keep) keep=yes ;;
	*) fail "what is $1? --seconds N, --runs N and --keep are known" ;;
	esac
	shift
done
# The fuzzer reads what it has written itself once more after each second, unless it is told not to.
bound="-runs=$runs -seed=1 -reload=0"
[ -z "$seconds" ] || bound="-max_total_time=$(((seconds + 1) / 2))"
# Where addresses differ from run to run, so do the comparisons that the fuzzer learns from. A container may
# refuse to have them stay.
still=''
if setarch -R true 2>/dev/null; then still='setarch -R'; fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# The headers that node-gyp took for the addon do here too.
[ -f native/build/config.gypi ] || fail 'the headers of Node are those of a build: npm run build comes first'
node=$(sed -n 's/^ *"nodedir": "\(.*\)",*$/\1/p' native/build/config.gypi)
api=$(node -p 'path.dirname(require.resolve("node-addon-api"))')
flags="-std=c++20 -O1 -g1 -Wall -Wextra -fno-omit-frame-pointer -fno-sanitize-recover=all
	-DNAPI_VERSION=8 -DNODE_ADDON_API_DISABLE_CPP_EXCEPTIONS -isystem $node/include/node -isystem $api"
sanitizers='address,undefined'
sources=${HUGEPOOL_FUZZ_SOURCES:-native}

# All that read arguments. What they call is faked where it makes system calls.
readers='credentials errno-error file-calls flock ipc-namespace lease map-calls map-requests
	mempolicy-calls mount mount-namespaces policy process-calls rename segment-removal visit-requests'
faked='close fcntl flock futimens getegid geteuid getgid getgrouplist getgroups getuid ioctl linkat lseek
	memfd_create mount open pthread_join setgroups setns setresgid setresuid shmat shmctl shmdt syscall
	umount2 unshare'
for call in $faked; do echo "$call fake_$call"; done >"$work/renamed"

# shellcheck disable=SC2086 # lists of words
compile() { clang++ $flags -fsanitize="fuzzer-no-link,$sanitizers" -c "$@"; }

objects=''
for name in $readers; do
	compile "$sources/$name.cc" -o "$work/$name.o"
	objcopy --redefine-syms="$work/renamed" "$work/$name.o"
	objects="$objects $work/$name.o"
done

# A function of the C library that has no fake would be called in earnest.
# shellcheck disable=SC2086
nm --undefined-only $objects | awk '$1 == "U" { print $2 }' | sort -u |
	grep -vE '^(_Z|napi_|uv_|fake_|__|_Unwind|mem(cpy|move|set|cmp|chr)$|strlen$|pthread_self$)' >"$work/earnest" || true
if [ -s "$work/earnest" ]; then
	echo "fuzz: no fake of $(tr '\n' ' ' <"$work/earnest")" >&2
	exit 1
fi

for source in test/fuzz/native/*.cc; do
	object=$work/$(basename "$source" .cc).o
	compile "$source" -o "$object"
	objects="$objects $object"
done
# shellcheck disable=SC2086
clang++ -fsanitize="fuzzer,$sanitizers" $objects -o "$work/fuzz"

# run_target NAME FLAG... DIRECTORY...
run_target() {
	name=$1
	shift
	# shellcheck disable=SC2086 # no word or two
	HUGEPOOL_FUZZ_READERS=$name ASAN_OPTIONS=detect_leaks=1 $still "$work/fuzz" -artifact_prefix="$work/$name-" \
		-timeout=60 -rss_limit_mb=1024 -max_len=512 "$@"
}

status=0
for name in requests calls; do
	corpus=test/fixtures/fuzz/native-$name
	mkdir -p "$work/found-$name" "$corpus"
	# The order of a directory's entries differs between file systems.
	find "$corpus" -type f | sort | tr '\n' , | sed 's/,$//' >"$work/first"
	first=''
	[ ! -s "$work/first" ] || first="-seed_inputs=@$work/first"
	# shellcheck disable=SC2086 # lists of words
	if run_target "$name" $bound $first "$work/found-$name" >"$work/said" 2>&1; then
		echo "fuzz: native-$name: $(sed -n 's/^Done \(.*\)$/\1/p' "$work/said"), $(grep -ao 'cov: [0-9]*' "$work/said" | tail -n 1)"
	else
		status=1
		echo "fuzz: native-$name: a finding"
		grep -aE 'does not hold|runtime error|ERROR|SUMMARY|^ +#[0-9]+ ' "$work/said" | head -n 30 | cut -c 1-300
		for input in "$work/$name"-*-*; do
			[ ! -f "$input" ] || echo "fuzz: the input in base64: $(base64 -w 0 "$input")"
		done
		continue
	fi
	if [ "$keep" = yes ]; then
		mkdir "$work/merged-$name"
		run_target "$name" -merge=1 "$work/merged-$name" "$corpus" "$work/found-$name" >/dev/null 2>&1
		rm -f "$corpus"/*
		cp "$work/merged-$name"/* "$corpus"
	fi
done
exit "$status"
