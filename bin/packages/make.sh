#!/bin/sh
# Makes the programs that are one file, and then a package of each: make.sh deb|rpm [ARCH...], in the words of
# Node. A package of another processor has the program of that one.
set -eu
cd "$(dirname "$0")/../.."
family=$1
shift

npm run --silent dist -- "$@"
exec node "bin/packages/$family/make.mjs" "$@"
