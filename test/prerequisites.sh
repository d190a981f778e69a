#!/bin/sh
# What the tests need beyond npm: the shells and programs that hugepool is tried in, and the emulator
# and kernels of the laboratory (test/vm/machines.ts). Installs what is missing as root, tells the
# one command otherwise. Words say what is installed instead: --clients the programs of test/clients, --boot
# those of test/boot, --loaders of test/loaders, --package of test/package, --dist of test/dist, --deb, --rpm and,
# for other processors, --emulated of test/packages, --fuzz-native of test/fuzz/native, --arch NAME those for guests of
# another processor (test/vm/architectures.txt).
# With --kernels it downloads those of `npm test` into a cache and builds the modules for
# them, for which no root is needed: what is missing is told before anything runs. Nothing is
# skipped for want of a program.
set -eu

case ${HUGEPOOL_SKIP_VM:-} in
'' | 1) ;;
*)
	echo "HUGEPOOL_SKIP_VM=$HUGEPOOL_SKIP_VM means nothing: 1 leaves the laboratory out" >&2
	exit 2
	;;
esac

# program:Debian package
needed='bash:bash /usr/share/bash-completion/bash_completion:bash-completion zsh:zsh fish:fish mandoc:mandoc man:man-db jq:jq strace:strace python3:python3 tmux:tmux unshare:util-linux flock:util-linux findmnt:util-linux systemd-escape:systemd systemd-analyze:systemd systemctl:systemd clang-format:clang-format cpio:cpio'
if [ "${HUGEPOOL_SKIP_VM:-}" != 1 ]; then
	needed="$needed qemu-system-x86_64:qemu-system-x86 qemu-system-aarch64:qemu-system-arm busybox:busybox-static"
	# The modules for the laboratory's kernels: the compiler of those, and what their objtool is linked with
	needed="$needed make:make gcc-12:gcc-12 /usr/lib/x86_64-linux-gnu/libelf.so.1:libelf1"
fi
# The directory of a server has its version, which the shell finds.
if [ "${1:-}" = --clients ]; then
	needed='dpdk-testpmd:dpdk-dev hugeadm:libhugetlbfs-bin dpdk-hugepages.py:dpdk qemu-system-x86_64:qemu-system-x86 /usr/lib/postgresql/*/bin/postgres:postgresql setpriv:util-linux prometheus:prometheus prometheus-node-exporter:prometheus-node-exporter systemd-socket-activate:systemd'
elif [ "${1:-}" = --boot ]; then
	needed='qemu-system-x86_64:qemu-system-x86 busybox:busybox-static cpio:cpio mmdebstrap:mmdebstrap newuidmap:uidmap /usr/sbin/debugfs:e2fsprogs'
elif [ "${1:-}" = --loaders ]; then
	needed='apt-get:apt dpkg-deb:dpkg unshare:util-linux kernel-install:systemd perl:perl'
elif [ "${1:-}" = --package ]; then
	needed='x86_64-linux-gnu-g++:g++ aarch64-linux-gnu-g++:g++-aarch64-linux-gnu musl-gcc:musl-tools qemu-aarch64:qemu-user make:make python3:python3 readelf:binutils git:git man:man-db faketime:faketime'
elif [ "${1:-}" = --deb ]; then
	needed='dpkg-deb:dpkg dpkg-shlibdeps:dpkg-dev readelf:binutils lintian:lintian mmdebstrap:mmdebstrap faketime:faketime mandoc:mandoc unshare:util-linux strace:strace'
elif [ "${1:-}" = --emulated ]; then
	needed='aarch64-linux-gnu-g++:g++-aarch64-linux-gnu qemu-aarch64:qemu-user qemu-aarch64-static:qemu-user-static'
elif [ "${1:-}" = --rpm ]; then
	needed='rpmbuild:rpm rpmlint:rpmlint readelf:binutils mmdebstrap:mmdebstrap faketime:faketime mandoc:mandoc shellcheck:shellcheck unshare:util-linux strace:strace'
elif [ "${1:-}" = --dist ]; then
	needed='x86_64-linux-gnu-g++:g++ aarch64-linux-gnu-g++:g++-aarch64-linux-gnu git:git faketime:faketime mandoc:mandoc strace:strace unshare:util-linux setpriv:util-linux qemu-x86_64:qemu-user qemu-aarch64:qemu-user'
elif [ "${1:-}" = --fuzz-native ]; then
	needed='clang++:clang objcopy:binutils /usr/lib/llvm-14/lib/clang/*/lib/linux/libclang_rt.fuzzer-*.a:libclang-rt-14-dev'
elif [ "${1:-}" = --arch ]; then
	needed=$(awk -v name="${2:-}" '$1 == name { print $2 "-g++:g++-" $2, $5, "busybox:busybox-static cpio:cpio readelf:binutils" }' test/vm/architectures.txt)
	[ -n "$needed" ] || {
		echo "prerequisites: no architecture ${2:-} in test/vm/architectures.txt" >&2
		exit 2
	}
fi

missing=''
for pair in $needed; do
	# shellcheck disable=SC2086 # it may be a pattern
	command -v ${pair%%:*} >/dev/null 2>&1 || missing="$missing ${pair##*:}"
done
if [ -n "$missing" ]; then
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
fi

if [ "${1:-}" = --kernels ] && [ "${HUGEPOOL_SKIP_VM:-}" != 1 ]; then
	sh test/vm/kernels.sh >/dev/null
	sh test/vm/kernels.sh --arch arm64 >/dev/null
	sh test/vm/busybox.sh arm64 >/dev/null
	directory=$(mktemp -d)
	trap 'rm -rf "$directory"' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM
	sh test/vm/modules.sh "$directory"
fi
