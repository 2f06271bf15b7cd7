package dev.cpg.client.corosync;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.cpg.client.internal.ipc.setup.SetUpQueue;
import org.jspecify.annotations.Nullable;

/**
 * What all connectors to one daemon share, whoever made them: the daemon is shared by
 * everything on its node, and cannot know that many connections are one service's.
 */
final class DaemonAccess {

	/** By the directory of the sockets, of which a process knows few. */
	private static final Map<Optional<Path>, DaemonAccess> DAEMONS = new ConcurrentHashMap<>();

	private final SetUpQueue setUps = new SetUpQueue();

	private final Map<Readers, SharedNames> names = new ConcurrentHashMap<>();

	static DaemonAccess of(@Nullable Path socketDirectory) {
		return DAEMONS.computeIfAbsent(Optional.ofNullable(socketDirectory).map(Path::toAbsolutePath),
				(directory) -> new DaemonAccess());
	}

	/** Returns the line in which connections are set up. */
	SetUpQueue setUps() {
		return this.setUps;
	}

	/**
	 * Returns the names that the daemon knows, shared by those who wait for it as long
	 * and trust the same users: nobody waits longer for the names than for anything else,
	 * or gets them from somebody it does not trust.
	 */
	SharedNames names(Duration requestTimeout, Set<Long> trustedUids) {
		return this.names.computeIfAbsent(new Readers(requestTimeout, trustedUids), (readers) -> new SharedNames());
	}

	private record Readers(Duration requestTimeout, Set<Long> trustedUids) {
	}

}
