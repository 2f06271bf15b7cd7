package dev.cpg.client.internal.ipc;

import java.util.concurrent.atomic.AtomicReference;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CsError;
import dev.cpg.client.internal.ipc.memory.MappingFaults;
import dev.cpg.client.internal.ipc.transport.IpcTransport;
import org.jspecify.annotations.Nullable;

/**
 * The end of a connection. It comes once, with the first cause, and everything that is
 * tried afterwards fails with that.
 */
final class ConnectionEnd {

	private final IpcTransport transport;

	private final Runnable onEnd;

	private final AtomicReference<@Nullable End> end = new AtomicReference<>();

	/** Made while there is memory for it. */
	private final End outOfMemory = new End(
			new CorosyncException(CsError.LIBRARY, "The connection to corosync was given up as memory ran out"));

	ConnectionEnd(IpcTransport transport, Runnable onEnd) {
		this.transport = transport;
		this.onEnd = onEnd;
	}

	boolean isEnded() {
		return this.end.get() != null;
	}

	/** Returns why, {@code null} before the end and if the application wanted it. */
	@Nullable CorosyncException cause() {
		End end = this.end.get();
		return (end != null) ? end.cause : null;
	}

	/**
	 * Ends the connection, unless it has ended.
	 * @param cause why, {@code null} if the application wants it
	 * @return the cause, to be thrown
	 */
	<X extends @Nullable CorosyncException> X end(X cause) {
		if (this.end.compareAndSet(null, endFor(cause))) {
			try {
				this.transport.shutdown();
			}
			finally {
				this.onEnd.run();
			}
		}
		return cause;
	}

	private End endFor(@Nullable CorosyncException cause) {
		try {
			return new End(cause);
		}
		catch (OutOfMemoryError ex) {
			return this.outOfMemory;
		}
	}

	/**
	 * Ends the connection for a failure of its transport.
	 * @param what what failed, behind "in"
	 * @return the cause, to be thrown
	 */
	CorosyncException lost(String what, Throwable failure) {
		return end(ConnectionLoss.of(what, failure));
	}

	void requireOpen(String what) {
		if (isEnded()) {
			CorosyncException cause = cause();
			throw new CorosyncException(CsError.BAD_HANDLE, "Cannot " + what + ": the connection "
					+ ((cause != null) ? "has ended: " + cause.getMessage() : "was closed"), cause);
		}
	}

	/**
	 * Has faults of the calling thread in the transport's memory reported before it goes
	 * on, and ends the connection if there was one.
	 */
	void reportFaults(String what) {
		try {
			MappingFaults.report();
		}
		catch (InternalError ex) {
			lost(what, ex);
		}
	}

	private record End(@Nullable CorosyncException cause) {

	}

}
