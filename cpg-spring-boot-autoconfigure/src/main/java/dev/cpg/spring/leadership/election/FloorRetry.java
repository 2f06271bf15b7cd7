package dev.cpg.spring.leadership.election;

import java.time.Duration;

import dev.cpg.client.internal.concurrent.Alarm;
import dev.cpg.client.internal.concurrent.HelperThreads;
import dev.cpg.client.internal.concurrent.SharedTimer;

/**
 * Asks the resources that had not answered when a connection joined, after longer and
 * longer pauses, until they have or the connection ends.
 */
final class FloorRetry {

	private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

	private final TokenMemory tokens;

	private final Runnable onAnswer;

	private final Alarm alarm = new Alarm(SharedTimer.SHARED, this::due, (failure) -> wakeIn(LONGEST_PAUSE));

	private volatile boolean ended;

	private Duration pause = FIRST_PAUSE;

	/**
	 * Creates it.
	 * @param onAnswer is called after each time on a thread that may wait, as there may
	 * be tokens that were not known
	 */
	FloorRetry(TokenMemory tokens, Runnable onAnswer) {
		this.tokens = tokens;
		this.onAnswer = onAnswer;
	}

	void begin() {
		if (this.tokens.isMissing()) {
			wakeIn(this.pause);
			SharedTimer.SHARED.add(this.alarm);
		}
	}

	void end() {
		this.ended = true;
		SharedTimer.SHARED.remove(this.alarm);
	}

	private void wakeIn(Duration time) {
		this.alarm.wakeBy(System.nanoTime() + time.toNanos());
	}

	/** The timer is everybody's, and a resource may hang. */
	private long due(long now) {
		HelperThreads.SHARED.execute(this::ask);
		return Alarm.NEVER;
	}

	private void ask() {
		if (this.ended) {
			return;
		}
		boolean over = this.tokens.readAgain();
		this.onAnswer.run();
		if (over) {
			end();
			return;
		}
		Duration next = this.pause.multipliedBy(2);
		this.pause = (next.compareTo(LONGEST_PAUSE) < 0) ? next : LONGEST_PAUSE;
		wakeIn(this.pause);
	}

}
