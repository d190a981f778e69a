#!/bin/sh
# Puts Node and this hugepool on the disk of a Debian, where npm would have put them: install.sh FILE
set -eu
disk=$(realpath "$1")
export PATH="$PATH:/usr/sbin:/sbin"
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tree="$work/hugepool"
mkdir -p "$tree/native/build/Release"
cp -r bin dist package.json man "$tree/"
cp native/build/Release/hugepool.node "$tree/native/build/Release/"

home=/usr/lib/node_modules
{
	echo "write $(command -v node) /usr/bin/node"
	# A directory that is there already would be there twice: debugfs does not look.
	echo "mkdir $home"
	(cd "$work" && find hugepool -type d | LC_ALL=C sort | sed "s#^#mkdir $home/#")
	(cd "$work" && find hugepool -type f | sed "s#.*#write $work/& $home/&#")
	echo 'symlink /usr/bin/hugepool ../lib/node_modules/hugepool/bin/hugepool.js'
} >"$work/commands"
debugfs -w -f "$work/commands" "$disk" >"$work/said" 2>&1
e2fsck -fn "$disk" >>"$work/said" 2>&1 || {
	cat "$work/said" >&2
	echo 'install: Node and hugepool cannot be put on the disk' >&2
	exit 1
}
