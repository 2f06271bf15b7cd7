package dev.cpg.client.internal.cpg;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CorosyncSetting;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgReason;
import dev.cpg.client.CpgTotemConfiguration;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.client.RingId;
import dev.cpg.client.internal.cpg.outcome.ContentHash;
import dev.cpg.client.internal.cpg.outcome.PendingSends;
import dev.cpg.client.internal.ipc.memory.FrameHeader;
import dev.cpg.client.internal.ipc.memory.FrameReader;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the daemon's events, in their order; it keeps the view as of the last event,
 * and knows own messages when they come back. It is used by whoever reads, so by one
 * thread at a time.
 * <p>
 * Corosync tells of the ring after the changes that came of it: the join is followed by
 * the first totem configuration, changes with reason NODEDOWN and NODEUP by that of the
 * new ring. Such changes are held for the moment until it is there, so that their view
 * carries the id of the ring that agreed on them.
 */
final class EventDecoder {

	/**
	 * For the totem configuration that follows at once; a daemon in need takes longer.
	 */
	static final int HOLD_MILLIS = 1000;

	/**
	 * Members in all lists that are held, some megabytes. A merge brings a change, with a
	 * list, for each member that comes; what is more is not awaited.
	 */
	private static final int MAX_HELD_MEMBERS = 1 << 18;

	private final MembershipState membership;

	private final PendingSends pending;

	private final ContentHash contentHash;

	private final Reassembler reassembly;

	private final DroppedMessages dropped;

	private final FragmentRecipients recipients = new FragmentRecipients();

	private final SessionSettings settings;

	private final SuspectCheck suspectCheck;

	private final List<CpgEvents.ConfigurationChange> held = new ArrayList<>();

	private int heldMembers;

	/** Since when the first of them is held. */
	private long heldSince;

	private List<Long> ringNodes = List.of();

	/** Those that the ring before did not have. */
	private List<Long> newNodes = List.of();

	/** Members that no change announced, found by asking since the last ring. */
	private List<CpgAddress> found = List.of();

	/** The ring that the listener was told of last. */
	private RingId reportedRing = RingId.NONE;

	private boolean joined;

	private boolean left;

	private CpgView view = CpgView.NONE;

	private @Nullable CpgAddress lastSender;

	/** The bytes of the message that was lent last. */
	private byte[] scratch = new byte[0];

	/** The room of a message that came in fragments, while it is lent. */
	private byte @Nullable [] assembled;

	EventDecoder(MembershipState membership, PendingSends pending, ContentHash contentHash, Reassembler reassembly,
			DroppedMessages dropped, SessionSettings settings, SuspectCheck suspectCheck) {
		this.membership = membership;
		this.pending = pending;
		this.contentHash = contentHash;
		this.reassembly = reassembly;
		this.dropped = dropped;
		this.settings = settings;
		this.suspectCheck = suspectCheck;
	}

	void decode(FrameReader frame, Sink sink) {
		if (this.left) {
			// Corosync goes on telling a connection of the group that it has left.
			return;
		}
		switch (FrameHeader.id(frame)) {
			case CpgEvents.DELIVER -> deliver(frame, sink);
			case CpgEvents.PARTIAL_DELIVER -> deliverFragment(frame, sink);
			case CpgEvents.CONFIGURATION_CHANGE -> configurationChange(frame, sink);
			case CpgEvents.TOTEM_CONFIGURATION -> totemConfiguration(frame, sink);
			default -> {
				// A newer daemon may tell more; what is not known is not needed.
			}
		}
	}

	/** A burst is over: decides what it says of this member's sends. */
	void settle() {
		this.pending.settle();
	}

	/** Returns whether {@link #releaseOverdue} may have changes to pass on soon. */
	boolean holds() {
		return !this.held.isEmpty() || this.suspectCheck.isUnderWay();
	}

	/** Passes on what has been held for too long, and what the daemon was asked for. */
	void releaseOverdue(Sink sink) {
		if (!this.held.isEmpty() && System.nanoTime() - this.heldSince > HOLD_MILLIS * 1_000_000L) {
			releaseHeld(sink);
		}
		compareWithCounted(sink);
	}

	/** The listener has been told: what was lent is not used any more. */
	void recycle() {
		if (this.assembled != null) {
			this.reassembly.recycle(this.assembled);
			this.assembled = null;
		}
	}

