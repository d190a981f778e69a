#!/bin/sh
# Runs the unit tests once more as a user without rights, in a copy of the checkout that belongs to him: what root
# never comes to, such as a question that is only asked of others, fails there. nobody.sh [FLOOR...], all without one.
set -eu
cd "$(dirname "$0")/.."

[ "$(id -u)" -eq 0 ] || {
	echo 'nobody: only root can become another user; npm run test:unit is what you need' >&2
	exit 1
}
[ $# -gt 0 ] || set -- $(ls test/by-floor | sed 's/\.ts$//')

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 711 "$work"
mkdir "$work/checkout"
mkdir -m 1777 "$work/tmp"
tar -c --exclude=./release --owner=nobody:65534 --group=nogroup:65534 . | tar -x -C "$work/checkout"
cd "$work/checkout"

failed=0
# Says all of a floor that fails, and of others how many assertions there were.
for floor in "$@"; do
	said="$work/$floor.tap"
	status=0
	setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all \
		env HOME="$work/tmp" TMPDIR="$work/tmp" TAP_TIMEOUT=900 \
		node --import=./test/load/typescript.js "test/by-floor/$floor.ts" >"$said" 2>&1 || status=$?
	if [ "$status" -eq 0 ]; then
		echo "nobody: $floor $(grep -a '^# {' "$said")"
	else
		cat "$said"
		echo "nobody: fails: $floor"
		failed=1
	fi
done
exit "$failed"
