package dev.cpg.client.corosync;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * What all connectors to one daemon share, whoever made them: the daemon is shared by
 * everything on its node, and cannot know that many connections are one service's.
 *
 * @param setUps the line in which connections are set up
 * @param names the names that the daemon knows
 */
record DaemonAccess(SetUps setUps, SharedNames names) {

	/** By the directory of the sockets, of which a process knows few. */
	private static final Map<Optional<Path>, DaemonAccess> DAEMONS = new ConcurrentHashMap<>();

	static DaemonAccess of(@Nullable Path socketDirectory) {
		return DAEMONS.computeIfAbsent(Optional.ofNullable(socketDirectory).map(Path::toAbsolutePath),
				(directory) -> new DaemonAccess(new SetUps(), new SharedNames()));
	}

}
