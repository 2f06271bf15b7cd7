# Tries what world.sh and node.sh will do, in namespaces like theirs, and prints what fails.
ip link add name cluster type bridge &&
	ip link add name node1 type veth peer name eth0 &&
	mount --bind /run /run || exit 1
[ -d /var/lib/corosync ] || {
	echo "the directory /var/lib/corosync is missing"
	exit 1
}
[ -w /dev/shm ] || {
	echo "/dev/shm cannot be written to"
	exit 1
}
(echo 999 >/proc/sys/kernel/ns_last_pid) || {
	echo "the kernel does not let process ids be chosen"
	exit 1
}
