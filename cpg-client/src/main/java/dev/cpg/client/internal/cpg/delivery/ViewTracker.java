package dev.cpg.client.internal.cpg.delivery;

import java.util.List;
import java.util.Set;

import dev.cpg.client.CorosyncSetting;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgQuorum;
import dev.cpg.client.CpgReason;
import dev.cpg.client.CpgTotemConfiguration;
import dev.cpg.client.CpgView;
import dev.cpg.client.RingId;
import dev.cpg.client.internal.cpg.membership.ExpelledException;
import dev.cpg.client.internal.cpg.membership.MembershipState;
import dev.cpg.client.internal.cpg.membership.SessionSettings;
import dev.cpg.client.internal.cpg.membership.SuspectCheck;
import dev.cpg.client.internal.cpg.protocol.CpgEvents;

/**
 * Keeps the view as of the last event, and reports what changes it: members and rings.
 * <p>
 * Corosync sends the ring after the changes that came of it: the join is followed by the
 * first totem configuration, changes with reason NODEDOWN and NODEUP by that of the new
 * ring. Such changes are held for the moment until it is there, so that their view
 * carries the id of the ring that agreed on them.
 */
public final class ViewTracker {

	private final MembershipState membership;

	private final SuspectCheck suspectCheck;

	private final SessionSettings settings;

	private final Freshness freshness;

	private final Observer observer;

	private final HeldChanges held = new HeldChanges();

	private RingNodes nodes = RingNodes.UNKNOWN;

	/** The ring that was reported last. */
	private RingId reportedRing = RingId.NONE;

	private boolean joined;

	private boolean left;

	private CpgView view = CpgView.NONE;

	/** The quorum that the view is paired with, be it that of its ring or not. */
	private CpgQuorum quorum = CpgQuorum.NONE;

	public ViewTracker(MembershipState membership, SuspectCheck suspectCheck, SessionSettings settings,
			Freshness freshness, Observer observer) {
		this.membership = membership;
		this.suspectCheck = suspectCheck;
		this.settings = settings;
		this.freshness = freshness;
		this.observer = observer;
	}

	/** Returns the view, with what is known of its quorum now. */
	CpgView view() {
		if (!this.settings.quorum().get().equals(this.quorum)) {
			changeView(this.view.ring(), this.view.members());
		}
		return this.view;
	}

	private void changeView(RingId ring, List<CpgAddress> members) {
		this.quorum = this.settings.quorum().get();
		this.view = new CpgView(ring, members, this.quorum.stateOf(ring, this.nodes.all()));
	}

	/** Returns whether this member has left the group. */
	boolean isLeft() {
		return this.left;
	}

	/** An event has come, of whatever kind. */
	void eventCame() {
		this.suspectCheck.eventCame();
	}

	void membersChanged(CpgEvents.ConfigurationChange change, DeliverySink sink) {
		// Its list of members is as good as the answer, and later.
		this.suspectCheck.forget();
		if (!this.view.ring().equals(RingId.NONE) && this.held.isEmpty() && !isOfRingChange(change)) {
			release(change, sink);
			return;
		}
		this.held.add(change);
		this.freshness.holding(true);
		if (this.held.isFull()) {
			releaseHeld(sink);
		}
	}

	private static boolean isOfRingChange(CpgEvents.ConfigurationChange change) {
		return change.left().stream().anyMatch((member) -> member.reason() == CpgReason.NODEDOWN)
				|| change.joined().stream().anyMatch((member) -> member.reason() == CpgReason.NODEUP);
	}

	void ringChanged(CpgEvents.TotemConfiguration totem, DeliverySink sink) {
		this.nodes = this.nodes.next(totem.nodeIds(), this.suspectCheck.isUnderWay());
		changeView(totem.ring(), this.view.members());
		releaseHeld(sink);
		reportRing(sink);
		if (this.joined && this.nodes.isDoubtful(this.view.members())) {
			this.suspectCheck.begin(this.membership.requireGroup(), this.view.ring());
		}
	}

