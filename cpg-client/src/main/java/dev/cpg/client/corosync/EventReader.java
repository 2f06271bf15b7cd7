package dev.cpg.client.corosync;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the daemon's events and decodes them, in their order; it keeps the view as of the
 * last event, and knows own messages when they come back. It is used by the thread whose
 * {@link Turn} it is: the delivery thread tells the listener at once, the reader hands
 * over.
 * <p>
 * Corosync tells of the ring after the changes that came of it: the join is followed by
 * the first totem configuration, changes with reason NODEDOWN and NODEUP by that of the
 * new ring. Such changes are held for the moment until it is there, so that their view
 * carries the id of the ring that agreed on them.
 */
final class EventReader implements Frame.Handler {

	private static final Logger logger = LoggerFactory.getLogger(EventReader.class);

	/**
	 * For the totem configuration that follows at once; a daemon in need takes longer.
	 */
	private static final int HOLD_MILLIS = 1000;

	private static final String READING = "reading events";

	/** A ring change brings one for each node at most; what is more is not awaited. */
	private static final int MAX_HELD = 384;

	/** So that a long burst does not keep others waiting for its end. */
	private static final int MAX_UNFLUSHED = 64;

	private final CpgAddress localAddress;

	private final Membership membership;

	private final PendingSends pending;

	private final Outcomes outcomes;

	private final ContentHash contentHash;

	private final Reassembly reassembly;

	private final HandOff<Object> delivery;

	private final CpgOverflow overflow;

	private final Link link;

	private final Turn turn;

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

	/** Events since others were last told of what they wait for. */
	private int unflushed;

	/** Events of the present burst. */
	private int burst;

	/** When the first of them was there. */
	private long burstSince;

	private long waitsSince;

	private final WarningLimit fullQueueWarning = new WarningLimit();

	/** Whether the delivery thread reads, so that nothing need be handed over. */
	private boolean direct;

	/** Whether messages are in the listener's hands only while it is told of them. */
	private final boolean lends;

	/** The bytes of the message that the delivery thread tells of; its own. */
	private byte[] scratch = new byte[0];

	/** The room of a message that came in fragments, which is told of now. */
	private byte @Nullable [] assembled;

	/** What the delivery thread has decoded and not told yet; its own. */
	private final ArrayDeque<Object> decoded = new ArrayDeque<>();

	EventReader(CpgAddress localAddress, Membership membership, PendingSends pending, Outcomes outcomes,
			ContentHash contentHash, Reassembly reassembly, HandOff<Object> delivery, CpgOverflow overflow, Link link,
			Turn turn, boolean lends) {
		this.localAddress = localAddress;
		this.membership = membership;
		this.pending = pending;
		this.outcomes = outcomes;
		this.contentHash = contentHash;
		this.reassembly = reassembly;
		this.delivery = delivery;
		this.overflow = overflow;
		this.link = link;
		this.turn = turn;
		this.lends = lends;
	}

	/**
	 * Reads events and hands them over, until the delivery thread waits for some and so
	 * can read itself, or the link ends. For the reader.
	 */
	void readAndHandOver() {
		this.direct = false;
		try {
			// What the delivery thread left when it was held up.
			this.outcomes.flush();
			while (awaitEvents()) {
				while (this.link.take(this)) {
					if (this.unflushed > MAX_UNFLUSHED) {
						this.delivery.flush();
						flush();
					}
				}
				releaseOverdue();
				if (handBack()) {
					return;
				}
				rest();
			}
		}
		catch (IOException | RuntimeException | Error ex) {
			// The report of a faulty access may come after the turn was given back.
			if (this.turn.isReaders()) {
				fail(ex);
			}
			else {
				this.link.end(Link.lost(READING, ex));
			}
		}
	}

	/**
	 * Hands over what was read, and the turn with it if the delivery thread waits: before
	 * it goes on, as it has to know whose turn it is when it tells the listener, and
	 * after all else, as nothing here is to be touched then.
	 * @return whether it did
	 */
	private boolean handBack() {
		if (this.link.waitsUninterruptibly()) {
			flush();
			return this.delivery.flush(this.turn::giveBack);
		}
		this.delivery.flush();
		flush();
		return false;
	}

	/**
	 * Reads events and tells each of them at once, as long as the delivery thread has the
	 * turn; it gives it up if more comes than the listener can take. For the delivery
	 * thread.
	 */
	void readAndTell(Consumer<Object> listener) {
		this.direct = true;
		try {
			while (awaitEvents()) {
				while (this.link.take(this)) {
					if (!tell(listener)) {
						return;
					}
					recycle();
					if (System.nanoTime() - this.burstSince > Turn.MAX_BURST_NANOS) {
						this.turn.handOver();
						return;
					}
					if (this.unflushed > MAX_UNFLUSHED) {
						flush();
					}
				}
				releaseOverdue();
				if (!tell(listener)) {
					return;
				}
				this.delivery.directEnd();
				flush();
				rest();
			}
		}
		catch (IOException | RuntimeException | Error ex) {
			if (this.turn.reclaim()) {
				fail(ex);
			}
			else {
				this.link.end(Link.lost("telling the listener", ex));
			}
			tell(listener);
		}
	}

