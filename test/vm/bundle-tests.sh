#!/bin/sh
# Puts live tests and what they import into one file: bundle-tests.sh FILE [TEST...], all by default
set -eu
cd "$(dirname "$0")/../.."
output=$1
shift
# Those of large pages come first, as long as memory is whole.
[ $# -gt 0 ] || set -- demote demote-nodes versions $(cd test/live && ls ./*.ts | sed 's#^\./##; s#\.ts$##' |
	grep -vxE 'demote|demote-nodes|versions')

# tap's comparison loads this for React elements, of which there are none.
directory="$(dirname "$output")/node_modules/react-element-to-jsx-string"
mkdir -p "$directory"
echo 'module.exports = {}' >"$directory/index.js"

for name in "$@"; do echo "import './test/live/$name.ts'"; done |
	npx esbuild --bundle --platform=node --format=esm --target=node20.19 --log-level=warning \
		--alias:async-hook-domain=./test/vm/domain.ts --sourcefile=live.ts --loader=ts --outfile="$output" \
		--banner:js='import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);'