	/** A ring that was there before the join is reported after it, and reported once. */
	private void reportRing(DeliverySink sink) {
		if (this.joined && !this.view.ring().equals(this.reportedRing)) {
			this.reportedRing = this.view.ring();
			this.freshness.addChange();
			sink.accept(new Delivery.RingChanged(new CpgTotemConfiguration(this.view, this.nodes.all())));
		}
	}

	/**
	 * Returns within how many milliseconds {@link #releaseDue} has to be called, 0 for no
	 * limit.
	 */
	int dueMillis() {
		int usual = (int) HeldChanges.LIMIT.toMillis();
		int due = this.suspectCheck.dueMillis(usual);
		return (due == 0 && !this.held.isEmpty()) ? usual : due;
	}

	/** Reports what was held for too long, and what the daemon has answered meanwhile. */
	void releaseDue(DeliverySink sink) {
		if (this.held.isOverdue()) {
			releaseHeld(sink);
		}
		List<CpgAddress> counted = this.suspectCheck.takeAnswer(this.view.ring());
		if (counted != null) {
			compare(counted, sink);
		}
	}

	private void compare(List<CpgAddress> counted, DeliverySink sink) {
		CpgEvents.ConfigurationChange missing = this.nodes.missingChange(this.view.members(), counted);
		boolean differs = !Set.copyOf(missing.members()).equals(Set.copyOf(this.view.members()));
		if (differs && !this.left && !this.suspectCheck.isReliable(counted)) {
			this.suspectCheck.again(counted);
			return;
		}
		this.suspectCheck.forget();
		if (!this.left) {
			this.observer.corrected(missing.members());
			report(missing, sink);
		}
	}

	/** Reports what is held. Whatever comes after it must not be reported before. */
	void releaseHeld(DeliverySink sink) {
		if (!this.held.isEmpty()) {
			this.held.takeAll().forEach((change) -> release(change, sink));
			this.freshness.holding(false);
		}
	}

	private void release(CpgEvents.ConfigurationChange daemons, DeliverySink sink) {
		if (!this.left) {
			this.observer.ordered(daemons);
			report(daemons, sink);
		}
	}

	private void report(CpgEvents.ConfigurationChange daemons, DeliverySink sink) {
		CpgGroupName group = this.membership.requireGroup();
		ViewChange change = new ViewChange(this.view.members(), daemons, this.nodes);
		changeView(this.view.ring(), change.members());
		this.observer.membersChanged(change);
		boolean joins = !this.joined && change.hasJoined(this.membership.localAddress());
		if (joins) {
			if (!this.membership.joined(this.view)) {
				// The listener is not notified of a join that is taken back at once.
				this.left = true;
				return;
			}
			this.joined = true;
		}
		CpgReason reason = change.reasonOfLeave(this.membership.localAddress());
		if (reason != null) {
			leave(reason);
		}
		if (!change.isEmpty()) {
			this.freshness.addChange();
			sink.accept(new Delivery.MembersChanged(
					new CpgConfigurationChange(group, this.view, change.left(), change.joined())));
		}
		if (joins && !this.view.ring().equals(RingId.NONE)) {
			reportRing(sink);
		}
	}

	private void leave(CpgReason reason) {
		if (!this.membership.isLeaving()) {
			throw new ExpelledException(this.membership.localAddress(), this.membership.requireGroup(), reason,
					this.settings.nameOf(CorosyncSetting.MEMBER_ID));
		}
		this.left = true;
		this.membership.left();
		this.observer.left();
	}

	/** Sees each change before it is reported. */
	interface Observer {

		void membersChanged(ViewChange change);

		/** The daemon reported a change at its place in the order. */
		void ordered(CpgEvents.ConfigurationChange change);

		/** The daemon counts other members than its changes said. */
		void corrected(List<CpgAddress> members);

		/** This member has left the group. */
		void left();

	}

}