	/**
	 * Tells what was decoded. If the reader takes the turn meanwhile, nothing else here
	 * is to be touched.
	 * @return whether the delivery thread still has the turn
	 */
	private boolean tell(Consumer<Object> listener) {
		boolean mine = true;
		for (Object element = this.decoded.poll(); element != null; element = this.decoded.poll()) {
			long telling = this.turn.telling();
			listener.accept(element);
			if (element instanceof LentMessage message) {
				message.takeBack();
			}
			mine = this.turn.told(telling);
		}
		return mine;
	}

	/** Returns {@code false} if the link has ended. */
	private boolean awaitEvents() throws IOException {
		this.waitsSince = System.nanoTime();
		this.burst = 0;
		if (this.link.await(this.held.isEmpty() ? 0 : HOLD_MILLIS) >= 0) {
			return true;
		}
		this.link.end(new CpgException(CsError.LIBRARY, "Corosync ended the connection: the daemon stopped, or died"));
		this.turn.close();
		return false;
	}

	private void fail(Throwable cause) {
		try {
			if (cause instanceof CpgException ex) {
				if (ex.error() == CsError.QUEUE_FULL) {
					this.link.farewell(CpgProtocol.NAME_AND_PID_LENGTH,
							(frame) -> CpgProtocol.writeLeave(frame, group(), (int) this.localAddress.pid()));
				}
				this.link.end(ex);
			}
			else {
				this.link.end(Link.lost(READING, cause));
			}
		}
		finally {
			this.turn.close();
		}
	}

	/** What others wait for: the outcomes of their sends, and the daemon for requests. */
	private void flush() {
		this.unflushed = 0;
		this.outcomes.flush();
		// The daemon was at work: it may have taken what it was told of.
		this.link.announceHere();
	}

	private void releaseOverdue() {
		if (!this.held.isEmpty() && System.nanoTime() - this.heldSince > HOLD_MILLIS * 1_000_000L) {
			releaseHeld();
		}
	}

	private void rest() {
		if (this.burst > 0) {
			this.moderation.rest(this.burst, this.burstSince - this.waitsSince);
		}
	}

	@Override
	public void handle(Frame frame) {
		if (this.burst++ == 0) {
			this.burstSince = System.nanoTime();
			if (this.direct) {
				this.delivery.directSince(this.burstSince);
			}
		}
		this.unflushed++;
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
		int length = CpgProtocol.deliverLength(frame);
		byte[] bytes = isLent() ? scratch(length) : new byte[length];
		frame.getBytes(CpgProtocol.DELIVERED, bytes, 0, length);
		deliver(sender, bytes, length);
	}

	/** What is handed over outlives the call in which it was read. */
	private boolean isLent() {
		return this.direct && this.lends;
	}

	private byte[] scratch(int length) {
		if (this.scratch.length < length) {
			this.scratch = new byte[Math.max(length, 2 * this.scratch.length)];
		}
		return this.scratch;
	}

	private void deliverFragment(Frame frame) {
		releaseHeld();
		CpgProtocol.Fragment fragment = CpgProtocol.readFragment(frame);
		CpgAddress sender = sender(fragment.nodeId(), fragment.pid());
		byte[] bytes = this.reassembly.add(sender, fragment, frame);
		if (bytes != null) {
			this.assembled = isLent() ? bytes : null;
			deliver(sender, bytes, fragment.wholeLength());
		}
	}

	/** The listener has been told of a message that came in fragments. */
	private void recycle() {
		if (this.assembled != null) {
			this.reassembly.recycle(this.assembled);
			this.assembled = null;
		}
	}

	private void deliver(CpgAddress sender, byte[] bytes, int length) {
		boolean local = sender.equals(this.localAddress);
		if (local) {
			this.pending.delivered(length, this.contentHash.of(bytes, length), this.view);
		}
		if (isLent()) {
			put(new LentMessage(group(), this.view, sender, local, bytes, length));
		}
		else {
			byte[] payload = (bytes.length == length) ? bytes : Arrays.copyOf(bytes, length);
			put(new CpgMessage(group(), this.view, sender, local, payload));
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
	 * Under the blocking policy the reader waits here, and has to notice all the same if
	 * the daemon goes.
	 */
	private void put(Object element) {
		if (this.direct) {
			this.decoded.add(element);
		}
		else if (this.overflow == CpgOverflow.BLOCK) {
			if (!this.delivery.offer(element)) {
				warnOfFullQueue();
				// The listener may wait for one of these outcomes, and there is no room
				// before it returns.
				flush();
				this.delivery.put(element, this.link::probe);
			}
		}
		else if (!this.delivery.offer(element)) {
			throw new CpgException(CsError.QUEUE_FULL,
					("The listener is too slow: %d bytes wait for it; the group was left"
							+ " so that corosync need not keep more (cpg.delivery.queue-capacity)")
						.formatted(this.delivery.weight()));
		}
	}

	private void warnOfFullQueue() {
		if (this.fullQueueWarning.isDue()) {
			logger.warn(
					"The listener of group {} is too slow: {} bytes wait for it, and what follows waits in corosync,"
							+ " which the whole node needs (cpg.delivery.queue-capacity)",
					group(), this.delivery.weight());
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