	private void deliver(FrameReader frame, Sink sink) {
		releaseHeld(sink);
		CpgEvents.requireDelivery(frame);
		CpgAddress sender = sender(CpgEvents.senderNodeId(frame), CpgEvents.senderPid(frame));
		long claimed = CpgEvents.messageLength(frame);
		if (claimed > frame.length() - CpgEvents.MESSAGE) {
			this.dropped.add(DroppedMessages.Cause.MALFORMED, sender,
					() -> "it claims %d bytes and has %d".formatted(claimed, frame.length() - CpgEvents.MESSAGE));
			return;
		}
		int length = (int) claimed;
		byte[] bytes = sink.lends() ? scratch(length) : new byte[length];
		frame.getBytes(CpgEvents.MESSAGE, bytes, 0, length);
		deliver(sender, bytes, length, this.view, sink);
	}

	private byte[] scratch(int length) {
		if (this.scratch.length < length) {
			this.scratch = new byte[Math.max(length, 2 * this.scratch.length)];
		}
		return this.scratch;
	}

	private void deliverFragment(FrameReader frame, Sink sink) {
		releaseHeld(sink);
		CpgEvents.Fragment fragment = CpgEvents.readFragment(frame);
		CpgAddress sender = sender(fragment.nodeId(), fragment.pid());
		boolean local = sender.equals(this.membership.localAddress());
		if (local && fragment.type() == FragmentType.FIRST) {
			this.recipients.begin(this.view);
		}
		byte[] bytes = this.reassembly.add(sender, fragment, frame);
		if (bytes != null) {
			this.assembled = sink.lends() ? bytes : null;
			CpgView gotBy = local ? this.recipients.end(this.view) : this.view;
			deliver(sender, bytes, (int) fragment.wholeLength(), gotBy, sink);
		}
	}

	/**
	 * Delivers a message.
	 * @param gotBy the view with the members that surely get it, which its sender hears
	 */
	private void deliver(CpgAddress sender, byte[] bytes, int length, CpgView gotBy, Sink sink) {
		boolean local = sender.equals(this.membership.localAddress());
		if (local) {
			this.pending.delivered(length, this.contentHash.of(bytes, length), gotBy);
		}
		if (sink.lends()) {
			sink.accept(new DeliveredMessage(this.membership.requireGroup(), this.view, sender, local, bytes, length));
		}
		else {
			byte[] payload = (bytes.length == length) ? bytes : Arrays.copyOf(bytes, length);
			sink.accept(new DeliveredMessage(this.membership.requireGroup(), this.view, sender, local, payload));
		}
	}

	/** Messages mostly come in runs of one sender, so its address is made once. */
	private CpgAddress sender(long nodeId, long pid) {
		CpgAddress last = this.lastSender;
		if (last != null && last.nodeId() == nodeId && last.pid() == pid) {
			return last;
		}
		CpgAddress sender = null;
		for (CpgAddress member : this.view.members()) {
			if (member.nodeId() == nodeId && member.pid() == pid) {
				sender = member;
			}
		}
		sender = (sender != null) ? sender : new CpgAddress(nodeId, pid);
		this.lastSender = sender;
		return sender;
	}

	private void configurationChange(FrameReader frame, Sink sink) {
		CpgEvents.ConfigurationChange change = CpgEvents.readConfigurationChange(frame);
		// Its list of members is as good as the answer, and later.
		this.suspectCheck.forget();
		if (this.view.ring().equals(RingId.NONE) || !this.held.isEmpty() || isOfRingChange(change)) {
			if (this.held.isEmpty()) {
				this.heldSince = System.nanoTime();
			}
			this.held.add(change);
			this.heldMembers += change.members().size() + 1;
			if (this.heldMembers > MAX_HELD_MEMBERS) {
				releaseHeld(sink);
			}
		}
		else {
			release(change, sink);
		}
	}

	private static boolean isOfRingChange(CpgEvents.ConfigurationChange change) {
		return change.left().stream().anyMatch((member) -> member.reason() == CpgReason.NODEDOWN)
				|| change.joined().stream().anyMatch((member) -> member.reason() == CpgReason.NODEUP);
	}

	private void totemConfiguration(FrameReader frame, Sink sink) {
		CpgEvents.TotemConfiguration totem = CpgEvents.readTotemConfiguration(frame);
		this.view = new CpgView(totem.ring(), this.view.members());
		List<Long> nodesBefore = this.ringNodes;
		this.ringNodes = totem.nodeIds();
		this.newNodes = nodesBefore.isEmpty() ? List.of()
				: this.ringNodes.stream().filter((node) -> !nodesBefore.contains(node)).toList();
		this.found = List.of();
		releaseHeld(sink);
		reportRing(sink);
		boolean suspects = !this.view.members().stream().allMatch(this::isOnRing);
		if (this.joined && (suspects || !this.newNodes.isEmpty())) {
			this.suspectCheck.begin(this.membership.requireGroup(), this.view.ring());
		}
	}

