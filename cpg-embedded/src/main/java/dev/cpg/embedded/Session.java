package dev.cpg.embedded;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CorosyncSetting;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgInterceptor;
import dev.cpg.client.CpgListener;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgOverflow;
import dev.cpg.client.CpgReason;
import dev.cpg.client.CpgTotemConfiguration;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.embedded.OrderedMessage.Data;
import dev.cpg.embedded.OrderedMessage.Piece;
import org.jspecify.annotations.Nullable;

/**
 * The daemon's part of a connection: what it asks for, its membership, and its messages
 * under way. As a step it has the daemon take the next request. Used by the engine's
 * thread, unless a method says otherwise.
 */
final class Session implements Step {

	private static final Logger LOGGER = System.getLogger("dev.cpg.embedded");

	private final Daemon daemon;

	private final Engine engine;

	private final MemberIds memberIds;

	private final ConnectionSettings settings;

	private final ListenerQueue listener;

	private final Interception interception;

	/** Changes of members and rings that the daemon has delivered. */
	private final AtomicLong changes = new AtomicLong();

	private final Arrivals arrivals;

	private final SerialTasks outcomes;

	private final Reassembler reassembler;

	private final ViewQuorum quorum;

	private final Deque<Request> requests = new ArrayDeque<>();

	private final UnderWay underWay;

	private final AtomicReference<State> state = new AtomicReference<>(State.NONE);

	private volatile CpgAddress address;

	private volatile @Nullable CorosyncException failure;

	/** The group from the time on that the daemon has taken the join. */
	private @Nullable CpgGroupName group;

	private boolean leaveTaken;

	private @Nullable CompletableFuture<@Nullable Void> joining;

	private @Nullable CompletableFuture<@Nullable Void> leaving;

	private boolean warned;

	/**
	 * How far a session is with its membership.
	 */
	enum State {

		NONE, JOINING,

		/** The join is agreed, and the listener is not notified of it yet. */
		AGREED,

		JOINED, LEAVING, ENDED;

		/** Returns whether multicasts would be delivered. */
		boolean isMember() {
			return this == AGREED || this == JOINED;
		}

	}

	Session(Daemon daemon, Engine engine, MemberIds memberIds, CpgListener listener,
			@Nullable CpgInterceptor interceptor, ConnectionSettings settings) {
		this.daemon = daemon;
		this.engine = engine;
		this.memberIds = memberIds;
		this.settings = settings;
		this.listener = new ListenerQueue(listener, engine, settings.deliveryQueueCapacity(),
				settings.threadName(daemon.nodeId(), "delivery"));
		this.interception = new Interception(interceptor);
		this.arrivals = new Arrivals(this.listener, this::overflow);
		this.listener.onRoom(this.arrivals::resume);
		this.reassembler = new Reassembler(settings.limits().maxMessageSize());
		this.quorum = new ViewQuorum(settings.quorum());
		this.outcomes = new SerialTasks(engine, true, settings.threadName(daemon.nodeId(), "outcomes"));
		this.underWay = new UnderWay(engine);
		this.address = new CpgAddress(daemon.nodeId(), memberIds.first());
	}

	// For any thread

	CpgAddress address() {
		return this.address;
	}

	State state() {
		return this.state.get();
	}

	ListenerQueue listener() {
		return this.listener;
	}

	@Nullable CorosyncException failure() {
		return this.failure;
	}

	/** Returns whether a listener that was notified of so many changes knows of all. */
	boolean isCurrent(long notified) {
		return this.state.get() != State.ENDED && this.changes.get() == notified;
	}

	/** Has the listener's thread run something after what was delivered before. */
	void post(Runnable call) {
		if (!this.interception.isPresent()) {
			throw new CorosyncException(CsError.BAD_OPERATION,
					"Nothing can be posted to a connection that was opened without an interceptor");
		}
		this.listener.post(call);
	}

	Reassembler reassembler() {
		return this.reassembler;
	}

	/**
	 * Returns whether a multicast need not wait. It waits for those that do: senders at
	 * full speed could pass one of them for a long time.
	 */
	boolean takesMulticasts() {
		return !this.underWay.isAwaited() && hasRoom();
	}

