#!/bin/sh
# Changes the sources in small ways and looks whether their tests notice; main.ts says how.
set -eu
cd "$(dirname "$0")/../.."

program=node_modules/.cache/hugepool-mutation.mjs
npx esbuild test/mutation/main.ts --bundle --platform=node --format=esm --packages=external \
	--log-level=warning --outfile="$program"
exec node "$program" "$@"
