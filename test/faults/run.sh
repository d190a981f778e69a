#!/bin/sh
# Fails the system calls of commands one at a time, and looks what becomes of it; main.ts says how.
# What is written beside the pools is written to copies: mounts, /etc, /run, /tmp, segments and
# processes are those of namespaces that are gone at the end.
set -eu
cd "$(dirname "$0")/../.."

fail() {
	echo "test:faults: $1" >&2
	exit 1
}

[ "$(id -u)" -eq 0 ] || fail 'changing pools needs root: sudo npm run test:faults'
for pair in strace:strace unshare:util-linux mount:mount; do
	command -v "${pair%%:*}" >/dev/null 2>&1 ||
		fail "${pair%%:*} is missing: apt-get install ${pair##*:}"
done

# It has to be outside of /tmp, which is replaced.
program=$PWD/node_modules/.cache/hugepool-faults.mjs
npx esbuild test/faults/main.ts --bundle --platform=node --format=esm --packages=external \
	--log-level=warning --outfile="$program"
exec unshare --mount --propagation private --ipc --pid --fork --kill-child --mount-proc \
	sh test/faults/inside.sh node "$program" "$@"
