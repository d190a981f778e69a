#!/bin/sh
# Installs a package of Debian or rpm below a directory and runs the process tests there, by the node and the
# sources of this machine, of which nothing can be written: in-root.sh FILE DIRECTORY [TEST...]. It needs mounts of
# its own. All tests are in test/dist/run.sh; without a name these are those that see what is around the program.
set -eu
cd "$(dirname "$0")/../.."
root=$2
sources=$PWD
package=$1
shift 2
[ $# -gt 0 ] || set -- test/dist/one-file.ts test/process/automation.ts test/process/install-denied.ts \
	test/process/mounts.ts test/process/privilege.ts test/process/shells.ts test/process/streams.ts \
	test/process/terminal.ts test/process/timer-units.ts

# The directory has a Debian, where no package of rpm could have the libraries.
case $package in
*.rpm) rpm --root "$root" --dbpath /var/lib/rpm --nodeps --install "$package" ;;
*) dpkg-deb --fsys-tarfile "$package" | tar -x -C "$root" ;;
esac
# A directory that is no mount cannot be the root of mounts of its own, as some of the tests have.
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount --rbind /dev "$root/dev"

# Makes a file or directory of this machine be there too.
show() {
	if [ -d "$1" ]; then
		mkdir -p "$root$1"
	else
		mkdir -p "$root$(dirname "$1")"
		: >"$root$1"
	fi
	mount --bind "$1" "$root$1"
	mount -o remount,bind,ro "$root$1"
}
show "$(realpath "$(command -v node)")"
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
exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
	HUGEPOOL_TEST_PROGRAM=/usr/bin/hugepool sh "$sources/test/dist/run.sh" "$@"
