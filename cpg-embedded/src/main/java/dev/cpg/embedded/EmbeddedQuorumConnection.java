package dev.cpg.embedded;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgQuorum;
import dev.cpg.client.CpgQuorumConnection;
import dev.cpg.client.CpgQuorumListener;
import org.jspecify.annotations.Nullable;

/**
 * A connection to the quorum service of a node. Its listener is called like others of the
 * cluster, on a thread that the connection does not have to itself.
 */
final class EmbeddedQuorumConnection implements CpgQuorumConnection {

	private final Engine engine;

	private final CpgQuorumListener listener;

	private final Daemon daemon;

	private final SerialTasks calls;

	/** As of the last event that the listener was, or is, notified of. */
	private volatile CpgQuorum quorum = CpgQuorum.NONE;

	private volatile @Nullable CorosyncException failure;

	private volatile boolean open;

	EmbeddedQuorumConnection(Engine engine, Daemon daemon, CpgQuorumListener listener, String threadName) {
		this.engine = engine;
		this.daemon = daemon;
		this.listener = listener;
		this.calls = new SerialTasks(engine, false, threadName);
	}

	/** The daemon has admitted it. For the engine's thread. */
	void admitted(CpgQuorum present) {
		this.open = true;
		this.quorum = present;
		report(present);
	}

	/** Returns whether it was. */
	boolean isAdmitted() {
		return !this.quorum.equals(CpgQuorum.NONE);
	}

	/** The daemon reports a quorum. For the engine's thread. */
	void report(CpgQuorum reported) {
		this.calls.add(() -> {
			this.quorum = reported;
			this.listener.quorumChanged(reported);
		});
	}

	/**
	 * It ends. For the engine's thread.
	 * @param cause why, {@code null} if the application closes it
	 */
	void end(@Nullable CorosyncException cause) {
		if (this.open) {
			this.failure = cause;
			this.open = false;
			this.daemon.quorum().close(this);
			this.calls.add(() -> this.listener.closed(cause));
			this.engine.signal();
		}
	}

	@Override
	public CpgQuorum quorum() {
		CpgQuorum present = this.quorum;
		return this.open ? present : CpgQuorum.NONE;
	}

	@Override
	public boolean isOpen() {
		return this.open;
	}

	@Override
	public @Nullable CorosyncException failure() {
		return this.failure;
	}

	@Override
	public void close() {
		this.engine.execute(() -> end(null));
		if (!this.calls.isRunByCaller()) {
			this.engine.await(() -> !this.open, Timers.NEVER);
		}
	}

	@Override
	public String toString() {
		return "embedded quorum connection " + quorum();
	}

}
