#!/bin/sh
# Calls node-gyp with the words given, as npm has it on PATH, and shows what it says only if it fails.
# `configure build` compiles what has changed, its headers and flags included; `rebuild` all of it.
set -eu
said=$(node-gyp "$@" -C "$(dirname "$0")" --jobs max 2>&1) || {
	printf '%s\n' "$said" >&2
	exit 1
}
