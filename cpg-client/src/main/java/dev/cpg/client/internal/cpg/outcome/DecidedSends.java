package dev.cpg.client.internal.cpg.outcome;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * Sends whose outcome was decided and is not reported yet, in that order. Any thread may
 * add and take; a send is a link of its own, so neither needs memory.
 */
final class DecidedSends {

	/** The last one that was added, linked to those before it. */
	private final AtomicReference<@Nullable SendFuture> newest = new AtomicReference<>();

	private final ReentrantLock taking = new ReentrantLock();

	/** The first one to take, linked to those behind it. */
	private @Nullable SendFuture oldest;

	void add(SendFuture send) {
		SendFuture before = this.newest.get();
		send.nextDecided(before);
		while (!this.newest.compareAndSet(before, send)) {
			before = this.newest.get();
			send.nextDecided(before);
		}
	}

	boolean isEmpty() {
		this.taking.lock();
		try {
			return this.oldest == null && this.newest.get() == null;
		}
		finally {
			this.taking.unlock();
		}
	}

	/** Takes the first one, {@code null} if there is none. */
	@Nullable SendFuture poll() {
		this.taking.lock();
		try {
			SendFuture first = first();
			if (first != null) {
				this.oldest = first.nextDecided();
				first.nextDecided(null);
			}
			return first;
		}
		finally {
			this.taking.unlock();
		}
	}

	/**
	 * Returns whether there is one that was not reported otherwise meanwhile, and forgets
	 * those before it.
	 */
	boolean hasUnreported() {
		this.taking.lock();
		try {
			SendFuture first = first();
			while (first != null && first.isReported()) {
				poll();
				first = first();
			}
			return first != null;
		}
		finally {
			this.taking.unlock();
		}
	}

	private @Nullable SendFuture first() {
		if (this.oldest == null) {
			this.oldest = reverse(this.newest.getAndSet(null));
		}
		return this.oldest;
	}

	private static @Nullable SendFuture reverse(@Nullable SendFuture newest) {
		SendFuture reversed = null;
		SendFuture next = newest;
		while (next != null) {
			SendFuture before = next.nextDecided();
			next.nextDecided(reversed);
			reversed = next;
			next = before;
		}
		return reversed;
	}

}
