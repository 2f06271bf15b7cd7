# Process 1 of the cluster's own user, network, mount and process namespaces: when it ends, for whatever reason, the
# kernel kills every process in them, and with the last of these go mounts, bridge and namespaces.
# $1: the cluster's directory. Input: one command a line, each answered by one line, "ok..." or "error...".
# /proc stays the machine's, so the process ids in it are those of the machine; $! is an id of this world.
dir=$1

try() {
	said=$("$@" 2>&1) || {
		said="$1 failed: $(echo "$said" | tr '\n' ' ')"
		return 1
	}
}

# The pipe into which the next process of the node writes one line. Each process has a new one: a process that is just ending
# may hold the old one open, and its end would be taken for the end of the new process.
pipe() {
	rm -f "$node/said" && mkfifo "$node/said"
}

# Makes a node, with a network of MTU $argument. A node is a keeper: process 1 of the node's process namespace, which only
# holds the node's namespaces and its process id on the machine.
create() {
	pipe || return 1
	unshare --net --mount --pid --fork sh "$dir/node.sh" "$node" >"$node/said" 2>&1 </dev/null &
	inner=$!
	read -r said <"$node/said"
	case $said in
	keeper\ *) keeper=${said#keeper } ;;
	*) return 1 ;;
	esac
	echo "$keeper" >"$node/keeper"
	try ip link add "node$number" mtu "$argument" type veth peer name eth0 mtu "$argument" netns "$inner" &&
		try ip link set "node$number" master cluster up &&
		try nsenter --target "$keeper" --net ip link set lo up &&
		try nsenter --target "$keeper" --net ip address add "10.77.0.$number/24" dev eth0 &&
		try nsenter --target "$keeper" --net ip link set eth0 up
}

# A daemon's files in /dev/shm carry its process id as the daemon itself sees it. Several nodes, and several worlds, would
# give the same ids to their daemons. So each daemon gets the id that its keeper has on the machine, where ids are unique.
# That works because nothing else in its process namespace starts processes meanwhile.
start() {
	read -r keeper <"$node/keeper"
	sh "$dir/shm.sh" "$node"
	rm -rf "$node"/run/*
	attempts=0
	while [ $attempts -lt 20 ]; do
		attempts=$((attempts + 1))
		pipe || return 1
		nsenter --target "$keeper" --net --mount --pid sh -c '
			echo $(($1 - 1)) >/proc/sys/kernel/ns_last_pid
			sh /var/lib/corosync/daemon.sh "$1" &' sh "$keeper" >"$node/said" 2>&1 </dev/null &
		read -r said <"$node/said"
		wait $!
		case $said in
		daemon\ *)
			said=${said#daemon }
			return 0
			;;
		# An earlier daemon, or one of its threads, may still be ending.
		taken\ *) sleep 0.1 ;;
		*) return 1 ;;
		esac
	done
	said="process id $keeper is taken in the node's world: $said"
	return 1
}

signal() {
	read -r keeper <"$node/keeper"
	try nsenter --target "$keeper" --pid sh -c 'kill -s "$1" "$2"' sh "$argument" "$keeper"
}

link() {
	try ip link set "node$number" "$argument"
}

# What the node sends to the nodes $argument goes astray: their addresses lead to no machine.
part() {
	neighbours replace "lladdr 02:00:00:00:00:00 nud permanent dev eth0"
}

# What the node sends to the nodes $argument reaches them again.
unite() {
	neighbours del "dev eth0"
}

neighbours() {
	read -r keeper <"$node/keeper"
	for other in $argument; do
		echo "neigh $1 10.77.0.$other $2"
	done >"$node/neighbours"
	try nsenter --target "$keeper" --net ip -batch "$node/neighbours"
}

if try ip link add name cluster type bridge && try ip link set cluster up; then
	echo "ok"
else
	echo "error $said"
	exit 1
fi

while read -r verb number argument; do
	node=$dir/$number
	said=
	case $verb in
	create | start | signal | link | part | unite) if "$verb"; then echo "ok $said"; else echo "error $said"; fi ;;
	*) echo "error no such command: $verb" ;;
	esac
done
