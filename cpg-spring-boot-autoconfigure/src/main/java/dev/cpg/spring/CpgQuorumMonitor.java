package dev.cpg.spring;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgQuorum;
import dev.cpg.client.CpgQuorumConnection;
import dev.cpg.client.CpgQuorumListener;
import dev.cpg.client.CsError;
import dev.cpg.client.internal.concurrent.HelperThreads;
import org.jspecify.annotations.Nullable;

import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.BackOffExecution;
import org.springframework.util.backoff.ExponentialBackOff;

/**
 * Keeps one connection to an engine's quorum service for all memberships that run on the
 * engine. It is open while one of them has a connection of its own, and is opened again
 * when it was lost. Nothing waits for it: while there is none, the quorum is not known.
 */
public final class CpgQuorumMonitor {

	private final List<QuorumWatch> watches = new CopyOnWriteArrayList<>();

	private final QuorumLog log = new QuorumLog();

	private final BackOff backOff = backOff();

	private BackOffExecution pauses = this.backOff.start();

	private TimeLimit pause = TimeLimit.inMillis(0);

	/** The connection that is open or being opened, if there is one. */
	private @Nullable Link link;

	/** Whether the engine has no such service. */
	private boolean unsupported;

	private volatile CpgQuorum quorum = CpgQuorum.NONE;

	/** An older daemon may refuse it for ever. */
	private static BackOff backOff() {
		ExponentialBackOff backOff = new ExponentialBackOff(100, 2);
		backOff.setMaxInterval(30_000);
		return backOff;
	}

	/**
	 * Returns the quorum as reported last, of whatever ring; {@link CpgQuorum#NONE}
	 * without a connection. Any thread may ask.
	 */
	public CpgQuorum getQuorum() {
		return this.quorum;
	}

	/** A membership has a connection to the engine. */
	synchronized void add(QuorumWatch watch) {
		if (this.watches.isEmpty()) {
			this.pauses = this.backOff.start();
			this.pause = TimeLimit.inMillis(0);
		}
		this.watches.add(watch);
	}

	/**
	 * A membership's connection has ended, or is about to. Returns when the connection is
	 * closed if nobody needs it any more.
	 */
	void remove(QuorumWatch watch) {
		CpgQuorumConnection unused = null;
		synchronized (this) {
			if (this.watches.remove(watch) && this.watches.isEmpty() && this.link != null) {
				unused = this.link.connection;
				forget(this.link);
			}
		}
		if (unused != null) {
			unused.close();
		}
	}

	/**
	 * Begins to open the connection, if there is none and it is time to.
	 * @return when to call it again, as {@link Upkeep.Task#perform()} does
	 */
	synchronized long openIfDue(CpgConnector connector) {
		if (this.watches.isEmpty() || this.link != null || this.unsupported) {
			return Upkeep.NOTHING_DUE;
		}
		if (!this.pause.isOver()) {
			return Math.max(1, this.pause.nanos());
		}
		Link opening = new Link();
		this.pause = TimeLimit.inMillis(this.pauses.nextBackOff());
		HelperThreads.SHARED.execute(() -> open(opening, connector));
		this.link = opening;
		return Upkeep.NOTHING_DUE;
	}

	private void open(Link opening, CpgConnector connector) {
		try {
			CpgQuorumConnection connection = connector.connectQuorum(opening);
			if (!opened(opening, connection)) {
				connection.close();
			}
		}
		// A connector may be the application's own: this includes errors.
		catch (Throwable ex) {
			failed(opening, ex);
		}
	}

	/** Returns whether somebody still needs it. */
	private synchronized boolean opened(Link opening, CpgQuorumConnection connection) {
		opening.connection = connection;
		this.pauses = this.backOff.start();
		return this.link == opening;
	}

	private void failed(Link opening, Throwable failure) {
		boolean unsupported = failure instanceof CorosyncException ex && ex.error() == CsError.NOT_SUPPORTED;
		synchronized (this) {
			this.unsupported = unsupported;
			forget(opening);
		}
		this.log.failed(failure, unsupported);
		this.watches.forEach(QuorumWatch::wake);
	}

	private void changed(Link of, CpgQuorum quorum) {
		if (of.note(quorum)) {
			this.watches.forEach(QuorumWatch::quorumChanged);
			this.log.changed(quorum);
		}
	}

	private void closed(Link of) {
		if (forget(of)) {
			this.watches.forEach(QuorumWatch::quorumChanged);
			this.watches.forEach(QuorumWatch::wake);
		}
	}

	/** Returns whether it was the present one. */
	private synchronized boolean forget(Link ended) {
		if (this.link != ended) {
			return false;
		}
		this.link = null;
		this.quorum = CpgQuorum.NONE;
		return true;
	}

	/**
	 * One connection, from the attempt to open it to its end.
	 */
	private final class Link implements CpgQuorumListener {

		private @Nullable CpgQuorumConnection connection;

		/** Returns whether it is the present one, and says something new. */
		private boolean note(CpgQuorum quorum) {
			synchronized (CpgQuorumMonitor.this) {
				if (CpgQuorumMonitor.this.link != this || quorum.equals(CpgQuorumMonitor.this.quorum)) {
					return false;
				}
				CpgQuorumMonitor.this.quorum = quorum;
				return true;
			}
		}

		@Override
		public void quorumChanged(CpgQuorum quorum) {
			changed(this, quorum);
		}

		@Override
		public void closed(@Nullable CorosyncException cause) {
			CpgQuorumMonitor.this.closed(this);
		}

	}

}
