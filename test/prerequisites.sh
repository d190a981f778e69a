#!/bin/sh
# What the tests need beyond npm: the shells and programs that hugepool is tried in. Installs what
# is missing as root; tells the one command otherwise. Nothing is skipped for want of a program.
set -eu

# program:Debian package
needed='bash:bash zsh:zsh fish:fish mandoc:mandoc strace:strace python3:python3 unshare:util-linux'

missing=''
for pair in $needed; do
	command -v "${pair%%:*}" >/dev/null 2>&1 || missing="$missing ${pair##*:}"
done
[ -n "$missing" ] || exit 0

install="apt-get install -y --no-install-recommends$missing"
if [ "$(id -u)" -ne 0 ]; then
	echo "prerequisites: missing packages:$missing" >&2
	echo "type: sudo $install" >&2
	exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086 # a list of words
$install >/dev/null
