#!/bin/sh
# The laboratory of virtual machines; machines.ts says what it is and how it is called.
set -eu
cd "$(dirname "$0")/../.."

if [ "${HUGEPOOL_SKIP_VM:-}" = 1 ]; then
	cat >&2 <<-END
		##########################################################################
		# HUGEPOOL_SKIP_VM=1: NOTHING was tested on several nodes, other kernels, #
		# short or fragmented memory. The laboratory of virtual machines is left  #
		# out: npm run test:vm                                                    #
		##########################################################################
	END
	exit 0
fi

if [ -n "${HUGEPOOL_SKIP_VM:-}" ]; then
	echo "HUGEPOOL_SKIP_VM=$HUGEPOOL_SKIP_VM means nothing: 1 leaves the laboratory out" >&2
	exit 2
fi

if [ "${1:-}" = boot-lines ]; then
	shift
	exec sh test/boot-lines/run.sh "$@"
fi

program=node_modules/.cache/hugepool-laboratory.mjs
# The bundle lies elsewhere than its sources, which read files beside them.
npx esbuild test/vm/main.ts --bundle --platform=node --format=esm --packages=external \
	--define:import.meta.dirname="\"$PWD/test/vm\"" --log-level=warning --outfile="$program"
if [ $# -gt 0 ]; then exec node "$program" "$@"; fi
node "$program"
sh test/boot-lines/run.sh
