package dev.cpg.boot.autoconfigure;

import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/**
 * Says where this node's Corosync daemon is. A bean of this type takes the place of the
 * property {@code cpg.corosync.socket-directory}, for whoever learns it from elsewhere:
 * from a test's cluster, or from what started the daemon.
 */
public interface CpgConnectionDetails extends ConnectionDetails {

	/**
	 * Returns the directory of the daemon's file sockets. It is asked once, when the
	 * connector is made.
	 * @return the directory, or {@code null} to look where libqb's programs would: at
	 * abstract sockets, or at file sockets where libqb's {@code force-filesystem-sockets}
	 * file asks for them
	 */
	default @Nullable Path getSocketDirectory() {
		return null;
	}

}
