#!/bin/sh
# Lint, types and format, beside each other: each takes one processor. What each says stays together.
set -eu
cd "$(dirname "$0")/../.."

said=$(mktemp -d)
trap 'rm -rf "$said"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

biome ci --config-path=test/style/lint-rules.json . >"$said/lint" 2>&1 &
lint=$!
# The older compiler, which test/mutation needs for its interface, takes three times as long.
node_modules/typescript-7/bin/tsc -p . >"$said/types" 2>&1 &
types=$!
sh test/style/format.sh >"$said/format" 2>&1 &
format=$!

status=0
wait "$lint" || status=1
wait "$types" || status=1
wait "$format" || status=1
cat "$said"/*
exit "$status"
