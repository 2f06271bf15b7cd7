package dev.cpg.client.corosync;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgException;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgOverflow;
import dev.cpg.client.CpgReason;
import dev.cpg.client.CpgTotemConfiguration;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.client.RingId;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the daemon's events and hands them over, in their order. It never runs user
 * code; it keeps the view as of the last event, and knows own messages when they come
 * back.
 * <p>
 * Corosync tells of the ring after the changes that came of it: the join is followed by
 * the first totem configuration, changes with reason NODEDOWN and NODEUP by that of the
 * new ring. Such changes are held for the moment until it is there, so that their view
 * carries the id of the ring that agreed on them.
 */
final class EventReader implements Frame.Handler {

	/**
	 * For the totem configuration that follows at once; a daemon in need takes longer.
	 */
	private static final int HOLD_MILLIS = 1000;

	/** A ring change brings one for each node at most; what is more is not awaited. */
	private static final int MAX_HELD = 384;

	/** So that a long burst does not keep the listener waiting for its end. */
	private static final int MAX_UNFLUSHED = 64;

	private static final long NONE_YET = Long.MIN_VALUE;

	private final CpgAddress localAddress;

	private final Membership membership;

	private final PendingSends pending;

	private final Outcomes outcomes;

	private final ContentHash contentHash;

	private final Reassembly reassembly;

	private final HandOff<Object> delivery;

	private final CpgOverflow overflow;

	private final Link link;

	private final List<CpgProtocol.ConfigurationChange> held = new ArrayList<>();

	/** Since when the first of them is held. */
	private long heldSince;

	private List<Long> ringNodes = List.of();

	/** The ring that the listener was told of last. */
	private RingId toldRing = RingId.NONE;

	private boolean joined;

	private boolean left;

	private CpgView view = CpgView.NONE;

	private @Nullable CpgAddress lastSender;

	private final Moderation moderation = new Moderation();

	private int unflushed;

	/** When the first event of the present burst was there. */
	private long firstAt = NONE_YET;

	EventReader(CpgAddress localAddress, Membership membership, PendingSends pending, Outcomes outcomes,
			ContentHash contentHash, Reassembly reassembly, HandOff<Object> delivery, CpgOverflow overflow, Link link) {
		this.localAddress = localAddress;
		this.membership = membership;
		this.pending = pending;
		this.outcomes = outcomes;
		this.contentHash = contentHash;
		this.reassembly = reassembly;
		this.delivery = delivery;
		this.overflow = overflow;
		this.link = link;
	}

	/** Reads until the link ends. */
	void run() {
		try {
			int count = 0;
			while (count >= 0) {
				long before = System.nanoTime();
				this.firstAt = NONE_YET;
				count = this.link.receive(this, this.held.isEmpty() ? 0 : HOLD_MILLIS);
				if (!this.held.isEmpty() && System.nanoTime() - this.heldSince > HOLD_MILLIS * 1_000_000L) {
					releaseHeld();
				}
				flush();
				// The daemon was at work: it may have taken what it was told of.
				this.link.announceHere();
				if (count > 0) {
					this.moderation.rest(count, this.firstAt - before);
				}
			}
			this.link
				.end(new CpgException(CsError.LIBRARY, "Corosync ended the connection: the daemon stopped, or died"));
		}
		catch (CpgException ex) {
			if (ex.error() == CsError.QUEUE_FULL) {
				this.link.farewell(CpgProtocol.NAME_AND_PID_LENGTH,
						(frame) -> CpgProtocol.writeLeave(frame, group(), (int) this.localAddress.pid()));
			}
			this.link.end(ex);
		}
		catch (IOException | RuntimeException | Error ex) {
			this.link.end(Link.lost("reading events", ex));
		}
	}

	private void flush() {
		this.unflushed = 0;
		this.delivery.flush();
		this.outcomes.flush();
	}

	@Override
	public void handle(Frame frame) {
		if (this.firstAt == NONE_YET) {
			this.firstAt = System.nanoTime();
		}
		if (++this.unflushed > MAX_UNFLUSHED) {
			flush();
		}
		if (this.left) {
			// Corosync goes on telling a connection of the group that it has left.
			return;
		}
		switch (CpgProtocol.id(frame)) {
			case CpgProtocol.DELIVER -> deliver(frame);
			case CpgProtocol.PARTIAL_DELIVER -> deliverFragment(frame);
			case CpgProtocol.CONFIGURATION_CHANGE -> configurationChange(frame);
			case CpgProtocol.TOTEM_CONFIGURATION -> totemConfiguration(frame);
			default -> {
				// A newer daemon may tell more; what is not known is not needed.
			}
		}
	}

