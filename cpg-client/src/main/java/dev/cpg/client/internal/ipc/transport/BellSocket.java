package dev.cpg.client.internal.ipc.transport;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.util.concurrent.locks.ReentrantLock;

import dev.cpg.client.internal.concurrent.EndableLock;
import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.AFUNIXSocket;

/**
 * The socket on which both sides ring: a byte for each chunk.
 * <p>
 * A daemon that takes chunks takes their bytes, too, so there is always room for the next
 * ones, and a write never waits. A daemon that lies could let the socket fill, and hold
 * up whichever thread rings next. So each write has a time limit. A socket has a single
 * limit for both directions, and a reader would wake at that limit for nothing. The
 * reader takes the limit off when that has happened once, and the next write puts it on
 * again.
 */
final class BellSocket extends OutputStream {

	/**
	 * How long a write may find no room. The kernel does not count the time in which this
	 * process is stopped.
	 */
	static final int WRITE_MILLIS = 500;

	/**
	 * The most bytes that a write sends. The smallest buffer that a socket can have takes
	 * all of them or none, also while as many were not read yet: it has 4,608 bytes, of
	 * which a message takes 2,304; see {@code SO_SNDBUF} in {@code socket(7)}.
	 */
	static final int MAX_WRITE = 1024;

	private static final int MAX_HEARD = 4096;

	private final AFUNIXSocket socket;

	private final InputStream input;

	private final OutputStream output;

	private final byte[] heard = new byte[MAX_HEARD];

	/** Held over each write, which must have its limit, and each change of the limit. */
	private final ReentrantLock lock = new ReentrantLock();

	/** What the kernel has as the limit; 0 for none. Changed with the lock held. */
	private volatile int millis;

	/** Whether nothing was heard within the last limit. For the reader only. */
	private boolean quiet;

	private volatile boolean shutDown;

	private volatile boolean endedByPeer;

	/**
	 * Why the first write failed, for which the socket is shut down. Whoever reads or
	 * writes next sees this, and not that the socket was shut down.
	 */
	private volatile @Nullable IOException failure;

	/**
	 * Takes over a socket.
	 * @param socket a connected one, without a time limit
	 */
	BellSocket(AFUNIXSocket socket) throws IOException {
		this.socket = socket;
		this.input = socket.getInputStream();
		this.output = socket.getOutputStream();
	}

	/**
	 * Waits for bells. For one thread at a time.
	 * @param timeoutMillis how long to wait, longer if writes need more; 0 for as long as
	 * it takes, though it may return earlier
	 * @return how many were heard, possibly 0, or -1 at the end
	 * @throws IOException if it broke, or the other side takes no bells
	 */
	int hear(int timeoutMillis) throws IOException {
		int count;
		try {
			limitRead(timeoutMillis);
			this.quiet = false;
			count = this.input.read(this.heard);
		}
		catch (InterruptedIOException ex) {
			// The time is over; or the application interrupted the thread that calls its
			// listener, when that was back here already.
			Thread.interrupted();
			this.quiet = true;
			return 0;
		}
		catch (IOException ex) {
			if (!this.shutDown) {
				throw ex;
			}
			count = -1;
		}
		this.endedByPeer |= count < 0 && !this.shutDown;
		IOException failure = this.failure;
		if (count < 0 && failure != null) {
			throw failure;
		}
		return count;
	}

	/** Does not wait for a write: the limit that the write has put on will do. */
	private void limitRead(int timeoutMillis) throws IOException {
		int wanted = (timeoutMillis > 0 || this.millis != WRITE_MILLIS || this.quiet) ? timeoutMillis : WRITE_MILLIS;
		while (wanted != this.millis) {
			try {
				if (this.lock.tryLock()) {
					limitTo(wanted);
					return;
				}
			}
			finally {
				EndableLock.unlock(this.lock);
			}
			if (this.millis != 0 || this.shutDown) {
				return;
			}
			// It is about to.
			Thread.onSpinWait();
		}
	}

	/**
	 * Rings. For one thread at a time.
	 * @param length at most {@link #MAX_WRITE}
	 * @throws IOException if the other side takes no bells
	 */
	@Override
	public void write(byte[] bells, int offset, int length) throws IOException {
		this.lock.lock();
		try {
			if (this.millis != WRITE_MILLIS) {
				limitTo(WRITE_MILLIS);
			}
			this.output.write(bells, offset, length);
		}
		catch (SocketTimeoutException ex) {
			throw failed(new IOException("it takes requests, but not the bells for them", ex));
		}
		catch (InterruptedIOException ex) {
			throw ex;
		}
		catch (IOException ex) {
			throw failed(ex);
		}
		finally {
			EndableLock.unlock(this.lock);
		}
	}

	/** With the lock held. */
	private IOException failed(IOException ex) {
		IOException first = this.failure;
		if (first == null) {
			first = ex;
			this.failure = ex;
		}
		return first;
	}

	@Override
	public void write(int bell) throws IOException {
		write(new byte[] { (byte) bell }, 0, 1);
	}

	private void limitTo(int millis) throws IOException {
		this.socket.setSoTimeout(millis);
		this.millis = millis;
	}

	/** Returns whether the other side has ended the connection. */
	boolean isEndedByPeer() {
		return this.endedByPeer;
	}

	/**
	 * Ends every read and write. The descriptor is closed later, when no thread can use
	 * it any more: its number could be another file's by then.
	 */
	void shutdown() {
		this.shutDown = true;
		try {
			// Not the socket's own methods: later JDKs, which know nothing of how
			// junixsocket connects, refuse there what is not connected.
			this.socket.getChannel().shutdownInput();
			this.socket.getChannel().shutdownOutput();
		}
		catch (IOException ex) {
			// Closing wakes the reader in any case.
			close();
		}
	}

	@Override
	public void close() {
		Platform.closeQuietly(this.socket);
	}

}
