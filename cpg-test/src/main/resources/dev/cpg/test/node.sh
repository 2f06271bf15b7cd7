# The keeper of one node, in network, mount and process namespaces of its own. It hides the machine's directories behind
# those of the node. Then it waits, as process 1 must, for the daemon and for every process that has no other parent.
# The node's directory $1 is mounted first, so that later mounts cannot hide it.
read -r keeper rest </proc/self/stat
state=/var/lib/corosync
mkdir "$1/run" "$1/etc" "$1/machine-etc" &&
	mount --bind "$1" $state &&
	mount --rbind /etc $state/machine-etc || exit 1
# libqb uses socket files, which are reachable from outside, if this file exists. Only root can make it in /etc, so
# the node's /etc is a directory of links to the machine's.
ln -s $state/machine-etc/* $state/etc/ &&
	rm -f $state/etc/libqb &&
	mkdir $state/etc/libqb &&
	: >$state/etc/libqb/force-filesystem-sockets &&
	mount --bind $state/etc /etc || exit 1
# The directory of the sockets was chosen when libqb was compiled: /tmp or /run.
mount --bind $state/run /run && mount --bind $state/run /tmp || exit 1
[ -L /var/run ] || mount --bind $state/run /var/run || exit 1
echo "keeper $keeper"
exec >/dev/null 2>&1
sleep infinity &
wait $!
