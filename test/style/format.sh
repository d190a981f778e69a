#!/bin/sh
# C++ and C are laid out as native/.clang-format says, and what runs in the kernel as the kernel is.
set -eu
cd "$(dirname "$0")/../.."
find native test \( -name build -o -path test/vm/modules \) -prune -o \( -name '*.cc' -o -name '*.h' -o -name '*.c' \) -print |
	xargs clang-format --dry-run --Werror --style=file:native/.clang-format
clang-format --dry-run --Werror --style=file:test/vm/modules/.clang-format test/vm/modules/*.[ch]
