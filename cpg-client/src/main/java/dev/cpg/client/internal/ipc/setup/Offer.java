package dev.cpg.client.internal.ipc.setup;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.List;

import dev.cpg.client.internal.ipc.daemon.DaemonDirectory;
import dev.cpg.client.internal.ipc.daemon.DaemonFile;
import dev.cpg.client.internal.ipc.daemon.SharedMemoryFiles;
import dev.cpg.client.internal.ipc.daemon.TrustedUsers;
import dev.cpg.client.internal.ipc.daemon.TrustedUsers.Peer;
import org.newsclub.net.unix.AFUNIXSocket;

/**
 * What a daemon offers that accepted a connection.
 *
 * @param socket the set-up socket, whose end is the end of the connection
 * @param peer the process that listens
 * @param response its response
 * @param trustedUsers says whose files may be used
 */
record Offer(AFUNIXSocket socket, Peer peer, SetupResponse response, TrustedUsers trustedUsers) {

	static final Path SHARED_MEMORY = Path.of("/dev/shm");

	private static final int END_MILLIS = 50;

	/** Returns the directory that holds the shared memory. */
	DaemonDirectory memory() {
		return directory(SHARED_MEMORY);
	}

	DaemonDirectory directory(Path path) {
		return new DaemonDirectory(path, (uid) -> this.trustedUsers.mayOwnFiles(uid, this.peer));
	}

	SharedMemoryFiles files(List<DaemonFile> files) {
		return new SharedMemoryFiles(files, this.peer.pid());
	}

	/** Returns whether the daemon has ended the connection, as it does when it stops. */
	boolean isWithdrawn() throws IOException {
		this.socket.setSoTimeout(END_MILLIS);
		try {
			return this.socket.getInputStream().read() < 0;
		}
		catch (SocketTimeoutException ex) {
			return false;
		}
	}

}
