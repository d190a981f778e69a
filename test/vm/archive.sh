# Debian's archive, for scripts to read in: a configuration of apt of its own, so that nothing of this
# machine is changed and no root is needed. After open_cache, $writable is empty where the cache cannot be
# written to. $architecture, in Debian's words, is amd64 unless the script set another one, whose lists
# and kernels stand beside those of amd64.
. ./cache.sh
architecture=${architecture:-amd64}
case $architecture in
amd64) suffix='' ;;
*) suffix="-$architecture" ;;
esac
apt="$cache/apt$suffix"

fail() {
	echo "$(basename "$0" .sh): $1" >&2
	exit 1
}

[ "$(uname -m)" = x86_64 ] || fail "only x86-64 kernels are known, this is $(uname -m)"
command -v apt-get >/dev/null || fail 'kernels come as Debian packages: apt-get is missing'

table=$(sed 's/#.*//; /^ *$/d' "kernels$suffix.txt")

# The series of the table whose column has a word: all that are of one kind
series_with() {
	echo "$table" | awk -v column="$1" -v word="$2" '$column == word { print $1 }'
}

# One download at a time: the lists and the archive directory are shared. A cache that cannot be
# written to gives what it has.
writable=''
open_cache() {
	mkdir -p "$apt/lists/partial" "$apt/archives/partial" "$cache/kernels" "$cache/headers" \
		"$cache/modules" 2>/dev/null || :
	if [ -w "$cache/kernels" ] && [ -w "$apt/lists/partial" ]; then
		writable=yes
		exec 9>"$cache/lock"
		flock 9
	fi
}

# The archive that this machine's own apt uses, or the one that is named.
archive() {
	apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(ORIGIN)' 'Created-By: Packages' |
		awk -v security="$1" '$3 == "Debian" && ($2 ~ /-security$/) == security { print $1; exit }'
}

# Sets what a line of sources is made of: $main, $security and $keys.
find_archive() {
	main=${DEBIAN_MIRROR:-$(archive 0)}
	security=${DEBIAN_SECURITY_MIRROR:-$(archive 1)}
	[ -n "$main" ] && [ -n "$security" ] ||
		fail 'apt knows no Debian archive: set DEBIAN_MIRROR and DEBIAN_SECURITY_MIRROR to its URLs'
	keys=''
	for ring in /usr/share/keyrings/debian-archive-keyring.gpg /usr/share/keyrings/debian-archive-keyring.pgp; do
		if [ -e "$ring" ]; then keys="[signed-by=$ring] "; fi
	done
}

write_sources() {
	find_archive
	for suite in $(echo "$table" | awk '{ print $2 }' | sort -u); do
		echo "deb $keys$main $suite main"
		case $suite in *-backports) ;; *) echo "deb $keys$security $suite-security main" ;; esac
	done >"$apt/sources.list"
}

own_apt() {
	program=$1
	shift
	"$program" -o Dir::Etc::SourceList="$apt/sources.list" -o Dir::Etc::SourceParts=/dev/null \
		-o Dir::State="$apt" -o Dir::State::Lists="$apt/lists" -o Dir::State::Status=/dev/null \
		-o Dir::Cache="$apt" -o Dir::Cache::Archives="$apt/archives" \
		-o Dir::Cache::pkgcache=pkgcache.bin -o Dir::Cache::srcpkgcache=srcpkgcache.bin \
		-o Dir::Etc::Preferences=/dev/null \
		-o Dir::Etc::PreferencesParts=/dev/null -o APT::Architecture="$architecture" -o APT::Architectures::="$architecture" \
		-o APT::Sandbox::User="$(id -un)" -o Debug::NoLocking=1 "$@"
}

# Lists of a day ago are new enough; a suite that has left the archive is told when it is wanted.
update() {
	[ -n "$(find "$apt/updated" -mtime -1 2>/dev/null)" ] && return
	write_sources
	if own_apt apt-get update -qq >"$apt/log" 2>&1; then touch "$apt/updated"; fi
}
