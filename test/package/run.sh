#!/bin/sh
# Packs hugepool twice, from two places, compares both, and tries what is in the package: also by the process
# tests, where npm has laid it without compiler and without scripts.
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

prefix="$work/prefix"
npm install --silent --global --ignore-scripts --prefix "$prefix" "$HUGEPOOL_TEST_PACKAGE" >/dev/null
# Tests copy the program; npm's name for it is a link, which finds the rest by where it leads.
printf '#!/bin/sh\nexec "%s" "%s" "$@"\n' "$(command -v node)" "$prefix/bin/hugepool" >"$work/hugepool"
chmod 755 "$work" "$work/hugepool"
HUGEPOOL_TEST_PROGRAM="$work/hugepool" sh test/dist/run.sh --any || status=1
exit "$status"
