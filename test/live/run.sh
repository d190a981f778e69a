#!/bin/sh
# The live tests: the built program against the pools of the running kernel. Nothing is skipped:
# what they need and do not find is a failure. Arguments go on to tap.
set -eu
cd "$(dirname "$0")/../.."

fail() {
	echo "test:live: $1" >&2
	exit 1
}

[ "$(id -u)" -eq 0 ] || fail 'changing pools needs root: sudo npm run test:live'
[ -n "$(ls /sys/kernel/mm/hugepages 2>/dev/null)" ] ||
	fail 'this kernel has no HugeTLB: /sys/kernel/mm/hugepages is missing or empty'

# program:Debian package
for pair in strace:strace g++:g++ unshare:util-linux setpriv:util-linux prlimit:util-linux flock:util-linux \
	mount:mount python3:python3; do
	command -v "${pair%%:*}" >/dev/null 2>&1 ||
		fail "${pair%%:*} is missing: apt-get install ${pair##*:}"
done

directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

g++ -O1 -Wall -Wextra -Wpedantic -Werror -static -o "$directory/holder" test/live/holder.cc
g++ -O1 -std=c++20 -Wall -Wextra -Wpedantic -Werror -static -o "$directory/zoo" test/live/zoo.cc
g++ -O1 -Wall -Wextra -Wpedantic -Werror -static -o "$directory/comer" test/live/comer.cc
g++ -O1 -std=c++20 -Wall -Wextra -Wpedantic -Werror -static -o "$directory/stranger" test/live/stranger.cc
HUGEPOOL_TEST_HOLDER=$directory/holder
export HUGEPOOL_TEST_HOLDER

# A test that opens a directory for others may open the one above it: then nobody can make files there.
shared=$(dirname "$directory")
mode=$(stat -c %a "$shared")

# One at a time: all of them change the same pools.
npx tap --jobs=1 --timeout=900 "$@" test/live/*.ts
[ "$(stat -c %a "$shared")" = "$mode" ] || fail "the mode of $shared was $mode and is not any more"
