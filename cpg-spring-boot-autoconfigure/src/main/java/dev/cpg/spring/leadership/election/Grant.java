package dev.cpg.spring.leadership.election;

import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

/**
 * A leadership of this member and its lease. Whoever finds the lease ended, ends it for
 * ever: a renewal that comes too late does not revive it. For any thread.
 */
final class Grant {

	private final long token;

	/** {@code null} once the lease was found to have ended. */
	private final AtomicReference<@Nullable Lease> lease;

	Grant(long token, long end) {
		this.token = token;
		this.lease = new AtomicReference<>(new Lease(end));
	}

	long token() {
		return this.token;
	}

	boolean holdsAt(long now) {
		return left(now) > 0;
	}

	/** Returns how long it holds, zero if it has ended. */
	long left(long now) {
		Lease present = this.lease.get();
		while (present != null && present.left(now) <= 0) {
			this.lease.compareAndSet(present, null);
			present = this.lease.get();
		}
		return (present != null) ? present.left(now) : 0;
	}

	/**
	 * Moves the end of the lease, if it has not ended.
	 * @return whether it goes on
	 */
	boolean extend(long newEnd, long now) {
		Lease present = this.lease.get();
		while (present != null && present.left(now) > 0) {
			if (present.left(newEnd) >= 0 || this.lease.compareAndSet(present, new Lease(newEnd))) {
				return true;
			}
			present = this.lease.get();
		}
		return false;
	}

	/** Returns when the lease ends, {@code null} if that was found already. */
	@Nullable Long end() {
		Lease present = this.lease.get();
		return (present != null) ? present.end() : null;
	}

	/** A time until which a leadership holds, compared by identity. */
	private record Lease(long end) {

		long left(long now) {
			return this.end - now;
		}

	}

}
