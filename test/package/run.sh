#!/bin/sh
# Packs hugepool twice, from two places, compares both, and tries what is in the package.
set -eu
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

npm pack --silent --pack-destination "$work" >/dev/null
HUGEPOOL_TEST_PACKAGE=$(echo "$work"/hugepool-*.tgz)
export HUGEPOOL_TEST_PACKAGE

sh test/package/again.sh "$HUGEPOOL_TEST_PACKAGE" &
again=$!
# npm waits for the registry, and compilers for nothing.
node --import=./test/load/typescript.js test/package/compiled.ts >"$work/compiled" 2>&1 &
compiled=$!
status=0
for name in prebuilt installed; do
	node --import=./test/load/typescript.js "test/package/$name.ts" || status=1
done
wait "$compiled" || status=1
cat "$work/compiled"
wait "$again" || status=1
exit "$status"
