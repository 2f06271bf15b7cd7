package dev.cpg.spring.leadership;

import java.util.function.Consumer;

/**
 * A call that may be interrupted, on the thread that created it. No interrupt of it
 * reaches what the thread does afterwards.
 */
final class InterruptibleCall {

	private final Consumer<InterruptibleCall> onEnd;

	private final String role;

	private final long token;

	private final Thread thread = Thread.currentThread();

	private boolean interrupted;

	private boolean ended;

	InterruptibleCall(Consumer<InterruptibleCall> onEnd, String role, long token) {
		this.onEnd = onEnd;
		this.role = role;
		this.token = token;
	}

	boolean runsUnder(String role, long token) {
		return this.role.equals(role) && this.token <= token;
	}

	synchronized void interrupt() {
		if (!this.ended && !this.interrupted) {
			this.interrupted = true;
			this.thread.interrupt();
		}
	}

	/** Called by the thread of the call. */
	void end() {
		this.onEnd.accept(this);
		synchronized (this) {
			this.ended = true;
			if (this.interrupted) {
				var unused = Thread.interrupted();
			}
		}
	}

}
