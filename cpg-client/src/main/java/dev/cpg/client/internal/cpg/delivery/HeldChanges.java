package dev.cpg.client.internal.cpg.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.cpg.client.internal.cpg.protocol.CpgEvents;

/**
 * Changes of the members that wait for the ring that agreed on them.
 */
final class HeldChanges {

	/**
	 * The totem configuration follows at once; a daemon in need takes longer.
	 */
	static final Duration LIMIT = Duration.ofSeconds(1);

	/**
	 * Members in all lists that are held, some megabytes. A merge brings a change, with a
	 * list, for each member that comes; what is more is not awaited.
	 */
	private static final int MAX_MEMBERS = 1 << 18;

	private List<CpgEvents.ConfigurationChange> changes = new ArrayList<>();

	private int members;

	/** Since when the first of them is held. */
	private long since;

	void add(CpgEvents.ConfigurationChange change) {
		if (this.changes.isEmpty()) {
			this.since = System.nanoTime();
		}
		this.changes.add(change);
		this.members += change.members().size() + 1;
	}

	boolean isEmpty() {
		return this.changes.isEmpty();
	}

	/** Returns whether no more should be held. */
	boolean isFull() {
		return this.members > MAX_MEMBERS;
	}

	boolean isOverdue() {
		return !this.changes.isEmpty() && System.nanoTime() - this.since > LIMIT.toNanos();
	}

	/** Returns the changes in the order in which they came, and holds none any more. */
	List<CpgEvents.ConfigurationChange> takeAll() {
		List<CpgEvents.ConfigurationChange> taken = this.changes;
		this.changes = new ArrayList<>();
		this.members = 0;
		return taken;
	}

}
