#!/bin/sh
# Calls node-gyp with the words given, as npm has it on PATH, and shows what it says only if it fails.
# `configure build` compiles what has changed, its headers and flags included; `rebuild` all of it.
set -eu

# Headers that are installed beside this Node do for those that node-gyp would download.
prefix=$(node -p 'path.dirname(path.dirname(process.execPath))')
version="#define NODE_MODULE_VERSION $(node -p process.versions.modules)"
if [ -z "${npm_config_nodedir:-}" ] && grep -qsx "$version" "$prefix/include/node/node_version.h"; then
	set -- "$@" --nodedir "$prefix"
fi

said=$(node-gyp "$@" -C "$(dirname "$0")" --jobs max 2>&1) || {
	printf '%s\n' "$said" >&2
	echo "hugepool: its addon cannot be compiled; that takes python3, make and g++ with C++20" >&2
	exit 1
}
