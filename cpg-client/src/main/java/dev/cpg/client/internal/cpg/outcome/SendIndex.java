package dev.cpg.client.internal.cpg.outcome;

import java.util.concurrent.atomic.AtomicReferenceArray;

import org.jspecify.annotations.Nullable;

/**
 * Finds the last message under way that equals one about to be sent, without a look at
 * all that is under way: a table of chains by a part of the hash, each chain from the
 * last one sent to the first.
 * <p>
 * The thread that holds the send lock adds. The event thread removes, always the first
 * one under way, which is the last of its chain. Any thread may look.
 */
final class SendIndex {

	/** As many as are under way on a busy connection, within a small factor. */
	private static final int SLOTS = 1 << 13;

	private final AtomicReferenceArray<@Nullable SendFuture> slots = new AtomicReferenceArray<>(SLOTS);

	/**
	 * Returns the last one that is equal; it may have been removed just now.
	 */
	@Nullable SendFuture find(SendFuture send) {
		SendFuture found = this.slots.get(slot(send));
		while (found != null && !found.isUnindexed()) {
			if (found.matches(send)) {
				return found;
			}
			found = found.indexed();
		}
		return null;
	}

	void add(SendFuture send) {
		int slot = slot(send);
		SendFuture before = this.slots.get(slot);
		if (before != null && !before.isUnindexed()) {
			send.indexed(before);
		}
		this.slots.setRelease(slot, send);
	}

	void remove(SendFuture send) {
		send.unindex();
		this.slots.compareAndSet(slot(send), send, null);
	}

	private static int slot(SendFuture send) {
		return (int) send.hash() & (SLOTS - 1);
	}

}
