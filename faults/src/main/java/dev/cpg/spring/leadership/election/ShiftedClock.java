package dev.cpg.spring.leadership.election;

import java.util.List;
import java.util.function.Supplier;

import dev.cpg.spring.leadership.RevocationListener;

/**
 * The clocks of this machine, of which the time of day is wrong by as much as is asked
 * for. Any thread may call it.
 */
public final class ShiftedClock implements ElectionClock {

	private final ElectionClock machine = new SystemClock();

	private volatile long shift;

	/**
	 * Sets the time of day.
	 * @param millis by how much it is ahead, less than 0 for behind
	 */
	public void shift(long millis) {
		this.shift = millis;
	}

	/**
	 * Creates an election that goes by these clocks.
	 * @param group the group's name
	 * @param settings the settings
	 * @param tokens keeps the highest tokens
	 * @param listeners who is to be notified of revocations at once
	 */
	public LeaderElection election(String group, LeaderElectionSettings settings, TokenMemory tokens,
			Supplier<List<RevocationListener>> listeners) {
		return new LeaderElection(group, settings, tokens, listeners, this);
	}

	@Override
	public long nanoTime() {
		return this.machine.nanoTime();
	}

	@Override
	public long wallTime() {
		return this.machine.wallTime() + this.shift;
	}

	@Override
	public long suspendedTime() {
		return this.machine.suspendedTime();
	}

}
