#!/bin/sh
# Boots Debian's kernel 6.12, which test/vm/kernels.sh keeps in the laboratory's cache, with an initramfs
# that has only the program that is one file, the libraries that Node needs, and busybox to mount /proc and
# /sys: guest.sh. There is no /usr, no /tmp, no /dev/shm and no Node. Fails unless each command ends
# as it has to, for root and for nobody.
set -eu
cd "$(dirname "$0")/../.."

. test/vm/cache.sh
program="$PWD/release/hugepool-$(node -p "require('./package.json').version")-linux-x64"
kernel=$(find "$cache/kernels" -path '*linux-image-6.12*-cloud-amd64/vmlinuz' | sort | tail -n 1)
[ -x "$program" ] && [ -n "$kernel" ] || {
	echo "guest: it takes npm run dist and a kernel 6.12 (npm run test:vm)" >&2
	exit 1
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root="$work/root"
mkdir -p "$root/proc" "$root/sys" "$root/dev" "$root/bin"
cp "$program" "$root/hugepool"
cp /bin/busybox "$root/bin/busybox"
ldd "$program" | sed -n 's/.*[ \t]\(\/[^ ]*\) (0x.*/\1/p' | while read -r library; do
	# Without /usr, as most initramfs have them.
	mkdir -p "$root/lib64" && cp -L "$library" "$root/lib64/"
done

cat >"$root/init" <<'END'
#!/bin/busybox sh
b=/bin/busybox
$b mount -t proc proc /proc
$b mount -t sysfs sys /sys
export LD_LIBRARY_PATH=/lib64
try() {
	expected=$1
	shift
	$as /hugepool $between "$@" >/said 2>&1
	status=$?
	$b head -n 4 /said
	[ $status -eq $expected ] && echo "holds: $*" || echo "fails: $* ended with $status"
}
as='' between=''
try 0 list
try 0 resize 2M=4
try 0 test 2M=2
try 2 resize 2M=x
try 0 man resize
try 0 completion bash
try 0 mounts
# As nobody, for whom busybox wants an entry.
$b mkdir /etc
echo 'nobody:x:65534:65534::/:' >/etc/passwd
as="$b start-stop-daemon -S -c 65534:65534 -x" between=--
try 0 list
try 0 test 2M=2
try 3 resize 2M=6
try 2 resize 2M=x
try 0 man resize
try 0 completion bash
try 0 mounts
$b grep -q hugepool /proc/mounts && echo "fails: something is mounted"
echo "guest: done"
$b poweroff -f
END
chmod 755 "$root/init"
(cd "$root" && find . | cpio --quiet -o -H newc) >"$work/initramfs"

# The unpacked program is in memory as well.
timeout 240 qemu-system-x86_64 -accel tcg,thread=single -cpu max -m 2G -smp 2 -nographic \
	-no-reboot -nodefaults -serial stdio -kernel "$kernel" -initrd "$work/initramfs" \
	-append 'console=ttyS0 quiet panic=-1' | tr -d '\r' >"$work/console" || true
grep -v '^\[' "$work/console"
grep -q '^guest: done' "$work/console" && ! grep -q '^fails' "$work/console"
