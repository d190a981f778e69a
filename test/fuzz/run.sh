#!/bin/sh
# Fuzzes the parsers, with coverage: run.sh [TARGET...] [--seconds N | --runs N] [--keep]. A target is a file
# of test/fuzz/targets; without one all are run. The seconds, 60 if nothing is said, are those of all
# targets together, and what is tried is new each time. With --runs each target has so many inputs, which
# are always the same: what a change has to pass must not fail by chance. It begins with the inputs in
# test/fixtures/fuzz. --keep adds those that reach more, as few as do.
#
# The fuzzer is libFuzzer within Jazzer.js, which has a package file of its own, so that `npm ci` of the
# project installs no addon for it.
set -eu
cd "$(dirname "$0")/../.."

fail() {
	echo "fuzz: $1" >&2
	exit 2
}

seconds=60
runs=''
keep=''
targets=''
while [ $# -gt 0 ]; do
	case $1 in
	--seconds)
		seconds=${2:-}
		shift
		;;
	--runs)
		runs=${2:-}
		shift
		case $runs in '' | *[!0-9]* | 0) fail '--runs wants a number of inputs' ;; esac
		;;
	--keep) keep=yes ;;
	*) targets="$targets $1" ;;
	esac
	shift
done
case $seconds in '' | *[!0-9]* | 0) fail '--seconds wants a number of seconds' ;; esac
all=$(find test/fuzz/targets -name '*.ts' -exec basename {} .ts \; | sort)
for target in $targets; do
	echo "$all" | grep -qx -e "$target" || fail "no target is called $target, but these: $(echo "$all" | tr "\n" " ")"
done
[ -n "$targets" ] || targets=$all
# shellcheck disable=SC2086 # a list of words
set -- $targets
each=$((seconds / $#))
[ "$each" -gt 0 ] || each=1
bound="-max_total_time=$each"
[ -z "$runs" ] || bound="-runs=$runs -seed=1"

tools=$PWD/node_modules/.cache/hugepool-fuzz
addon=$tools/node_modules/@jazzer.js/fuzzer/prebuilds/fuzzer-linux-$(node -p process.arch).node
if ! cmp -s test/fuzz/package-lock.json "$tools/package-lock.json" || [ ! -f "$tools/older.so" ]; then
	rm -rf "$tools"
	mkdir -p "$tools"
	cp test/fuzz/package.json "$tools"
	cp test/fuzz/package-lock.json "$tools"
	(cd "$tools" && npm ci --ignore-scripts)
	node test/fuzz/fit.mjs "$addon"
	g++ -shared -fPIC -O1 -o "$tools/older.so" test/fuzz/older-libraries.cc
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Jazzer.js gives libFuzzer its own time for one input, in milliseconds. Beside other work what takes a fifth of a
# second can take twenty.
patience=60000
limits='-rss_limit_mb=3072 -max_len=4096'

# Runs the fuzzer: run_target TARGET FLAGS DIRECTORY... What it finds goes into the first directory.
run_target() {
	target=$1
	flags=$2
	shift 2
	# shellcheck disable=SC2086 # lists of words
	LD_PRELOAD="$tools/older.so" node "$tools/node_modules/@jazzer.js/core/dist/cli.js" \
		"$work/$target.cjs" "$@" --sync --timeout="$patience" --disableBugDetectors='.*' --includes="$work/" \
		-- -artifact_prefix="$work/$target-" $limits $flags
}

status=0
for target in "$@"; do
	npx esbuild "test/fuzz/targets/$target.ts" --bundle --platform=node --format=cjs \
		--log-level=warning --outfile="$work/$target.cjs"
	corpus=test/fixtures/fuzz/$target
	mkdir -p "$work/found-$target" "$corpus"
	if run_target "$target" "$bound" "$work/found-$target" "$corpus" >"$work/said" 2>&1; then
		cover=$(grep -o 'cov: [0-9]*' "$work/said" | tail -n 1)
		echo "fuzz: $target: $(sed -n 's/^Done \(.*\)$/\1/p' "$work/said"), ${cover:-no coverage}"
	else
		status=1
		echo "fuzz: $target: a finding"
		tail -n 60 "$work/said" | cut -c 1-400
		for input in "$work/$target"-crash-* "$work/$target"-timeout-* "$work/$target"-oom-* "$work/$target"-leak-*; do
			if [ -f "$input" ]; then
				echo "fuzz: the input, of $(wc -c <"$input") bytes, in base64:"
				base64 "$input"
			fi
		done
	fi
	if [ "$keep" = yes ]; then
		mkdir "$work/merged-$target"
		run_target "$target" -merge=1 "$work/merged-$target" "$corpus" "$work/found-$target" >/dev/null 2>&1 || true
		# What the fuzzer could not choose from stays as it was.
		if [ -n "$(ls "$work/merged-$target")" ]; then
			rm -f "$corpus"/*
			find "$work/merged-$target" -type f -size -2k -exec cp {} "$corpus" \;
		fi
	fi
done
exit "$status"
