package dev.cpg.client.internal.cpg.batch;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgMember;
import dev.cpg.client.internal.cpg.protocol.CpgEvents;

/**
 * Whether all members read batches, as the members agree on it.
 * <p>
 * With each change in which members joined, all members announce anew that they read
 * batches, and which members they see. When the last announcement of the same members is
 * there, an epoch begins, whose number follows from these announcements. The next join
 * ends it; a leave does not. Changes and announcements come in the order that all members
 * agree on, so an epoch begins and ends at the same place for all of them. An
 * announcement within an epoch ends it, too: a member that for whatever reason has seen
 * other changes than the rest comes back so. A batch
 * carries the epoch that it was sent in: where it comes in another place it is stale. All
 * members drop a stale batch, and its sender sends the messages again.
 * <p>
 * Whoever reads events changes it; any thread may ask for the epoch.
 */
public final class BatchAgreement {

	/** No epoch: somebody may not read batches. */
	public static final long NONE = 0;

	private final CpgAddress local;

	/** The members as the daemon's changes have them, which all members have alike. */
	private List<CpgAddress> members = List.of();

	/** The numbers of the announcements of these members. */
	private final Map<CpgAddress, Long> announced = new HashMap<>();

	/** The number of the last batch or announcement of each member. */
	private final Map<CpgAddress, Long> numbers = new HashMap<>();

	private volatile long epoch = NONE;

	/** Whether this node counts other members than the daemon's changes say. */
	private volatile boolean doubtful;

	private volatile long hash;

	/** Whether this member has to announce itself. */
	private volatile boolean due;

	public BatchAgreement(CpgAddress local) {
		this.local = local;
	}

	/** The members changed, at a place of the order. */
	public void changed(CpgEvents.ConfigurationChange change) {
		Set<CpgAddress> former = new HashSet<>(this.members);
		boolean joined = change.joined().stream().map(CpgMember::address).anyMatch(change.members()::contains)
				|| !former.containsAll(change.members());
		change.joined().stream().map(CpgMember::address).forEach(this.numbers::remove);
		this.numbers.keySet().retainAll(new HashSet<>(change.members()));
		this.members = change.members();
		this.doubtful = false;
		this.hash = BatchFormat.hash(this.members);
		if (joined || this.epoch == NONE) {
			begin(true);
		}
	}

	/** Begins to collect announcements. */
	private void begin(boolean announces) {
		this.epoch = NONE;
		this.announced.clear();
		this.due = announces && this.members.contains(this.local);
	}

	/** This node found that it counts other members than the changes said. */
	public void corrected(List<CpgAddress> counted) {
		this.doubtful = !new HashSet<>(counted).equals(new HashSet<>(this.members));
	}

	/**
	 * A batch or an announcement came.
	 * @return whether its number is a new one: else it is a copy
	 */
	public boolean isNew(CpgAddress sender, long number) {
		Long last = this.numbers.get(sender);
		if (last != null && number <= last) {
			return false;
		}
		this.numbers.put(sender, number);
		return true;
	}

	/**
	 * A member announced that it reads batches, and which members it sees. If an epoch is
	 * there, it has seen something that others have not: all begin anew.
	 */
	public void announced(CpgAddress sender, long number, long members, int flags) {
		if ((flags & BatchFormat.READS) == 0) {
			return;
		}
		if (this.epoch != NONE) {
			begin(!sender.equals(this.local));
		}
		if (members != this.hash || !this.members.contains(sender)) {
			if (sender.equals(this.local)) {
				this.due = true;
			}
			return;
		}
		this.announced.putIfAbsent(sender, number);
		if (this.announced.size() == this.members.size()) {
			long sum = 0;
			for (Map.Entry<CpgAddress, Long> entry : this.announced.entrySet()) {
				sum += BatchFormat.epochOf(entry.getKey(), entry.getValue());
			}
			this.epoch = sum;
		}
	}

	/**
	 * Returns whether a batch that comes now was sent in the present epoch. If it was
	 * sent in another one that others have now, the announcements begin anew.
	 */
	public boolean isPresent(long epoch) {
		long present = this.epoch;
		if (epoch != present && present != NONE) {
			// What its sender sent before announcing itself has come before that.
			this.due = true;
		}
		return epoch != NONE && epoch == present;
	}

	/** Returns the epoch to send batches in, {@link #NONE} if there may be none. */
	public long epoch() {
		return this.doubtful ? NONE : this.epoch;
	}

	/** Returns whether this member has to announce itself. */
	public boolean isDue() {
		return this.due;
	}

	/**
	 * The announcement is about to be sent.
	 * @return the members that it names
	 */
	public long announce() {
		this.due = false;
		return this.hash;
	}

	/** An announcement may not have reached the others. */
	public void announceAgain() {
		this.due = true;
	}

}
