#!/bin/sh
# C++ and C are laid out as native/.clang-format says.
set -eu
cd "$(dirname "$0")/../.."
find native test -name build -prune -o \( -name '*.cc' -o -name '*.h' -o -name '*.c' \) -print |
	xargs clang-format --dry-run --Werror --style=file:native/.clang-format
