package dev.cpg.client.internal.cpg.membership;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.RingId;
import org.jspecify.annotations.Nullable;

/**
 * Asks the daemon whom it counts where its changes may not say it: whether it still
 * counts the members on nodes that the ring does not have, and who is on nodes that have
 * come. When a node goes or comes, corosync can send the change to another group, one
 * whose name differs only from a NUL on; without asking, the view would be wrong until
 * the next change. One on a lost node that the daemon goes on counting is a ghost, and
 * stays for people to see.
 * <p>
 * A helper thread waits for the answer. All calls are made by whoever reads events.
 */
public final class SuspectCheck {

	private final Function<CpgGroupName, List<CpgAddress>> daemon;

	private final Executor helpers;

	private @Nullable Question question;

	/** Whether the answer was there when it was asked for last. */
	private boolean answered;

	/**
	 * Creates one that asks nothing yet.
	 * @param daemon returns the members of a group that the daemon counts
	 * @param helpers runs a task that blocks
	 */
	public SuspectCheck(Function<CpgGroupName, List<CpgAddress>> daemon, Executor helpers) {
		this.daemon = daemon;
		this.helpers = helpers;
	}

	/**
	 * Begins to ask; what was asked before does not matter any more.
	 * @param ring the ring as of which there may be some
	 */
	public void begin(CpgGroupName group, RingId ring) {
		Question question = new Question(ring, new CompletableFuture<>());
		this.answered = false;
		try {
			this.helpers.execute(() -> ask(group, question));
			this.question = question;
		}
		catch (OutOfMemoryError ex) {
			// No further thread is available: the next change says it.
			this.question = null;
		}
	}

	private void ask(CpgGroupName group, Question question) {
		try {
			question.counted.complete(this.daemon.apply(group));
		}
		catch (RuntimeException | Error ex) {
			question.counted.completeExceptionally(ex);
		}
	}

	/** What was asked does not matter any more. */
	public void forget() {
		this.question = null;
	}

	/** Returns whether there is an answer to come, or one that was not taken. */
	public boolean isUnderWay() {
		return this.question != null;
	}

	/** Returns whether there is an answer that the next call takes. */
	public boolean isAnswered() {
		return this.question != null && this.answered;
	}

	/**
	 * Returns the members that the daemon counts, with the second call after it has
	 * answered: what it sent before the answer may not have been read at the first call,
	 * such as the join of a member that it counts. So all events that have come must be
	 * read between two calls.
	 * @param ring the ring as it is; an answer as of another one is worth nothing
	 */
	public @Nullable List<CpgAddress> takeAnswer(RingId ring) {
		Question question = this.question;
		if (question == null || !question.counted.isDone()) {
			return null;
		}
		if (!this.answered) {
			this.answered = true;
			return null;
		}
		this.question = null;
		return (question.ring.equals(ring) && !question.counted.isCompletedExceptionally()) ? question.counted.join()
				: null;
	}

	private record Question(RingId ring, CompletableFuture<List<CpgAddress>> counted) {
	}

}
