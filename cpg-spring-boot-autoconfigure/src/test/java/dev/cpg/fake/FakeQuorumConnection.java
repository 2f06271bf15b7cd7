package dev.cpg.fake;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgQuorum;
import dev.cpg.client.CpgQuorumConnection;
import dev.cpg.client.CpgQuorumListener;
import dev.cpg.client.CsError;
import dev.cpg.client.RingId;
import org.jspecify.annotations.Nullable;

/**
 * A connection to no quorum service: it reports what a test says.
 */
public final class FakeQuorumConnection implements CpgQuorumConnection {

	private final CpgQuorumListener listener;

	private final AtomicBoolean open = new AtomicBoolean(true);

	private volatile CpgQuorum quorum = CpgQuorum.NONE;

	private volatile @Nullable CorosyncException failure;

	FakeQuorumConnection(CpgQuorumListener listener) {
		this.listener = listener;
	}

	/**
	 * Reports the quorum of a ring.
	 */
	public void report(RingId ring, boolean quorate, Long... nodes) {
		report(new CpgQuorum(true, quorate, ring, List.of(nodes)));
	}

	/**
	 * Reports a quorum.
	 */
	public void report(CpgQuorum quorum) {
		this.quorum = quorum;
		this.listener.quorumChanged(quorum);
	}

	/**
	 * Ends the connection as the daemon does.
	 */
	public void lose() {
		end(new CorosyncException(CsError.LIBRARY, "The quorum service has gone"));
	}

	@Override
	public CpgQuorum quorum() {
		return this.quorum;
	}

	@Override
	public boolean isOpen() {
		return this.open.get();
	}

	@Override
	public @Nullable CorosyncException failure() {
		return this.failure;
	}

	@Override
	public void close() {
		end(null);
	}

	private void end(@Nullable CorosyncException cause) {
		if (this.open.getAndSet(false)) {
			this.failure = cause;
			this.listener.closed(cause);
		}
	}

}
