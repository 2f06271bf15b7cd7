package dev.cpg.client.internal.cpg.send;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import dev.cpg.client.internal.concurrent.Deadline;

/**
 * The threads that wait until they may send. All of them look again when they are woken,
 * and each now and then by itself.
 */
final class BlockedSenders {

	private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

	/**
	 * Has the calling thread wait until it is woken, at most for as long as a limit
	 * rests.
	 * @param look is asked before whether there is something new: what wakes others from
	 * then on wakes this thread, too
	 */
	void await(BooleanSupplier look, Deadline limit) {
		Thread current = Thread.currentThread();
		this.threads.add(current);
		try {
			if (!look.getAsBoolean()) {
				limit.rest();
			}
		}
		finally {
			this.threads.remove(current);
		}
	}

	/** Wakes all but the calling thread. */
	void wake() {
		if (!this.threads.isEmpty()) {
			Thread current = Thread.currentThread();
			this.threads.forEach((thread) -> {
				if (thread != current) {
					LockSupport.unpark(thread);
				}
			});
		}
	}

}
