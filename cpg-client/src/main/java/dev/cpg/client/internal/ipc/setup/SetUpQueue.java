package dev.cpg.client.internal.ipc.setup;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

import dev.cpg.client.CorosyncConnectException;
import dev.cpg.client.CorosyncConnectException.Reason;
import dev.cpg.client.CsError;
import dev.cpg.client.internal.concurrent.Deadline;
import org.jspecify.annotations.Nullable;

/**
 * The queue in which connections to one daemon are set up. The daemon has one thread,
 * which makes and maps files of several megabytes for each: dozens at once hold up all of
 * its clients, and its place in the ring. The time limit of a set-up begins with its
 * turn, unless the daemon does not answer those in front either.
 */
public final class SetUpQueue {

	/** The daemon works for one while the other works in this process. */
	public static final int AT_ONCE = 2;

	private final Semaphore places = new Semaphore(AT_ONCE, true);

	/** How often the daemon has answered, whatever it said. */
	private final AtomicLong answers = new AtomicLong();

	private volatile @Nullable Silence silence;

	/**
	 * Sets up a connection when it is its turn.
	 * @param limit how long the daemon may take
	 * @param setUp does it, within that limit
	 * @throws CorosyncConnectException if that does, or if the daemon was silent to those
	 * in front for as long as the limit
	 */
	public <T> T inTurn(Duration limit, Supplier<T> setUp) {
		Silence before = this.silence;
		awaitPlace(limit);
		try {
			Silence silence = this.silence;
			if (silence != null && silence != before && silence.limit.compareTo(limit) >= 0) {
				throw silent(silence.limit, silence.cause);
			}
			T result = setUp.get();
			this.answers.incrementAndGet();
			return result;
		}
		catch (CorosyncConnectException ex) {
			if (ex.reason() == Reason.TIMEOUT) {
				this.silence = new Silence(limit, ex);
			}
			else {
				this.answers.incrementAndGet();
			}
			throw ex;
		}
		finally {
			this.places.release();
		}
	}

	/** Those in front may wait longer, but the daemon must have answered one of them. */
	private void awaitPlace(Duration limit) {
		long before = this.answers.get();
		while (!Deadline.in(limit).acquire(this.places)) {
			long now = this.answers.get();
			if (now == before) {
				throw silent(limit, null);
			}
			before = now;
		}
	}

	private static CorosyncConnectException silent(Duration limit, @Nullable Throwable cause) {
		return new CorosyncConnectException(Reason.TIMEOUT, CsError.TIMEOUT,
				"Corosync did not set up another connection of this process within %d ms; it is stopped or overloaded"
					.formatted(limit.toMillis()),
				cause);
	}

	/**
	 * A time in which the daemon did not answer. Each is one of its own, however alike
	 * they are, so this is no record.
	 */
	private static final class Silence {

		private final Duration limit;

		private final CorosyncConnectException cause;

		Silence(Duration limit, CorosyncConnectException cause) {
			this.limit = limit;
			this.cause = cause;
		}

	}

}
