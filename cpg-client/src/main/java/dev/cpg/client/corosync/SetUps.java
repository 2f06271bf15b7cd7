package dev.cpg.client.corosync;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

import dev.cpg.client.CpgConnectException;
import dev.cpg.client.CpgConnectException.Reason;
import dev.cpg.client.CsError;
import org.jspecify.annotations.Nullable;

/**
 * The line in which connections to one daemon are set up. The daemon has one thread,
 * which makes and maps files of several megabytes for each: dozens at once hold up all of
 * its clients, and its place in the ring. Waiting does not count as the daemon's time,
 * unless it does not answer those in front either.
 */
final class SetUps {

	/** One is at work in the daemon while the other is in this process. */
	static final int AT_ONCE = 2;

	private final Semaphore places = new Semaphore(AT_ONCE, true);

	private volatile @Nullable Silence silence;

	/**
	 * Sets something up, when it is its turn.
	 * @param limit how long the daemon may take
	 * @param setUp does it, within that limit
	 * @throws CpgConnectException as it does, or because the daemon was silent to
	 * somebody in front for as long as the limit
	 */
	<T> T inTurn(Duration limit, Supplier<T> setUp) {
		Silence before = this.silence;
		this.places.acquireUninterruptibly();
		try {
			Silence silence = this.silence;
			if (silence != null && silence != before && silence.limit.compareTo(limit) >= 0) {
				throw new CpgConnectException(Reason.TIMEOUT, CsError.TIMEOUT,
						"Corosync did not set up another connection of this process within %d ms; it is stopped or overloaded"
							.formatted(silence.limit.toMillis()),
						silence.cause);
			}
			return setUp.get();
		}
		catch (CpgConnectException ex) {
			if (ex.reason() == Reason.TIMEOUT) {
				this.silence = new Silence(limit, ex);
			}
			throw ex;
		}
		finally {
			this.places.release();
		}
	}

	/**
	 * That the daemon did not answer for a while; each time is one of its own, however
	 * alike they are.
	 */
	private static final class Silence {

		private final Duration limit;

		private final CpgConnectException cause;

		Silence(Duration limit, CpgConnectException cause) {
			this.limit = limit;
			this.cause = cause;
		}

	}

}
