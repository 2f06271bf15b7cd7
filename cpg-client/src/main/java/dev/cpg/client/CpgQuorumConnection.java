package dev.cpg.client;

import org.jspecify.annotations.Nullable;

/**
 * A connection to the cluster engine's quorum service. It is independent of the
 * connections that join groups. Any thread may call any method.
 */
public interface CpgQuorumConnection extends AutoCloseable {

	/**
	 * Returns the quorum as of the last event that was read, without asking the engine:
	 * {@link CpgQuorum#NONE} after the end of the connection.
	 */
	CpgQuorum quorum();

	/**
	 * Returns whether the connection has not ended.
	 */
	boolean isOpen();

	/**
	 * Returns what has ended the connection.
	 * @return {@code null} while the connection is open, and if the application has
	 * closed it
	 */
	@Nullable CorosyncException failure();

	/**
	 * Ends the connection. Returns when its resources are released; if the listener
	 * calls, it returns at once. Does nothing on a connection that has ended. See
	 * {@code quorum_finalize(3)}.
	 */
	@Override
	void close();

}