	/** Returns whether there is room for one that waits. */
	boolean hasRoom() {
		return this.daemon.takesMulticasts() && this.underWay.hasRoom();
	}

	UnderWay underWay() {
		return this.underWay;
	}

	/** Sends a message. */
	void submit(Multicast multicast) {
		this.underWay.sent();
		this.engine.execute(() -> send(multicast));
	}

	Multicast newMulticast(byte[] message, long deadline) {
		return new Multicast(message.clone(), this.settings.limits().maxAtomicMessageSize(), deadline, this.outcomes,
				this.engine.newFuture());
	}

	// Requests

	void join(CpgGroupName newGroup, CompletableFuture<@Nullable Void> reply) {
		if (this.state.compareAndSet(State.NONE, State.JOINING)) {
			this.joining = reply;
			this.requests.add(new Request.Join(newGroup, reply));
		}
		else if (this.state.get() == State.ENDED) {
			reply.completeExceptionally(ended("join " + newGroup));
		}
		else {
			reply.completeExceptionally(new CorosyncException(CsError.EXIST,
					"Cannot join " + newGroup + ": this connection is in a group already"));
		}
	}

	void leave(CompletableFuture<@Nullable Void> reply) {
		if (this.state.compareAndSet(State.JOINED, State.LEAVING)) {
			this.leaving = reply;
			this.requests.add(new Request.Leave(reply));
		}
		else if (this.state.get() == State.ENDED) {
			reply.completeExceptionally(ended("leave"));
		}
		else {
			reply.completeExceptionally(
					new CorosyncException(CsError.NOT_EXIST, "Cannot leave: this connection is in no group"));
		}
	}

	void listGroups(CompletableFuture<Map<CpgGroupName, List<CpgAddress>>> reply) {
		if (this.state.get() == State.ENDED) {
			reply.completeExceptionally(ended("list the groups"));
		}
		else {
			this.requests.add(new Request.Groups(reply));
		}
	}

	private void send(Multicast multicast) {
		if (this.state.get().isMember()) {
			this.underWay.add(multicast);
			this.requests.add(new Request.Send(multicast));
			return;
		}
		this.underWay.taken();
		if (this.state.get() == State.ENDED) {
			multicast.unknown("the connection ended", this.failure);
		}
		else {
			multicast.lost();
		}
	}

	/** The sender gives up a message of which the daemon has not taken all. */
	void withdraw(Multicast multicast) {
		if (!multicast.isTaken() && this.requests.remove(new Request.Send(multicast))) {
			this.underWay.taken();
			this.underWay.remove(multicast);
		}
	}

	/** Returns what a call fails with after the end. For any thread. */
	CorosyncException ended(String what) {
		return new CorosyncException(CsError.BAD_HANDLE, "Cannot " + what + ": the connection has ended", this.failure);
	}

	@Override
	public boolean isEnabled() {
		Request next = this.requests.peek();
		if (next == null || !this.daemon.isActive()) {
			return false;
		}
		if (next instanceof Request.Send) {
			return this.daemon.takesMulticasts();
		}
		return !(next instanceof Request.Join join) || !awaitsFormerMember(join.group());
	}

	/** An earlier member with the same id has ended, and the others do not know yet. */
	private boolean awaitsFormerMember(CpgGroupName newGroup) {
		Session other = this.daemon.cpg().memberAs(newGroup, this.address);
		return other != null && other.state.get() == State.ENDED && !this.memberIds.mayDiffer();
	}

	@Override
	public void run() {
		Request next = this.requests.remove();
		if (next instanceof Request.Send send) {
			take(send);
		}
		else if (next instanceof Request.Join join) {
			take(join);
		}
		else if (next instanceof Request.Leave) {
			takeLeave();
		}
		else if (next instanceof Request.Groups groups) {
			groups.reply().complete(this.daemon.cpg().groupMembers());
		}
		else if (next instanceof Request.End) {
			takeEnd();
		}
	}

