package dev.cpg.client;

import java.util.concurrent.CompletableFuture;

/**
 * Opens connections to a cluster engine. The settings of a connection are those of its
 * connector; a connector may be used any number of times, from any thread.
 */
public interface CpgConnector {

	/**
	 * Opens a connection. It has not joined a group yet.
	 * @param listener is notified of the group's events
	 * @return the connection, to be closed by the caller
	 * @throws CorosyncConnectException if it could not be opened, with the reason
	 */
	CpgConnection connect(CpgListener listener);

	/**
	 * Opens a connection as {@link #connect(CpgListener)} does, whose events an
	 * interceptor sees before they wait for the listener.
	 * @param listener is notified of the group's events
	 * @param interceptor sees them when they arrive, and may consume messages
	 * @return the connection, to be closed by the caller
	 * @throws CorosyncConnectException if it could not be opened, with the reason
	 * @throws CorosyncException with {@link CsError#NOT_SUPPORTED} if the engine has no
	 * interceptors
	 */
	default CpgConnection connect(CpgListener listener, CpgInterceptor interceptor) {
		throw new CorosyncException(CsError.NOT_SUPPORTED,
				"This cluster engine has no interceptors: " + getClass().getName() + " does not implement them");
	}

	/**
	 * Asks the engine for the names of the cluster and its nodes. The call does not
	 * block.
	 * @return the names, {@link CpgNames#NONE} if the engine has none; the future fails
	 * with a {@link CorosyncException} if the engine cannot be asked. What depends on it
	 * runs on a thread that other connections may need, so it must not block
	 */
	default CompletableFuture<CpgNames> names() {
		return CompletableFuture.completedFuture(CpgNames.NONE);
	}

	/**
	 * Asks the engine for those settings of the cluster that say what a program may rely
	 * on. The call does not block.
	 * @return the settings, {@link CpgClusterSettings#UNKNOWN} if the engine does not
	 * say; the future fails with a {@link CorosyncException} if the engine cannot be
	 * asked. What depends on it runs on a thread that other connections may need, so it
	 * must not block
	 */
	default CompletableFuture<CpgClusterSettings> clusterSettings() {
		return CompletableFuture.completedFuture(CpgClusterSettings.UNKNOWN);
	}

	/**
	 * Opens a connection to the engine's quorum service. When this returns, the
	 * connection has the present quorum, and the listener has been notified of it or is
	 * about to be. See {@code quorum_model_initialize(3)} and
	 * {@code quorum_trackstart(3)}.
	 * @param listener is notified of the quorum
	 * @return the connection, to be closed by the caller
	 * @throws CorosyncException if it could not be opened, with the reason; with
	 * {@link CsError#NOT_SUPPORTED} if the engine has no quorum service. A cluster
	 * without a quorum provider is no error, see {@link CpgQuorum#provided()}
	 */
	default CpgQuorumConnection connectQuorum(CpgQuorumListener listener) {
		throw new CorosyncException(CsError.NOT_SUPPORTED,
				"This cluster engine has no quorum service: " + getClass().getName() + " does not implement it");
	}

}
