#!/bin/sh
# Installs a package of Debian or rpm below a directory and runs the process tests there, by a Node of its processor
# and the sources of this machine, of which nothing can be written: in-root.sh FILE DIRECTORY amd64|arm64 [TEST...].
# All tests are in test/dist/run.sh; without a name these are those that see what is around the program. In an
# emulator esbuild does not run, and who is root is so in a user namespace.
set -eu
cd "$(dirname "$0")/../.."

# Its mounts are its own: they are gone before the directory is removed.
if [ "$1" != --inside ]; then
	architecture=$3
	node=$(command -v node)
	own='unshare --mount --propagation private'
	if [ "$architecture" != amd64 ]; then
		# What compiles the sources is a program of this processor.
		node test/load/compile-all.js
		node=$(sh bin/one-file/node.sh "$architecture")
		own='sh test/packages/emulated.sh'
	fi
	package=$1
	root=$2
	shift 3
	exec $own sh test/packages/in-root.sh --inside "$package" "$root" "$(realpath "$node")" "$@"
fi
shift
root=$2
sources=$PWD
package=$1
node=$3
shift 3
emulators=/proc/sys/fs/binfmt_misc
emulated=''
[ ! -e "$emulators/hugepool-arm64" ] || emulated=HUGEPOOL_TEST_EMULATED=1
if [ $# -eq 0 ]; then
	set -- test/dist/one-file.ts test/process/automation.ts test/process/mounts.ts test/process/shells.ts \
		test/process/streams.ts test/process/terminal.ts test/process/timer-units.ts
	if [ -z "$emulated" ]; then
		set -- "$@" test/process/install-denied.ts test/process/privilege.ts
	else
		set -- "$@" test/process/bad-input.ts test/process/init-scripts.ts test/process/shell-words.ts
	fi
fi

# The directory has a Debian, where no package of rpm could have the libraries.
case $package in
*.rpm) rpm --root "$root" --dbpath /var/lib/rpm --nodeps --ignorearch --install "$package" ;;
*) dpkg-deb --fsys-tarfile "$package" | tar -x -C "$root" ;;
esac
# A directory that is no mount cannot be the root of mounts of its own, as some of the tests have.
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount --rbind /dev "$root/dev"
# Without a mount of it the kernel forgets the emulator (emulated.sh).
[ -z "$emulated" ] || mount --bind "$emulators" "$root$emulators"

# Makes a file or directory of this machine be there too: show PATH [PATH-THERE].
show() {
	there=$root${2:-$1}
	if [ -d "$1" ]; then
		mkdir -p "$there"
	else
		mkdir -p "$(dirname "$there")"
		: >"$there"
	fi
	mount --bind "$1" "$there"
	mount -o remount,bind,ro "$there"
}
show "$node" /usr/local/bin/node
show "$PWD"
[ ! -L node_modules ] || show "$(realpath node_modules)"

# What the environment of this machine says of files is not true there.
mkdir "$root/old"
cd "$root"
# Who has no more than changed his root cannot have a user namespace, as some of the tests have.
pivot_root . old
cd /
umount -l /old
rmdir /old
exec env -i PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
	$emulated HUGEPOOL_TEST_PROGRAM=/usr/bin/hugepool sh "$sources/test/dist/run.sh" "$@"
