#!/bin/sh
# Puts live tests and what they import into one file: bundle-tests.sh FILE [TEST...], all by default. In
# $architecture is the processor that they are for, where it is not this machine's.
set -eu
cd "$(dirname "$0")/../.."
output=$1
shift
# Those of large pages come first, as long as memory is whole. On arm64 others come before: once pages were
# demoted there, a process that is forked does not always have the private pages of its parent (Linux 6.12, 64K).
first='demote demote-nodes versions'
if [ "${architecture:-}" = arm64 ]; then first="who-mixes $first"; fi
# shellcheck disable=SC2086 # a list of names
[ $# -gt 0 ] || set -- $first $(cd test/live && ls ./*.ts | sed 's#^\./##; s#\.ts$##' |
	grep -vxF "$(printf '%s\n' $first)")

# tap's comparison loads this for React elements, of which there are none.
directory="$(dirname "$output")/node_modules/react-element-to-jsx-string"
mkdir -p "$directory"
echo 'module.exports = {}' >"$directory/index.js"

for name in "$@"; do echo "import './test/live/$name.ts'"; done |
	npx esbuild --bundle --platform=node --format=esm --target=node20.19 --log-level=warning \
		--alias:async-hook-domain=./test/vm/domain.ts --sourcefile=live.ts --loader=ts --outfile="$output" \
		--banner:js='import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);'
