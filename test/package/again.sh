#!/bin/sh
# Packs a copy of these sources, which lies elsewhere, on another day and under another umask, in another
# time zone and language, and compares it with the package given: again.sh FILE.
set -eu
first=$(realpath "$1")
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
copy="$work/at/another place"
mkdir -p "$copy"

# What a commit would have, in files that nobody else may read: a checkout has them so under this umask.
umask 077
git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t "$copy"
ln -s "$PWD/node_modules" "$copy/node_modules"
# Moments that programs wait for are left as they are.
(cd "$copy" && TZ=Pacific/Kiritimati LC_ALL=tr_TR.UTF-8 SOURCE_DATE_EPOCH=1 FAKETIME_DONT_FAKE_MONOTONIC=1 \
	faketime -f +500d npm pack --silent --pack-destination "$work" >/dev/null)

second=$(echo "$work"/hugepool-*.tgz)
cmp "$first" "$second" || {
	for side in first second; do
		mkdir "$work/$side"
		eval "tar -xzf \"\$$side\" -C \"\$work/$side\""
		eval "tar -tvzf \"\$$side\" >\"\$work/$side.list\""
	done
	diff -rq "$work/first" "$work/second" || true
	diff "$work/first.list" "$work/second.list" | head -n 20 || true
	echo "package: two packages of the same sources differ" >&2
	exit 1
}
echo "package: packed again elsewhere on another day it is the same, $(sha256sum <"$first" | cut -c 1-16)"