	private void take(Request.Join join) {
		CpgAddress free = this.address;
		while (this.memberIds.mayDiffer() && this.daemon.cpg().isTaken(join.group(), free)) {
			free = this.memberIds.next(free);
		}
		if (this.daemon.cpg().isGhost(join.group(), free)) {
			refuse(join, new CorosyncException(CsError.TRY_AGAIN,
					("The daemon still counts %s as a member of the group %s, though no process is it any more: a ghost."
							+ " Take another member id (%s), or restart the daemon of this node")
						.formatted(free, join.group(), this.settings.nameOf(CorosyncSetting.MEMBER_ID)),
					CorosyncSetting.MEMBER_ID, null));
		}
		else if (this.daemon.cpg().memberAs(join.group(), free) != null) {
			refuse(join, new CorosyncException(CsError.EXIST,
					"Another connection on this node is the member %s of the group %s; set another one for this (%s)"
						.formatted(free, join.group(), this.settings.nameOf(CorosyncSetting.MEMBER_ID)),
					CorosyncSetting.MEMBER_ID, null));
		}
		else if (!this.daemon.cpg().hasRoom(join.group())) {
			refuse(join,
					new CorosyncException(CsError.NO_RESOURCES,
							"This node has %d members of the group %s, and no more than that are safe on Corosync"
								.formatted(CpgView.MAX_MEMBERS_OF_NODE, join.group())));
		}
		else {
			this.address = free;
			this.group = join.group();
			this.leaveTaken = false;
			this.reassembler.reset();
			this.daemon.cpg().join(join.group(), free, this);
		}
	}

	private void refuse(Request.Join join, CorosyncException reason) {
		this.state.compareAndSet(State.JOINING, State.NONE);
		this.joining = null;
		join.reply().completeExceptionally(reason);
	}

	/** A piece at a time, so that others have their turn between fragments. */
	private void take(Request.Send send) {
		Multicast multicast = send.multicast();
		CpgGroupName to = this.group;
		if (to == null) {
			drop(multicast);
			return;
		}
		multicast.checkChanges(this.daemon.cpg().changes(to));
		Piece piece = multicast.nextPiece();
		if ((piece == Piece.WHOLE || piece == Piece.FIRST) && this.daemon.drops(() -> message(to, multicast))) {
			drop(multicast);
			return;
		}
		int offset = multicast.offset();
		this.daemon.cpg().send(new Data(to, this.address, multicast, piece, offset, multicast.take()));
		if (multicast.isTaken()) {
			this.underWay.taken();
		}
		else {
			this.requests.addFirst(send);
		}
	}

	private CpgMessage message(CpgGroupName to, Multicast multicast) {
		return new CpgMessage(to, this.daemon.cpg().view(to), this.address, true, multicast.bytes().clone());
	}

	private void drop(Multicast multicast) {
		multicast.lost();
		this.underWay.remove(multicast);
		this.underWay.taken();
	}

	private void takeLeave() {
		if (this.group != null && !this.leaveTaken) {
			this.leaveTaken = true;
			this.daemon.cpg().leave(this.group, this.address, CpgReason.LEAVE);
		}
	}

	private void takeEnd() {
		if (this.group != null && !this.leaveTaken) {
			this.daemon.cpg().leave(this.group, this.address, CpgReason.PROCDOWN);
		}
		this.daemon.cpg().close(this);
	}

	// Events

	void membersChanged(CpgConfigurationChange change) {
		this.changes.incrementAndGet();
		this.arrivals.add(() -> takeMembersChanged(this.quorum.membersChanged(change)));
	}

	private void takeMembersChanged(CpgConfigurationChange change) {
		for (CpgMember member : change.left()) {
			this.reassembler.remove(member.address());
		}
		this.underWay.membersChanged(change);
		Runnable onNotified = joining(change);
		this.interception.membersChanged(change);
		this.listener.membersChanged(change, onNotified);
	}

	/** Returns what follows when the listener is about to be notified of the join. */
	private @Nullable Runnable joining(CpgConfigurationChange change) {
		CompletableFuture<@Nullable Void> reply = this.joining;
		if (reply == null || !joins(change)) {
			return null;
		}
		this.joining = null;
		this.state.compareAndSet(State.JOINING, State.AGREED);
		return () -> joined(reply);
	}

