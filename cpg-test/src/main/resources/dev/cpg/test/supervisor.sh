# Runs beside the JVM, in a session of its own, and outlives it. When the JVM ends, for whatever reason, this script's input
# ends, and with it the cluster's world. This script then removes everything that the cluster put on the machine.
# $1: the directory to work in. Input: a line when the JVM has filled the directory, then commands for world.sh.
unset CPG_TEST_SUPERVISOR
# Nothing may end it before it has cleaned up, not even an answer that nobody reads any more.
trap '' HUP INT PIPE TERM
ulimit -c 0
PATH=$PATH:/usr/sbin:/sbin
export PATH

dir=$(mktemp -d "$1/cpg-XXXXXX" 2>&1) || {
	echo "error cannot make a directory for the cluster: $dir"
	exit 1
}
echo "ok $dir"

if read -r go; then
	unshare --user --map-root-user --net --mount --pid --fork --kill-child sh "$dir/world.sh" "$dir" 2>&1
fi

[ ! -f "$dir/shm.sh" ] || for node in "$dir"/[0-9]*; do
	sh "$dir/shm.sh" "$node"
done
rm -rf "$dir"
