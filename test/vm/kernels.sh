#!/bin/sh
# Gives the kernels of the named series, or of those that `npm test` boots: a line for each with its
# series and the path of its image. Downloads what is missing with a configuration of apt of its
# own: nothing of this machine is changed and no root is needed. See kernels.txt. `--arch arm64` in front
# of the series gives those of kernels-arm64.txt.
set -eu
cd "$(dirname "$0")"

architecture=amd64
if [ "${1:-}" = --arch ]; then
	architecture=$2
	shift 2
fi
. ./archive.sh
series="$*"
[ -n "$series" ] || series=$(series_with 4 test)
for name in $series; do
	echo "$table" | awk -v name="$name" '$1 == name { found = 1 } END { exit !found }' ||
		fail "no series $name: $(echo "$table" | awk '{ printf "%s ", $1 }')"
done

# package=version of the newest package of a suite whose name matches a pattern
newest() {
	names=$(own_apt apt-cache pkgnames linux-image | grep -Ex "$2") || return 0
	# shellcheck disable=SC2086 # a list of names
	own_apt apt-cache madison $names |
		awk -v suite="$1/" -v security="$1-security/" \
			'index($6, suite) == 1 || index($6, security) == 1 { print $3, $1 }' |
		sort -V | awk 'END { if (NR > 0) print $2 "=" $1 }'
}

# The package among the dependencies of this one that is nearer to the kernel
dependency() {
	own_apt apt-cache show "$1" | sed -n 's/^Depends: //p' | tr ',' '\n' |
		sed -nE 's/^ *(linux-(image|binary)-[0-9][^ ]*) \(= ([^)]*)\).*/\1=\3/p' | head -n 1
}

resolve() {
	found=$(newest "$1" "$2")
	next=$found
	while [ -n "$next" ]; do
		found=$next
		next=$(dependency "$found")
	done
	echo "$found"
}

number() {
	od -An -t "u$3" -j "$2" -N "$3" "$1" | tr -d ' '
}

has_word() {
	[ "$(od -An -c -j "$2" -N 4 "$1" 2>/dev/null | tr -d ' ')" = "$3" ]
}

# The size that the header of an image of x86 tells: sectors of set-up code, one more for the boot sector,
# and the rest in units of 16 bytes
told_by_setup() {
	echo $((($(number "$1" 497 1) + 1) * 512 + $(number "$1" 500 4) * 16))
}

# The size that an image of arm64 tells where it is a program of EFI too: the end of its last section. What
# its own header tells has memory in it that the file has no bytes for.
told_by_sections() {
	header=$(number "$1" 60 4)
	last=$((header + 24 + $(number "$1" $((header + 20)) 2) + ($(number "$1" $((header + 6)) 2) - 1) * 40))
	echo $(($(number "$1" $((last + 16)) 4) + $(number "$1" $((last + 20)) 4)))
}

# The size of a program of ELF, whose table of sections is at its end
told_by_elf() {
	echo $(($(number "$1" 40 8) + $(number "$1" 58 2) * $(number "$1" 60 2)))
}

# Whether an image has the size that it tells. One that was cut off would hang without a word.
is_whole() {
	[ -e "$1" ] || return 1
	size=$(stat -c %s "$1")
	case $architecture in
	arm64) [ "$size" -ge 4096 ] && has_word "$1" 56 ARMd && [ "$size" -ge "$(told_by_sections "$1")" ] ;;
	ppc64el) [ "$size" -ge 4096 ] && has_word "$1" 0 177ELF && [ "$size" -ge "$(told_by_elf "$1")" ] ;;
	# Its header tells no size: the archive's own sum of the package has to do.
	s390x) [ "$size" -ge 131072 ] && has_word "$1" 65544 S390 ;;
	*) has_word "$1" 514 HdrS && [ "$size" -ge "$(told_by_setup "$1")" ] ;;
	esac
}

unpack() {
	package=$1
	directory="$cache/kernels/${package%%=*}"
	is_whole "$directory/vmlinuz" && return
	echo "kernels: downloading ${package%%=*}" >&2
	rm -rf "$directory.new"
	# What is left of a download that failed is of no use.
	trap 'rm -rf "$directory.new"' EXIT
	mkdir -p "$directory.new/package"
	(cd "$directory.new" && own_apt apt-get download -qq "$package") >&2
	dpkg -x "$directory.new"/*.deb "$directory.new/package"
	image=$(find "$directory.new/package" -name 'vmlinu[xz]*' -type f | head -n 1)
	[ -n "$image" ] || fail "$package holds no kernel"
	mv "$image" "$directory.new/vmlinuz"
	is_whole "$directory.new/vmlinuz" || fail "the kernel of $package is not whole"
	rm -rf "$directory.new/package" "$directory.new"/*.deb
	rm -rf "$directory"
	mv "$directory.new" "$directory"
}

# What was resolved with these lists is not resolved again. Without the archive in reach the kernel
# of last time does.
get() {
	link="$cache/kernels/series$suffix-$1"
	if is_new "$link" && is_whole "$link/vmlinuz"; then return; fi
	package=''
	if [ -n "$writable" ]; then package=$(resolve "$2" "$3"); fi
	if [ -n "$package" ]; then
		unpack "$package"
		ln -sfn "${package%%=*}" "$link"
	elif is_whole "$link/vmlinuz"; then
		[ -z "$writable" ] || echo "kernels: $1 is not in reach now, the one of last time is used" >&2
	elif [ -z "$writable" ]; then
		fail "no kernel $1 in $cache, and nothing can be written there"
	else
		cat "$apt/log" >&2 || :
		fail "no kernel $1 in the suite $2 of the archive"
	fi
}

is_new() {
	[ -n "$(find "$1" -newer "$apt/updated" 2>/dev/null)" ]
}

open_cache
if [ -n "$writable" ]; then update; fi
for name in $series; do
	echo "$table" | while read -r series suite package _; do
		[ "$series" = "$name" ] || continue
		get "$series" "$suite" "$package"
		echo "$series $cache/kernels/$(readlink "$cache/kernels/series$suffix-$series")/vmlinuz"
	done
done
