#!/bin/sh
# Packs a copy of these sources, which lies elsewhere and is younger, and compares it with the package
# given: again.sh FILE.
set -eu
first=$(realpath "$1")
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
copy="$work/at/another/place"
mkdir -p "$copy"

# What a commit would have, in files that are as old as this line.
git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t "$copy"
ln -s "$PWD/node_modules" "$copy/node_modules"
(cd "$copy" && npm pack --silent --pack-destination "$work" >/dev/null)

second=$(echo "$work"/hugepool-*.tgz)
cmp "$first" "$second" || {
	for side in first second; do
		mkdir "$work/$side"
		eval "tar -xzf \"\$$side\" -C \"\$work/$side\""
	done
	diff -rq "$work/first" "$work/second" || true
	echo "package: two packages of the same sources differ" >&2
	exit 1
}
echo "package: packed again elsewhere it is the same, $(sha256sum <"$first" | cut -c 1-16)"
