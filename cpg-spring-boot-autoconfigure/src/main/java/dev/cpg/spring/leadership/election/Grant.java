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
	private final AtomicReference<@Nullable Long> end;

	Grant(long token, long end) {
		this.token = token;
		this.end = new AtomicReference<>(end);
	}

	long token() {
		return this.token;
	}

	boolean holdsAt(long now) {
		return left(now) > 0;
	}

	/** Returns how long it holds, zero if it has ended. */
	long left(long now) {
		Long present = this.end.get();
		while (present != null && present - now <= 0) {
			this.end.compareAndSet(present, null);
			present = this.end.get();
		}
		return (present != null) ? present - now : 0;
	}

	/**
	 * Moves the end of the lease, if it has not ended.
	 * @return whether it goes on
	 */
	boolean extend(long newEnd, long now) {
		Long present = this.end.get();
		while (present != null && present - now > 0) {
			if (newEnd - present <= 0 || this.end.compareAndSet(present, newEnd)) {
				return true;
			}
			present = this.end.get();
		}
		return false;
	}

	/** Returns when the lease ends, {@code null} if that was found already. */
	@Nullable Long end() {
		return this.end.get();
	}

}
