# Where downloads and the base image are kept, for scripts to read in. The XDG specification wants a
# relative path ignored.
case ${XDG_CACHE_HOME:-} in
/*) cache=$XDG_CACHE_HOME/hugepool ;;
*) cache=$HOME/.cache/hugepool ;;
esac
