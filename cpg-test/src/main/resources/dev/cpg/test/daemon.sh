# Becomes the daemon of a node, if this process has the id $1. Prints its id and start time on the machine.
[ $$ -eq "$1" ] || {
	echo "taken $$ instead of $1"
	exit 1
}
read -r stat </proc/self/stat
set -- $stat
echo "daemon $1 ${22}"
exec corosync -f -c /var/lib/corosync/corosync.conf >>/var/lib/corosync/corosync.log 2>&1