	private boolean joins(CpgConfigurationChange change) {
		return change.joined().stream().anyMatch((member) -> member.address().equals(this.address));
	}

	/** The listener is about to be notified of the join; on its thread. */
	private void joined(CompletableFuture<@Nullable Void> reply) {
		this.state.compareAndSet(State.AGREED, State.JOINED);
		reply.complete(null);
		this.engine.signal();
	}

	/** This member's leave is agreed. */
	void left() {
		this.group = null;
		this.arrivals.add(this::takeLeft);
	}

	private void takeLeft() {
		this.state.compareAndSet(State.LEAVING, State.NONE);
		if (this.leaving != null) {
			this.leaving.complete(null);
			this.leaving = null;
		}
	}

	void ringChanged(CpgTotemConfiguration configuration) {
		this.changes.incrementAndGet();
		this.arrivals.add(() -> {
			CpgTotemConfiguration paired = this.quorum.ringChanged(configuration);
			this.interception.ringChanged(paired);
			this.listener.ringChanged(paired);
		});
	}

	/** A message of the group, or a fragment of one, is delivered to this member. */
	void deliver(Data data, CpgView view) {
		this.arrivals.add(() -> takeDelivery(data, this.quorum.pair(view)));
	}

	private void takeDelivery(Data data, CpgView view) {
		boolean local = data.sender().equals(this.address);
		boolean whole = data.piece() == Piece.WHOLE || this.reassembler.completes(data);
		if (whole && !this.interception.consumes(data, view, local)) {
			this.listener.delivered(data, view, local);
		}
		if (local) {
			data.multicast().delivered(data.piece(), view);
			if (data.multicast().isDecided()) {
				this.underWay.remove(data.multicast());
			}
		}
	}

	/** More waits for the listener than may. */
	private void overflow() {
		String capacity = this.settings.nameOf(CorosyncSetting.DELIVERY_QUEUE_CAPACITY);
		if (this.settings.overflow() == CpgOverflow.LEAVE) {
			end(new CorosyncException(CsError.QUEUE_FULL,
					("The listener is too slow: %d bytes wait for it; the group was left"
							+ " so that the daemon need not keep more (%s)")
						.formatted(this.listener.bytes(), capacity),
					CorosyncSetting.DELIVERY_QUEUE_CAPACITY, null));
			this.requests.addFirst(new Request.Leave(new CompletableFuture<>()));
		}
		else if (!this.warned) {
			this.warned = true;
			LOGGER.log(Level.WARNING,
					"The listeners of ''{0}'' are too slow: {1} bytes wait for them, and what follows waits in the"
							+ " daemon ({2})",
					this.settings.name(), this.listener.bytes(), capacity);
		}
	}

	/**
	 * The connection ends, and the daemon does not notice.
	 * @return the group that it was in
	 */
	@Nullable CpgGroupName becomeGhost() {
		CpgGroupName former = this.group;
		this.group = null;
		end(new CorosyncException(CsError.LIBRARY, "The process has ended, and stays as a ghost: a test asked for it"));
		return former;
	}

	/**
	 * The connection ends.
	 * @param cause why, {@code null} if the application closes it
	 */
	void end(@Nullable CorosyncException cause) {
		if (this.state.getAndSet(State.ENDED) == State.ENDED) {
			return;
		}
		this.arrivals.end();
		this.failure = cause;
		this.interception.closed(cause);
		this.underWay.end(cause);
		failReplies((cause != null) ? cause : ended("go on"));
		this.listener.closed(cause);
		if (this.daemon.isUp()) {
			this.requests.add(new Request.End());
		}
		this.engine.signal();
	}

	private void failReplies(CorosyncException reason) {
		for (Request request : this.requests) {
			if (request instanceof Request.Groups groups) {
				groups.reply().completeExceptionally(reason);
			}
		}
		this.requests.clear();
		if (this.joining != null) {
			this.joining.completeExceptionally(reason);
			this.joining = null;
		}
		if (this.leaving != null) {
			this.leaving.completeExceptionally(reason);
			this.leaving = null;
		}
	}

}