	private boolean isOnRing(CpgAddress member) {
		return this.ringNodes.contains(member.nodeId());
	}

	/** Mends what corosync changed without a change that says so. */
	private void compareWithCounted(Sink sink) {
		List<CpgAddress> counted = this.suspectCheck.takeAnswer(this.view.ring());
		if (counted != null) {
			List<CpgAddress> before = this.view.members();
			Stream<CpgAddress> stay = before.stream().filter((member) -> isOnRing(member) || counted.contains(member));
			List<CpgMember> came = counted.stream()
				.filter((member) -> this.newNodes.contains(member.nodeId()) && !before.contains(member))
				.map((member) -> new CpgMember(member, CpgReason.NODEUP))
				.toList();
			List<CpgAddress> members = Stream.concat(stay, came.stream().map(CpgMember::address)).sorted().toList();
			release(new CpgEvents.ConfigurationChange(members, List.of(), came), sink);
			this.found = came.stream().map(CpgMember::address).toList();
		}
	}

	/** The change of one that joined just now may follow the answer that counts it. */
	private CpgEvents.ConfigurationChange withoutFound(CpgEvents.ConfigurationChange change) {
		if (this.found.isEmpty()) {
			return change;
		}
		List<CpgMember> joined = change.joined()
			.stream()
			.filter((member) -> !this.found.contains(member.address())
					|| !this.view.members().contains(member.address()))
			.toList();
		return new CpgEvents.ConfigurationChange(change.members(), change.left(), joined);
	}

	/** A ring that was there before the join is told after it, and told once. */
	private void reportRing(Sink sink) {
		if (this.joined && !this.view.ring().equals(this.reportedRing)) {
			this.reportedRing = this.view.ring();
			sink.accept(new Delivery.RingChanged(new CpgTotemConfiguration(this.view, this.ringNodes)));
		}
	}

	private void releaseHeld(Sink sink) {
		if (!this.held.isEmpty()) {
			this.held.forEach((change) -> release(change, sink));
			this.held.clear();
			this.heldMembers = 0;
		}
	}

	private void release(CpgEvents.ConfigurationChange daemons, Sink sink) {
		if (this.left) {
			return;
		}
		CpgGroupName group = this.membership.requireGroup();
		ViewChange change = new ViewChange(this.view.members(), withoutFound(daemons), this.ringNodes);
		this.view = new CpgView(this.view.ring(), change.members());
		this.lastSender = null;
		this.reassembly.left(change.left());
		this.recipients.change(change);
		boolean ownJoin = !this.joined && hasLocal(change.joined());
		if (ownJoin) {
			if (!this.membership.joined(this.view)) {
				// The listener is not notified of a join that is taken back at once.
				this.left = true;
				return;
			}
			this.joined = true;
		}
		CpgReason ownLeft = change.reasonOfLeave(this.membership.localAddress());
		if (ownLeft != null) {
			leave(ownLeft);
		}
		if (!change.isEmpty()) {
			sink.accept(new Delivery.MembersChanged(
					new CpgConfigurationChange(group, this.view, change.left(), change.joined())));
		}
		if (ownJoin && !this.view.ring().equals(RingId.NONE)) {
			reportRing(sink);
		}
	}

	private void leave(CpgReason reason) {
		if (!this.membership.isLeaving()) {
			throw new CorosyncException(CsError.NOT_EXIST,
					"Corosync counts this member, %s, as gone from the group '%s': %s; the connection was closed, join again"
						.formatted(this.membership.localAddress(), this.membership.requireGroup(), expelledBy(reason)),
					(reason == CpgReason.LEAVE) ? CorosyncSetting.MEMBER_ID : null, null);
		}
		// What was sent before the leave has come back by now, or never will.
		this.left = true;
		this.membership.left();
		this.pending.allLost();
	}

	/** A leave and the end of a connection take out whoever has the member id. */
	private String expelledBy(CpgReason reason) {
		return switch (reason) {
			case LEAVE -> "another program of this node left the group with this member's id. Look for the program"
					+ " (corosync-cpgtool shows the members with their ids), and if it needs the id, set another one"
					+ " here (" + this.settings.nameOf(CorosyncSetting.MEMBER_ID) + ")";
			case PROCDOWN -> "an earlier connection with this member's id ended late, and took it along";
			default -> "it gave the reason " + reason;
		};
	}

	private boolean hasLocal(List<CpgMember> members) {
		return members.stream().anyMatch((member) -> member.address().equals(this.membership.localAddress()));
	}

	/** Takes what was decoded, in order. */
	interface Sink {

		/**
		 * Returns whether a message is used only until the next one is decoded, so that
		 * its bytes may be lent.
		 */
		boolean lends();

		void accept(Delivery delivery);

	}

}
