# Becomes the daemon of a node, provided that it was given the process id $1. Says its id and start time on the machine.
[ $$ -eq "$1" ] || {
	echo "taken $$ instead of $1"
	exit 1
}
read -r stat </proc/self/stat
set -- $stat
echo "daemon $1 ${22}"
exec corosync -f -c /var/lib/corosync/corosync.conf >>/var/lib/corosync/corosync.log 2>&1
