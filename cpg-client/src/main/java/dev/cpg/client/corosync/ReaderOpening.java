package dev.cpg.client.corosync;

import java.io.EOFException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Supplier;

import dev.cpg.client.CorosyncConnectException;
import dev.cpg.client.CorosyncConnectException.Reason;
import dev.cpg.client.CorosyncException;
import dev.cpg.client.CsError;
import dev.cpg.client.internal.concurrent.ConnectionThreads;
import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.client.internal.ipc.setup.SetUpQueue;

/**
 * Opens connections on their reader threads, which own what they open, and which nobody
 * can interrupt.
 */
final class ReaderOpening {

	private final SetUpQueue setUps;

	private final ConnectionThreads threads;

	ReaderOpening(SetUpQueue setUps, ConnectionThreads threads) {
		this.setUps = setUps;
		this.threads = threads;
	}

	/**
	 * Opens a connection when it is its turn.
	 * @param thread what the thread is called
	 * @param opening opens it, the first requests included
	 * @param run what the thread does with it
	 * @param abandon what the thread does with it if nobody waits for it any more
	 * @param limit how long the caller waits
	 */
	<T> T open(String thread, Supplier<T> opening, Consumer<T> run, Consumer<T> abandon, Duration limit) {
		return this.setUps.inTurn(limit, () -> openNow(thread, opening, run, abandon, limit));
	}

	private <T> T openNow(String thread, Supplier<T> opening, Consumer<T> run, Consumer<T> abandon, Duration limit) {
		CompletableFuture<T> opened = new CompletableFuture<>();
		try {
			this.threads.start(thread, () -> openAndRun(opening, run, abandon, opened));
		}
		catch (OutOfMemoryError ex) {
			throw noMemory(ex);
		}
		if (!Deadline.in(limit).await(opened)) {
			// Unless it was opened, or failed, at the last moment.
			opened.completeExceptionally(new CorosyncConnectException(Reason.TIMEOUT, CsError.TIMEOUT,
					"Corosync did not set up a connection within %d ms; it is stopped or overloaded"
						.formatted(limit.toMillis()),
					null));
		}
		return join(opened);
	}

	private static <T> T join(CompletableFuture<T> opened) {
		try {
			return opened.join();
		}
		catch (CompletionException ex) {
			throw (ex.getCause() instanceof CorosyncException cause) ? cause : ex;
		}
	}

	private static <T> void openAndRun(Supplier<T> opening, Consumer<T> run, Consumer<T> abandon,
			CompletableFuture<T> opened) {
		T connection;
		try {
			connection = opening.get();
		}
		catch (CorosyncConnectException ex) {
			opened.completeExceptionally(ex);
			return;
		}
		catch (CorosyncException ex) {
			opened.completeExceptionally(firstRequestFailed(ex));
			return;
		}
		catch (OutOfMemoryError ex) {
			opened.completeExceptionally(noMemory(ex));
			return;
		}
		catch (RuntimeException | Error ex) {
			opened.completeExceptionally(new CorosyncConnectException(Reason.PROTOCOL, CsError.LIBRARY,
					"Connecting to corosync failed: " + ex, ex));
			return;
		}
		if (opened.complete(connection)) {
			run.accept(connection);
		}
		else {
			abandon.accept(connection);
		}
	}

	static CorosyncConnectException noMemory(OutOfMemoryError ex) {
		return new CorosyncConnectException(Reason.NO_RESOURCES, CsError.NO_MEMORY,
				"This JVM has no memory for a connection to corosync: " + ex.getMessage(), ex);
	}

	/** What a daemon that admitted the connection made of the first request on it. */
	private static CorosyncConnectException firstRequestFailed(CorosyncException ex) {
		return new CorosyncConnectException(reasonOf(ex), ex.error(),
				"Corosync took the connection, but not the first request: " + ex.getMessage(), ex);
	}

	private static Reason reasonOf(CorosyncException ex) {
		if (ex.getCause() instanceof EOFException) {
			return Reason.NOT_READY;
		}
		return switch (ex.error()) {
			case TIMEOUT -> Reason.TIMEOUT;
			case TRY_AGAIN, BUSY, BAD_HANDLE -> Reason.NOT_READY;
			case ACCESS -> Reason.PERMISSION_DENIED;
			default -> Reason.PROTOCOL;
		};
	}

}
