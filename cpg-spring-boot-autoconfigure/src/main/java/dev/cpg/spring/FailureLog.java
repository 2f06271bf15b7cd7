package dev.cpg.spring;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

import dev.cpg.client.CorosyncConnectException;
import dev.cpg.client.CorosyncConnectException.Reason;
import dev.cpg.client.CorosyncException;
import dev.cpg.client.internal.log.CpgLog;
import org.jspecify.annotations.Nullable;

/**
 * Logs why this service is not a member: when the reason changes, and again every five
 * minutes. Attempts are made every second.
 */
final class FailureLog {

	private static final long PAUSE = Duration.ofMinutes(5).toNanos();

	private final String group;

	private final LongSupplier clock;

	private volatile @Nullable Object reason;

	private long remindAt;

	FailureLog(String group, LongSupplier clock) {
		this.group = group;
		this.clock = clock;
	}

	/** An attempt failed; always called by the same thread. */
	void failed(Throwable failure) {
		Object reason = reasonOf(failure);
		boolean known = reason.equals(this.reason);
		long now = this.clock.getAsLong();
		if (!known || this.remindAt - now <= 0) {
			this.reason = reason;
			this.remindAt = now + PAUSE;
			CpgLog.MEMBERSHIP.warn()
				.with("group", this.group)
				.with("reason", reason)
				.cause((failure instanceof CorosyncException) ? null : failure)
				.log("{} a member of group '{}'; {}: {}", known ? "Still not" : "Not", this.group, outlook(failure),
						message(failure));
		}
	}

	/** The next failure is logged whatever its reason. */
	void joined() {
		this.reason = null;
	}

	/**
	 * Not the text, which may differ with each attempt: it may have a random file's name.
	 */
	static Object reasonOf(Throwable failure) {
		if (failure instanceof CorosyncConnectException ex) {
			return List.of(ex.reason(), ex.error());
		}
		return (failure instanceof CorosyncException ex) ? ex.error() : failure.getClass();
	}

	/** Attempts are made in any case, so this reminder comes again. */
	private static String outlook(Throwable failure) {
		Reason reason = (failure instanceof CorosyncConnectException ex) ? ex.reason() : null;
		if (reason != null && reason.lastsUntilRestart()) {
			return "restart this process to join";
		}
		return (reason == Reason.UNSUPPORTED_PLATFORM) ? "this platform is not supported"
				: "will keep trying in the background";
	}

	static String message(@Nullable Throwable failure) {
		return (failure instanceof CorosyncException) ? String.valueOf(failure.getMessage()) : String.valueOf(failure);
	}

}
