#!/bin/sh
# Runs a command, as root, where programs of arm64 start by themselves, in an emulator: emulated.sh [--net] COMMAND...
# The kernel is told of the emulator in a user namespace of its own, which Linux 6.7 and later have an own
# binfmt_misc for, so that nothing of this machine is changed. With --net it has this machine's network, and
# cannot mount a sysfs then.
set -eu

fail() {
	echo "packages: $1" >&2
	exit 1
}

emulator=$(command -v qemu-aarch64-static) || fail 'qemu-aarch64-static is missing'

# What is in the first bytes of a program of arm64, and which of their bits count (binfmt-support's files of QEMU).
magic='\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00'
mask='\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff'

if [ "${1:-}" = --inside ]; then
	# Nothing has a right before all users and groups are there.
	read -r _ <"$2"
	shift 2
	mount -t proc proc /proc
	mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc 2>/dev/null ||
		fail 'no binfmt_misc of a user namespace: Linux is older than 6.7'
	# Opened now (F), the emulator needs not be where the program is.
	printf %s ":hugepool-arm64:M::$magic:$mask:$emulator:F" >/proc/sys/fs/binfmt_misc/register
	exec "$@"
fi

net=--net
if [ "${1:-}" = --net ]; then
	net=''
	shift
fi
work=$(mktemp -d)
inside=''
trap 'kill -KILL $inside 2>/dev/null || :; rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
mkfifo "$work/mapped"
exec 3<&0
# shellcheck disable=SC2086 # no word, or one
unshare --user --pid --fork --kill-child --mount --propagation private $net \
	sh "$0" --inside "$work/mapped" "$@" <&3 &
inside=$!
own=$(readlink /proc/self/ns/user)
until [ "$(readlink "/proc/$inside/ns/user")" != "$own" ]; do sleep 0.02; done
for map in uid_map gid_map; do echo '0 0 65536' >"/proc/$inside/$map"; done
echo >"$work/mapped"
status=0
wait "$inside" || status=$?
inside=''
exit "$status"
