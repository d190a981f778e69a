#!/bin/sh
# Runs the tests that have properties with a seed that was not tried before, and with more runs than
# `npm test` takes: properties.sh [RUNS [SEED]], 20 times as many if nothing is said. Those that read
# HUGEPOOL_TEST_RUNS themselves try all of their cases then.
set -eu
cd "$(dirname "$0")/.."

export HUGEPOOL_TEST_RUNS="${1:-20}"
HUGEPOOL_TEST_SEED="${2:-$(od -An -N3 -tu4 /dev/urandom | tr -d ' ')}"
export HUGEPOOL_TEST_SEED

echo "properties: $HUGEPOOL_TEST_RUNS times as many runs with the seed $HUGEPOOL_TEST_SEED" >&2
grep -rlE "from '.*/property\.ts'|HUGEPOOL_TEST_RUNS" test --include=*.ts | grep -v '^test/helpers/' |
	xargs npx tap --timeout=3600
