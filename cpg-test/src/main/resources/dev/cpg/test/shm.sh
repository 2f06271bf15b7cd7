# Removes what the dead daemon of the node directory $1 left in /dev/shm, which every process of the machine shares.
# No other daemon can have made files with these names: the number in them is the daemon's process id, which is chosen to
# equal the id that the node's keeper has on the machine (see world.sh). Older files of that name are somebody else's.
[ -f "$1/keeper" ] || exit 0
read -r pid <"$1/keeper"
find /dev/shm -maxdepth 1 \( -name "qb-$pid-*" -o -name "qb-corosync-$pid-blackbox*" \) \
	-user "$(id -u)" -newer "$1/keeper" -exec rm -rf {} +
