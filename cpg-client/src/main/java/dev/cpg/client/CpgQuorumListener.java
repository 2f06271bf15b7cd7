package dev.cpg.client;

import org.jspecify.annotations.Nullable;

/**
 * Is notified of the quorum, by the thread that reads the engine's events, one call at a
 * time, in the order of these events. There is no queue in between, so that nothing
 * delays what depends on quorum: a call must return at once, and must not block. What a
 * listener throws is logged, and the next call is made anyway.
 */
public interface CpgQuorumListener {

	/**
	 * The quorum changed, or is reported for the first time. The first call comes right
	 * after the connection was opened, possibly before {@link CpgConnector#connectQuorum}
	 * has returned. Then there is one for each ring, and for each change of votes on a
	 * ring. A call may repeat what is known. See {@code quorum_notify_fn} in
	 * {@code quorum_initialize(3)}, and {@code quorum_trackstart(3)}.
	 * @param quorum the quorum, which {@link CpgQuorumConnection#quorum()} returns
	 * already
	 */
	void quorumChanged(CpgQuorum quorum);

	/**
	 * The connection ended; no call follows. It is called once for each connection that
	 * was opened.
	 * @param cause why it ended, or {@code null} if the application closed it
	 */
	default void closed(@Nullable CorosyncException cause) {
	}

}
