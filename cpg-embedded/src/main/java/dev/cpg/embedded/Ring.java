package dev.cpg.embedded;

import java.util.ArrayList;
import java.util.List;

import dev.cpg.client.RingId;

/**
 * A totem ring: a set of daemons and the one order of their messages. A daemon has a part
 * of the order, from its begin, and may append to it only if it has all of it.
 */
final class Ring {

	/**
	 * How many messages are ordered while the ring is broken. Real nodes get as far as
	 * their window of messages allows.
	 */
	private static final int MAX_ORDERED_WHILE_BROKEN = 8;

	/** So many messages that all daemons have delivered are forgotten at once. */
	private static final int FORGOTTEN_AT_ONCE = 1024;

	private final RingId id;

	private final List<Daemon> members;

	private final SharedMembers groups = new SharedMembers();

	private final List<OrderedMessage> order = new ArrayList<>();

	/** How many messages were forgotten before the first one in {@link #order}. */
	private long forgotten;

	/** Who may order while the ring is broken: who did so last. */
	private Daemon tokenHolder;

	private int orderedWhileBroken;

	/**
	 * How many messages the holder of the token had when it ordered the first of them.
	 */
	private int queuedWhileBroken;

	private boolean whole = true;

	/**
	 * Creates a ring.
	 * @param id its id
	 * @param members its members, sorted by node id
	 */
	Ring(RingId id, List<Daemon> members) {
		this.id = id;
		this.members = List.copyOf(members);
		this.tokenHolder = this.members.get(0);
	}

	RingId id() {
		return this.id;
	}

	List<Daemon> members() {
		return this.members;
	}

	/** Returns what its daemons share of the groups. */
	SharedMembers groups() {
		return this.groups;
	}

	List<Long> nodeIds() {
		return this.members.stream().map(Daemon::nodeId).toList();
	}

	/** Returns how many messages were ordered so far. */
	long end() {
		return this.forgotten + this.order.size();
	}

	OrderedMessage get(long position) {
		return this.order.get((int) (position - this.forgotten));
	}

	/** Returns whether all members are in it, run, and reach each other. */
	boolean isWhole() {
		return this.whole;
	}

	void checkWhole() {
		this.whole = this.members.stream()
			.allMatch((member) -> member.ring() == this && member.reachable().containsAll(this.members));
		if (this.whole) {
			this.orderedWhileBroken = 0;
		}
	}

	/**
	 * Returns whether a member that has all messages may append one. The members of a
	 * broken ring miss the token, but who holds it when the ring breaks still orders a
	 * few messages: they may reach nobody else. The token does not come back, so these
	 * are the messages that it has when it orders the first of them.
	 */
	boolean admits(Daemon sender) {
		return this.whole || (this.tokenHolder == sender && (this.orderedWhileBroken == 0
				|| this.orderedWhileBroken < Math.min(MAX_ORDERED_WHILE_BROKEN, this.queuedWhileBroken)));
	}

	void append(Daemon sender, OrderedMessage message) {
		this.order.add(message);
		this.tokenHolder = sender;
		if (!this.whole) {
			if (this.orderedWhileBroken == 0) {
				this.queuedWhileBroken = sender.queued();
			}
			this.orderedWhileBroken++;
		}
	}

	/** Forgets what all daemons that are still in the ring have delivered. */
	void trim() {
		if (this.order.size() < FORGOTTEN_AT_ONCE) {
			return;
		}
		long needed = end();
		for (Daemon member : this.members) {
			if (member.ring() == this) {
				needed = Math.min(needed, member.delivered());
			}
		}
		int count = (int) (needed - this.forgotten);
		if (count >= FORGOTTEN_AT_ONCE) {
			this.order.subList(0, count).clear();
			this.forgotten += count;
		}
	}

	@Override
	public String toString() {
		return "ring " + this.id + " of " + nodeIds();
	}

}
