package dev.cpg.embedded;

import java.util.List;

/**
 * The steps of all daemons and their sessions.
 */
final class ClusterSteps {

	/** So many steps of one kind are run in a row, if enabled, before the next kind. */
	private static final int BATCH = 64;

	private final List<Daemon> daemons;

	ClusterSteps(List<Daemon> daemons) {
		this.daemons = List.copyOf(daemons);
	}

	/** Adds the enabled steps, in an order that depends on the cluster's state alone. */
	void addEnabled(List<Step> enabled) {
		for (Daemon daemon : this.daemons) {
			for (Step step : daemon.steps()) {
				if (step.isEnabled()) {
					enabled.add(step);
				}
			}
			for (Session session : daemon.cpg().sessions()) {
				if (session.isEnabled()) {
					enabled.add(session);
				}
			}
		}
	}

	/**
	 * Lets each daemon and session have its turn.
	 * @return whether there was anything to do
	 */
	boolean runRound() {
		boolean any = false;
		for (Daemon daemon : this.daemons) {
			List<Session> sessions = daemon.cpg().sessions();
			// One that ends is removed.
			for (int i = sessions.size() - 1; i >= 0; i--) {
				any |= runBatch(sessions.get(i));
			}
			for (Step step : daemon.steps()) {
				any |= runBatch(step);
			}
		}
		return any;
	}

	private static boolean runBatch(Step step) {
		int count = 0;
		while (count < BATCH && step.isEnabled()) {
			step.run();
			count++;
		}
		return count > 0;
	}

}