	private void deliver(Frame frame) {
		releaseHeld();
		CpgAddress sender = sender(CpgProtocol.deliverNodeId(frame), CpgProtocol.deliverPid(frame));
		deliver(sender, CpgProtocol.readDeliverPayload(frame));
	}

	private void deliverFragment(Frame frame) {
		releaseHeld();
		CpgProtocol.Fragment fragment = CpgProtocol.readFragment(frame);
		CpgAddress sender = sender(fragment.nodeId(), fragment.pid());
		byte[] payload = this.reassembly.add(sender, fragment);
		if (payload != null) {
			deliver(sender, payload);
		}
	}

	private void deliver(CpgAddress sender, byte[] payload) {
		boolean local = sender.equals(this.localAddress);
		if (local) {
			this.pending.delivered(payload.length, this.contentHash.of(payload), this.view);
		}
		put(new CpgMessage(group(), this.view, sender, local, payload));
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

	private void configurationChange(Frame frame) {
		CpgProtocol.ConfigurationChange change = CpgProtocol.readConfigurationChange(frame);
		if (this.view.ring().equals(RingId.NONE) || !this.held.isEmpty() || isOfRingChange(change)) {
			if (this.held.isEmpty()) {
				this.heldSince = System.nanoTime();
			}
			this.held.add(change);
			if (this.held.size() >= MAX_HELD) {
				releaseHeld();
			}
		}
		else {
			release(change);
		}
	}

	private static boolean isOfRingChange(CpgProtocol.ConfigurationChange change) {
		return change.left().stream().anyMatch((member) -> member.reason() == CpgReason.NODEDOWN)
				|| change.joined().stream().anyMatch((member) -> member.reason() == CpgReason.NODEUP);
	}

	private void totemConfiguration(Frame frame) {
		CpgProtocol.TotemConfiguration totem = CpgProtocol.readTotemConfiguration(frame);
		this.view = new CpgView(totem.ring(), this.view.members());
		this.ringNodes = totem.nodeIds();
		releaseHeld();
		tellRing();
	}

	/** A ring that was there before the join is told after it, and told once. */
	private void tellRing() {
		if (this.joined && !this.view.ring().equals(this.toldRing)) {
			this.toldRing = this.view.ring();
			put(new CpgTotemConfiguration(this.view, this.ringNodes));
		}
	}

	private void releaseHeld() {
		if (!this.held.isEmpty()) {
			this.held.forEach(this::release);
			this.held.clear();
		}
	}

	private void release(CpgProtocol.ConfigurationChange change) {
		this.view = new CpgView(this.view.ring(), change.members());
		this.lastSender = null;
		this.reassembly.left(change.left());
		boolean ownJoin = !this.joined && hasLocal(change.joined());
		if (ownJoin) {
			this.joined = true;
			this.membership.joined();
		}
		boolean ownLeft = hasLocal(change.left());
		if (ownLeft && !this.membership.isLeaving()) {
			throw new CpgException(CsError.NOT_EXIST,
					("Corosync counts this member, %s, as gone: an earlier connection under its member id ended late, and"
							+ " took it along; the connection was closed, join again")
						.formatted(this.localAddress));
		}
		if (ownLeft) {
			// What was sent before the leave has come back by now, or never will.
			this.left = true;
			this.membership.left();
			this.pending.allLost();
		}
		put(new CpgConfigurationChange(group(), this.view, change.left(), change.joined()));
		if (ownJoin && !this.view.ring().equals(RingId.NONE)) {
			tellRing();
		}
	}

	/**
	 * Under the blocking policy this thread waits here, and has to notice all the same if
	 * the daemon goes.
	 */
	private void put(Object element) {
		if (this.overflow == CpgOverflow.BLOCK) {
			this.delivery.put(element, this.link::probe);
		}
		else if (!this.delivery.offer(element)) {
			throw new CpgException(CsError.QUEUE_FULL,
					("The listener is too slow: %d bytes wait for it; the group was left"
							+ " so that corosync need not keep more (cpg.delivery.queue-capacity)")
						.formatted(this.delivery.weight()));
		}
	}

	private boolean hasLocal(List<CpgMember> members) {
		return members.stream().anyMatch((member) -> member.address().equals(this.localAddress));
	}

	private CpgGroupName group() {
		CpgGroupName group = this.membership.group();
		if (group == null) {
			throw new CpgException(CsError.MESSAGE_ERROR, "The daemon sent an event of a group before any was joined");
		}
		return group;
	}

}
