# Removes the files that the dead daemon of the node directory $1 left in /dev/shm, which all processes of the machine share.
# No other daemon can have made files with these names: they contain the daemon's process id, which is chosen to equal
# the id that the node's keeper has on the machine (see world.sh). Older files with such a name belong to somebody else.
[ -f "$1/keeper" ] || exit 0
read -r pid <"$1/keeper"
find /dev/shm -maxdepth 1 \( -name "qb-$pid-*" -o -name "qb-corosync-$pid-blackbox*" \) \
	-user "$(id -u)" -newer "$1/keeper" -exec rm -rf {} +
