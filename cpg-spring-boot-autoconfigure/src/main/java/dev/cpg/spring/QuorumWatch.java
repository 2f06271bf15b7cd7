package dev.cpg.spring;

import dev.cpg.client.CpgConnector;

/**
 * A membership's part in the connection to the quorum service: it needs that while it has
 * a connection of its own, and its thread sees to the opening.
 */
final class QuorumWatch implements Upkeep.Task {

	private final CpgQuorumMonitor monitor;

	private final CpgConnector connector;

	private final Runnable wake;

	private volatile Runnable onChange = () -> {
	};

	/**
	 * Creates a watch.
	 * @param connector opens the connection, if this membership is the one to do so
	 * @param wake wakes the thread that performs this task
	 */
	QuorumWatch(CpgQuorumMonitor monitor, CpgConnector connector, Runnable wake) {
		this.monitor = monitor;
		this.connector = connector;
		this.wake = wake;
	}

	/**
	 * The membership has a connection. Its thread performs this task next.
	 * @param onChange called when the quorum changes, by the thread that reads it, which
	 * must not wait
	 */
	void begin(Runnable onChange) {
		this.onChange = onChange;
		this.monitor.add(this);
	}

	/** The membership's connection ends. Any thread may call it, any number of times. */
	void end() {
		this.monitor.remove(this);
	}

	@Override
	public long perform() {
		return this.monitor.openIfDue(this.connector);
	}

	void quorumChanged() {
		this.onChange.run();
	}

	/** The connection was lost, or could not be opened. */
	void wake() {
		this.wake.run();
	}

}
