package dev.cpg.spring;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * The state of one run of a membership, and the stop that was requested of it. The
 * membership's thread, the delivery thread and whoever stops the run share it.
 */
final class RunState {

	private volatile MembershipState state = MembershipState.WAITING;

	private volatile @Nullable TimeLimit stop;

	MembershipState get() {
		return this.state;
	}

	/**
	 * Enters a state.
	 * @throws IllegalStateException if {@link MembershipState} has no such transition
	 */
	synchronized void enter(MembershipState next) {
		if (!this.state.mayBecome(next)) {
			throw new IllegalStateException("A membership that is %s cannot become %s".formatted(this.state, next));
		}
		this.state = next;
	}

	/** Enters a state from another one; returns whether it was in that. */
	synchronized boolean enter(MembershipState from, MembershipState next) {
		if (this.state != from) {
			return false;
		}
		enter(next);
		return true;
	}

	/**
	 * Enters the state of a join. A stop that is requested later finds this state and
	 * waits for the join. A stop that was requested before prevents the join.
	 * @return whether to join
	 */
	synchronized boolean beginJoin() {
		enter(MembershipState.JOINING);
		return this.stop == null;
	}

	/**
	 * Requests the end of the run. The limit of the first request holds.
	 * @return whether there is a connection to wait for
	 */
	synchronized boolean requestStop(Duration timeout) {
		if (this.stop == null) {
			this.stop = TimeLimit.in(timeout);
		}
		return this.state.isConnected();
	}

	boolean isStopping() {
		return this.stop != null;
	}

	/** Returns until when the run has to end, {@code null} if nobody has requested it. */
	@Nullable TimeLimit stop() {
		return this.stop;
	}

}
