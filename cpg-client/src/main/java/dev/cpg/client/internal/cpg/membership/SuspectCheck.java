package dev.cpg.client.internal.cpg.membership;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
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
 * The answer does not come in the order of the events: the daemon may count a member
 * whose join is still in its queue, behind much else. So an answer that differs from the
 * view is worth something only if it is <em>calm</em>: if all events had been read when
 * it was asked for, and none came until it was taken. Before the daemon looks at a
 * question it sends what waits in its queue, as far as there is room. An answer that is
 * not calm is asked for again, after pauses that grow, until one is, or until a change
 * comes, whose list of members is in the order of the events. In a group that is never
 * quiet no answer is calm: what the daemon has said for {@value #LASTING_SECONDS} seconds
 * is taken, as no event is on its way for so long.
 * <p>
 * A helper thread waits for the answer, one at a time. All calls are made by whoever
 * reads events.
 */
public final class SuspectCheck {

	private static final int FIRST_PAUSE_MILLIS = 10;

	private static final int LONGEST_PAUSE_MILLIS = 1000;

	private static final int LASTING_SECONDS = 10;

	private final Function<CpgGroupName, List<CpgAddress>> daemon;

	private final Executor helpers;

	private @Nullable Question question;

	/** The last one that a helper was given. */
	private @Nullable Question asked;

	/** Whether the answer was there when it was looked for last. */
	private boolean answered;

	private boolean calm;

	/** What the daemon has said that was not taken, and since when. */
	private List<CpgAddress> former = List.of();

	private long formerSince;

	/** The pause before the next question. */
	private int pauseMillis;

	private boolean paused;

	/** The {@link System#nanoTime()} at which a pause ends. */
	private long pauseEnd;

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
	 * Begins to ask, amid the events; what was asked before does not matter any more.
	 * @param ring the ring as of which there may be some
	 */
	public void begin(CpgGroupName group, RingId ring) {
		this.former = List.of();
		this.pauseMillis = 0;
		this.question = new Question(group, ring, new CompletableFuture<>());
		ask();
		this.calm = false;
	}

	/**
	 * Asks again, as the answer that was taken is not reliable: at once the first time,
	 * after a pause else.
	 * @param counted the answer
	 */
	public void again(List<CpgAddress> counted) {
		if (!counted.equals(this.former)) {
			this.former = counted;
			this.formerSince = System.nanoTime();
		}
		int pause = this.pauseMillis;
		this.pauseMillis = Math.min(Math.max(2 * pause, FIRST_PAUSE_MILLIS), LONGEST_PAUSE_MILLIS);
		if (pause > 0) {
			pause(pause);
		}
		else {
			ask();
		}
	}

	private void pause(int millis) {
		this.paused = true;
		this.pauseEnd = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
	}

	private void ask() {
		Question current = this.question;
		if (current == null) {
			return;
		}
		if (this.asked != null && !this.asked.counted.isDone()) {
			pause(FIRST_PAUSE_MILLIS);
			return;
		}
		Question next = new Question(current.group, current.ring, new CompletableFuture<>());
		this.paused = false;
		this.answered = false;
		this.calm = true;
		this.question = next;
		this.asked = next;
		try {
			this.helpers.execute(() -> answer(next));
		}
		catch (OutOfMemoryError ex) {
			// No further thread is available: the next change says it.
			next.counted.completeExceptionally(ex);
		}
	}

	private void answer(Question question) {
		try {
			question.counted.complete(this.daemon.apply(question.group));
		}
		catch (RuntimeException | Error ex) {
			question.counted.completeExceptionally(ex);
		}
	}

	/** An event was read. */
	public void eventCame() {
		this.calm = false;
	}

	/**
	 * Returns whether the answer that was taken is true at this place of the events.
	 * @param counted the answer
	 */
	public boolean isReliable(List<CpgAddress> counted) {
		return this.calm || (counted.equals(this.former)
				&& System.nanoTime() - this.formerSince >= TimeUnit.SECONDS.toNanos(LASTING_SECONDS));
	}

	/** Returns whether there is an answer to come. */
	public boolean isUnderWay() {
		return this.question != null;
	}

	/** What was asked does not matter any more. */
	public void forget() {
		this.question = null;
		this.paused = false;
	}

	/**
	 * Returns within how many milliseconds to look for the answer, 0 if nothing was
	 * asked.
	 * @param usual how long an answer may take
	 */
	public int dueMillis(int usual) {
		if (this.question == null) {
			return 0;
		}
		if (this.paused) {
			long left = TimeUnit.NANOSECONDS.toMillis(this.pauseEnd - System.nanoTime()) + 1;
			return (int) Math.min(Math.max(left, 1), usual);
		}
		return this.answered ? 1 : usual;
	}

	/**
	 * Returns the members that the daemon counts, with the second call after it has
	 * answered: what it sent before the answer may not have been read at the first call.
	 * So all events that have come must be read before each call. What is returned is
	 * followed by {@link #forget()} or {@link #again}.
	 * @param ring the ring as it is; an answer as of another one is worth nothing
	 */
	public @Nullable List<CpgAddress> takeAnswer(RingId ring) {
		if (this.paused) {
			if (System.nanoTime() - this.pauseEnd >= 0) {
				ask();
			}
			return null;
		}
		Question question = this.question;
		if (question == null || !question.counted.isDone()) {
			return null;
		}
		if (!this.answered) {
			this.answered = true;
			return null;
		}
		if (question.ring.equals(ring) && !question.counted.isCompletedExceptionally()) {
			return question.counted.join();
		}
		this.question = null;
		return null;
	}

	private record Question(CpgGroupName group, RingId ring, CompletableFuture<List<CpgAddress>> counted) {
	}

}
