package dev.cpg.client.internal.cpg.batch;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgReason;
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
 * other changes than the rest comes back so. A batch carries the epoch that it was sent
 * in: where it comes in another place it is stale. All members drop a stale batch, and
 * its sender sends the messages again.
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

	/** The members that have announced themselves since they joined. */
	private final Set<CpgAddress> known = new HashSet<>();

	/** The members that have not, and were members elsewhere before this one saw them. */
	private final Set<CpgAddress> unheard = new HashSet<>();

	/** The members that this node counts, which others need not see alike. */
	private List<CpgAddress> counted = List.of();

	/** Those of them that are not known to read batches, for other threads. */
	private volatile List<CpgAddress> silent = List.of();

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
		Map<CpgAddress, CpgReason> joiners = joiners(change);
		this.known.removeAll(joiners.keySet());
		this.known.retainAll(change.members());
		this.unheard.removeAll(joiners.keySet());
		this.unheard.retainAll(change.members());
		joiners.forEach((joiner, reason) -> {
			if (reason != CpgReason.JOIN) {
				this.unheard.add(joiner);
			}
		});
		if (joiners.containsKey(this.local)) {
			this.unheard.addAll(change.members());
		}
		this.members = change.members();
		this.doubtful = false;
		this.counted = this.members;
		findSilent();
		this.hash = BatchFormat.hash(this.members);
		if (!joiners.isEmpty() || this.epoch == NONE || !isMember()) {
			begin(true);
		}
	}

	private Map<CpgAddress, CpgReason> joiners(CpgEvents.ConfigurationChange change) {
		Set<CpgAddress> former = new HashSet<>(this.members);
		Map<CpgAddress, CpgReason> reasons = new HashMap<>();
		change.joined().forEach((member) -> reasons.put(member.address(), member.reason()));
		Map<CpgAddress, CpgReason> joiners = new HashMap<>();
		for (CpgAddress member : change.members()) {
			if (reasons.containsKey(member) || !former.contains(member)) {
				joiners.put(member, reasons.getOrDefault(member, CpgReason.UNDEFINED));
			}
		}
		return joiners;
	}

	/** Begins to collect announcements. */
	private void begin(boolean announces) {
		this.epoch = NONE;
		this.announced.clear();
		this.due = announces && isMember();
	}

	private boolean isMember() {
		return this.members.contains(this.local);
	}

	/** This node found that it counts other members than the changes said. */
	public void corrected(List<CpgAddress> counted) {
		this.doubtful = !new HashSet<>(counted).equals(new HashSet<>(this.members));
		this.counted = List.copyOf(counted);
		findSilent();
	}

	/**
	 * Returns whether a member may have sent a batch: one that has announced itself since
	 * it joined, and one that was a member before this one saw it, be it that this one
	 * joined or that two rings merged: it may not have seen that yet.
	 */
	public boolean mayBatch(CpgAddress sender) {
		return this.known.contains(sender) || this.unheard.contains(sender);
	}

	/**
	 * A member announced that it reads batches, and which members it sees. If an epoch is
	 * there, it has seen something that others have not: all begin anew.
	 */
	public void announced(CpgAddress sender, long number, long members, int flags) {
		if ((flags & BatchFormat.READS) == 0) {
			return;
		}
		if (this.members.contains(sender)) {
			this.known.add(sender);
			this.unheard.remove(sender);
			findSilent();
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

	/**
	 * Returns the members that have not announced since they joined that they read
	 * batches, as this node counts them. Empty if this one is no member.
	 */
	public List<CpgAddress> silent() {
		return this.silent;
	}

	private void findSilent() {
		this.silent = isMember() ? this.counted.stream().filter((member) -> !this.known.contains(member)).toList()
				: List.of();
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
