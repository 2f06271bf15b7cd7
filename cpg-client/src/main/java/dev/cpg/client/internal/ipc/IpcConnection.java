package dev.cpg.client.internal.ipc;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CsError;
import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.client.internal.concurrent.EndableLock;
import dev.cpg.client.internal.concurrent.Timer;
import dev.cpg.client.internal.ipc.memory.FrameReader;
import dev.cpg.client.internal.ipc.memory.MappingFaults;
import dev.cpg.client.internal.ipc.transport.IpcTransport;
import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.BrokenPipeSocketException;
import org.newsclub.net.unix.ConnectionRefusedSocketException;
import org.newsclub.net.unix.ConnectionResetSocketException;
import org.newsclub.net.unix.NotConnectedSocketException;
import org.newsclub.net.unix.SocketClosedException;

/**
 * A transport that any thread may use: {@link Requests} one at a time, {@link SendGate}
 * one at a time, and one end, after which everything fails.
 */
public final class IpcConnection {

	/** Far more than any thread needs to see the end and leave. */
	private static final Duration RELEASE_LIMIT = Duration.ofSeconds(5);

	/** How it shows in reading and writing that the daemon is gone. */
	private static final List<Class<? extends IOException>> ENDS = List.of(EOFException.class,
			BrokenPipeSocketException.class, ConnectionResetSocketException.class, NotConnectedSocketException.class,
			SocketClosedException.class, ConnectionRefusedSocketException.class, ClosedChannelException.class);

	private final IpcTransport transport;

	private final EndableLock requestLock = new EndableLock(true, this::isEnded);

	/** Taken after the other. */
	private final EndableLock sendLock = new EndableLock(false, this::isEnded);

	private final SendGate sends;

	private final Requests requests;

	private final AtomicReference<@Nullable End> end = new AtomicReference<>();

	/** Made while there is memory for it. */
	private final End fallback = new End(
			new CorosyncException(CsError.LIBRARY, "The connection to corosync was given up as memory ran out"));

	private volatile Runnable onEnd = () -> {
	};

	/** Is there if a thread waits for events, which notices if the daemon goes. */
	private volatile @Nullable Timer timer;

	public IpcConnection(IpcTransport transport) {
		this.transport = transport;
		this.sends = new SendGate(this, transport, this.sendLock);
		this.requests = new Requests(this, transport, this.sends, this.requestLock);
	}

	public Requests requests() {
		return this.requests;
	}

	public SendGate sends() {
		return this.sends;
	}

	/**
	 * From now on a thread waits for events, and another one runs a timer.
	 * @param timer what is asked to announce later, and stopped when the link ends
	 * @param onEnd is run when the link ends
	 */
	public void serve(Timer timer, Runnable onEnd) {
		this.onEnd = onEnd;
		this.timer = timer;
		if (isEnded()) {
			timer.stop();
			onEnd.run();
		}
	}

	public int maxFrameSize() {
		return this.transport.maxFrameSize();
	}

	/**
	 * Tells the daemon of what was committed, or leaves it to the timer, as any caller's
	 * thread may have to. Before there is a timer, nobody calls but threads of the
	 * connection's own, which call again until they have their answer.
	 */
	public void announce() {
		Timer timer = this.timer;
		if (timer != null && !this.transport.announcesForCallers()) {
			timer.announceSoon();
			return;
		}
		announceHere();
	}

	/** Tells the daemon of what was committed. For threads of the connection's own. */
	public void announceHere() {
		try {
			Timer timer = this.timer;
			if (!this.transport.announce() && timer != null) {
				timer.announceSoon();
			}
			MappingFaults.report();
		}
		catch (IOException | InternalError ex) {
			end(lost("announce", ex));
		}
	}

	/** Returns whether nothing is left to be announced. For the timer. */
	public boolean tryAnnounce() {
		try {
			boolean nothingLeft = this.transport.announce();
			MappingFaults.report();
			return nothingLeft;
		}
		catch (IOException | InternalError ex) {
			end(lost("announce", ex));
			return true;
		}
	}

	public boolean hasUnannounced() {
		return this.transport.hasUnannounced();
	}

	/** Returns whether the link has not ended; notices if the daemon is gone. */
	public boolean probe() {
		try {
			if (!isEnded() && !this.transport.probe()) {
				end(new CorosyncException(CsError.LIBRARY,
						"Corosync ended the connection: the daemon stopped, or died"));
			}
		}
		catch (IOException ex) {
			end(lost("waiting for the listener", ex));
		}
		return !isEnded();
	}

