package dev.cpg.boot.autoconfigure;

import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/**
 * Says where this node's Corosync daemon is. A bean of this type replaces the property
 * {@code cpg.corosync.socket-directory}, for example with the directory of a test's
 * cluster.
 */
public interface CpgConnectionDetails extends ConnectionDetails {

	/**
	 * Returns the directory of the daemon's file sockets. It is called once, when the
	 * connector is created.
	 * @return the directory, or {@code null} to look where libqb's programs would: at
	 * abstract sockets, or at file sockets where libqb's {@code force-filesystem-sockets}
	 * file asks for them
	 */
	default @Nullable Path getSocketDirectory() {
		return null;
	}

}
