package dev.cpg.spring;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.cpg.client.CorosyncConnectException;
import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CsError;
import dev.cpg.client.internal.log.CpgLog;
import org.jspecify.annotations.Nullable;

/**
 * The first attempt of a run to make this service a member, which a start waits for. It
 * goes on when the start no longer waits.
 */
final class FirstAttempt {

	private final CpgGroupName group;

	private final CpgMembershipSettings settings;

	private final TimeLimit limit;

	private final CompletableFuture<Boolean> outcome = new CompletableFuture<>();

	/**
	 * Creates it; the join timeout begins now.
	 */
	FirstAttempt(CpgGroupName group, CpgMembershipSettings settings) {
		this.group = group;
		this.settings = settings;
		this.limit = TimeLimit.in(settings.joinTimeout());
	}

	/** This service is a member. */
	void joined() {
		this.outcome.complete(true);
	}

	/**
	 * An attempt has failed.
	 * @return whether it was the first
	 */
	boolean failed(Throwable failure) {
		return this.outcome.completeExceptionally(failure);
	}

	/** The run ends: nobody has to wait any more. */
	void end() {
		this.outcome.complete(false);
	}

	/**
	 * Waits until this service is a member or the first attempt has failed, at most until
	 * the join timeout after the start is over.
	 * @throws CorosyncConnectException why there is no connection
	 * @throws CpgJoinException why it is not a member
	 */
	void await() {
		try {
			this.outcome.get(this.limit.remaining().toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (ExecutionException ex) {
			throw failure(ex.getCause());
		}
		catch (TimeoutException ex) {
			CorosyncException timeout = new CorosyncException(CsError.TIMEOUT,
					"Joining group '%s' takes longer than %d ms (%s)".formatted(this.group,
							this.settings.joinTimeout().toMillis(), this.settings.name("join-timeout", "joinTimeout")));
			if (!this.settings.failFast()) {
				CpgLog.MEMBERSHIP.warn()
					.with("group", this.group)
					.log("{}; the start goes on without waiting for it", timeout.getMessage());
			}
			throw new CpgJoinException(this.group, timeout);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new CorosyncException(CsError.INTERRUPT,
					"The thread that waited for the join of group '%s' was interrupted".formatted(this.group));
		}
	}

	private RuntimeException failure(@Nullable Throwable cause) {
		if (cause instanceof CorosyncConnectException ex) {
			return ex;
		}
		if (cause instanceof CorosyncException ex) {
			return new CpgJoinException(this.group, ex);
		}
		return new IllegalStateException("Group '%s' could not be joined".formatted(this.group), cause);
	}

}
