#!/bin/sh
# Real programs with huge pages of this machine, and hugeadm beside it, installed from Debian where they are missing: what
# hugepool says of their pages and of what they leave. Pools, mounts and processes are put back.
# Arguments go on to tap.
set -eu
cd "$(dirname "$0")/../.."

fail() {
	echo "test:clients: $1" >&2
	exit 1
}

[ "$(id -u)" -eq 0 ] || fail 'changing pools needs root: sudo npm run test:clients'
[ -n "$(ls /sys/kernel/mm/hugepages 2>/dev/null)" ] ||
	fail 'this kernel has no HugeTLB: /sys/kernel/mm/hugepages is missing or empty'

# One at a time: all of them change the same pools.
npx tap --jobs=1 --timeout=120 "$@" test/clients/*.ts