	/** Waits for events; see {@link IpcTransport#await}. For whoever reads. */
	public int await(int timeoutMillis) throws IOException {
		return isEnded() ? -1 : this.transport.await(timeoutMillis);
	}

	/** Takes an event; see {@link IpcTransport#take}. For whoever reads. */
	public boolean take(FrameReader.Handler handler) throws IOException {
		return !isEnded() && this.transport.take(handler);
	}

	/** Returns whether the thread that waits for events may be one that others know. */
	public boolean waitsUninterruptibly() {
		return this.transport.waitsUninterruptibly();
	}

	/**
	 * Ends the link, if it has not ended.
	 * @param cause why, {@code null} if the application wants it
	 * @return the cause, to be thrown
	 */
	public <X extends @Nullable CorosyncException> X end(X cause) {
		if (this.end.compareAndSet(null, new End(cause))) {
			try {
				this.transport.shutdown();
			}
			finally {
				Timer timer = this.timer;
				if (timer != null) {
					timer.stop();
				}
				this.onEnd.run();
			}
		}
		return cause;
	}

	/**
	 * Has what the calling thread did with the transport's memory reported before it goes
	 * on, and ends the link if that is gone.
	 */
	void settle(String what) {
		try {
			MappingFaults.report();
		}
		catch (InternalError ex) {
			end(lost(what, ex));
		}
	}

	/**
	 * Ends the link for a report that came where nobody expected it, as newer JDKs can
	 * raise it at each return.
	 * @return what to throw in its place
	 * @throws InternalError the error, if it is no such report
	 */
	public CorosyncException faulted(String what, InternalError error) {
		if (!MappingFaults.isReport(error)) {
			throw error;
		}
		this.sendLock.unlock();
		this.requestLock.unlock();
		return end(lost(what, error));
	}

	public boolean isEnded() {
		return this.end.get() != null;
	}

	public @Nullable CorosyncException endCause() {
		End end = this.end.get();
		return (end != null) ? end.cause : null;
	}

	/**
	 * Gives the transport back, once the link has ended and every thread has left it;
	 * they look at the end wherever they wait. For the event thread.
	 * <p>
	 * A thread that a fault comes to just there never gives its lock back. What it may
	 * still use is left to the garbage collector then.
	 */
	public void release() {
		// Should it not have ended, there was no memory to do so: whoever comes now must
		// find that it has.
		this.end.compareAndSet(null, this.fallback);
		Deadline deadline = Deadline.in(RELEASE_LIMIT);
		if (!this.requestLock.lockEvenAtEnd(deadline)) {
			this.transport.shutdown();
			return;
		}
		try {
			releaseTransport(deadline);
		}
		finally {
			this.requestLock.unlock();
		}
	}

	private void releaseTransport(Deadline deadline) {
		if (!this.sendLock.lockEvenAtEnd(deadline)) {
			this.transport.shutdown();
			return;
		}
		try {
			this.transport.release(deadline);
		}
		finally {
			this.sendLock.unlock();
		}
	}

	/** Before there is a thread that waits for events: notices if the daemon goes. */
	void requireDaemon() throws IOException {
		if (this.timer == null && !this.transport.probe()) {
			throw new EOFException("the daemon ended the connection");
		}
	}

	public void requireOpen(String what) {
		if (isEnded()) {
			CorosyncException cause = endCause();
			throw new CorosyncException(CsError.BAD_HANDLE, "Cannot " + what + ": the connection "
					+ ((cause != null) ? "has ended: " + cause.getMessage() : "was closed"), cause);
		}
	}

	public static CorosyncException lost(String what, Throwable ex) {
		return new CorosyncException(CsError.LIBRARY,
				"The connection to corosync was lost in %s: %s".formatted(what, reason(ex)), ex);
	}

	/** What a socket says of its end, such as "Not open", is no reason to anybody. */
	private static String reason(Throwable ex) {
		if (ex instanceof InternalError error && MappingFaults.isReport(error)) {
			return "its shared memory was cut short, as by a daemon that ends";
		}
		if (ex instanceof ClosedByInterruptException) {
			return "a thread of the connection was interrupted";
		}
		if (ENDS.stream().anyMatch((end) -> end.isInstance(ex))) {
			return "the daemon stopped, or died";
		}
		String message = ex.getMessage();
		return (message != null && !message.isBlank()) ? message : ex.toString();
	}

	private record End(@Nullable CorosyncException cause) {

	}

}
