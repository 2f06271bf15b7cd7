package dev.cpg.embedded;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgFlowControl;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CsError;
import dev.cpg.client.RingId;
import dev.cpg.embedded.OrderedMessage.Data;
import dev.cpg.embedded.OrderedMessage.Join;
import dev.cpg.embedded.OrderedMessage.Leave;
import dev.cpg.embedded.OrderedMessage.NodeVotes;
import dev.cpg.embedded.OrderedMessage.ProcessList;
import org.jspecify.annotations.Nullable;

/**
 * The engine's part of a node: whether it runs, what it has queued for the ring, and how
 * far it has the ring's messages. Used by the engine's thread alone, unless a method says
 * otherwise.
 */
final class Daemon {

	/** With more than that queued a daemon takes no multicasts. */
	private static final int MAX_QUEUED = 1000;

	private final long nodeId;

	private final Topology topology;

	private final EmbeddedSettings settings;

	private final List<Step> steps;

	private volatile boolean up;

	private volatile boolean paused;

	private List<Daemon> reachable = List.of();

	private Ring ring = nowhere();

	private long received;

	private long delivered;

	/** Outlives the daemon, as corosync writes it to a file. */
	private long lastSequence;

	private final Deque<OrderedMessage> queue = new ArrayDeque<>();

	private CpgService cpg;

	private final QuorumService quorum;

	private final Drops drops;

	private int multicastsToDrop;

	private boolean refusing;

	/** Whether it goes on in a ring that it was paused in, and that has broken since. */
	private boolean overslept;

	/**
	 * Whether it has noticed that, after which it takes no multicast before the next
	 * ring.
	 */
	private boolean late;

	private volatile CpgFlowControl flowControl = CpgFlowControl.OPEN;

	private volatile boolean formed;

	Daemon(long nodeId, Topology topology, Drops drops, EmbeddedSettings settings) {
		this.nodeId = nodeId;
		this.topology = topology;
		this.drops = drops;
		this.settings = settings;
		this.cpg = new CpgService(nodeId, settings, this.ring, this::send);
		this.quorum = new QuorumService(nodeId, settings.quorum(), this::send, topology.history());
		this.steps = List.of(topology.formation(this), new Noticing(), new Receiving(), new Ordering(),
				new Delivering());
	}

	/** The ring of a daemon that does not run. */
	private Ring nowhere() {
		return new Ring(RingId.NONE, List.of(this));
	}

	long nodeId() {
		return this.nodeId;
	}

	/** Returns what the daemon can do next, in the order in which it is tried. */
	List<Step> steps() {
		return this.steps;
	}

	/** Returns the groups of the daemon as it runs now. */
	CpgService cpg() {
		return this.cpg;
	}

	QuorumService quorum() {
		return this.quorum;
	}

	/** Returns whether it is in one ring with all that it reaches. For any thread. */
	boolean isFormed() {
		return this.formed;
	}

	/** Returns whether it runs, paused or not. For any thread. */
	boolean isUp() {
		return this.up;
	}

	/** For any thread. */
	boolean isPaused() {
		return this.paused;
	}

	/** Returns whether it runs and is not paused. */
	boolean isActive() {
		return this.up && !this.paused;
	}

	/**
	 * Returns all daemons that this one reaches, itself included, by node id. They need
	 * not reach each other.
	 */
	List<Daemon> reachable() {
		return this.reachable;
	}

	void setReachable(List<Daemon> reachable) {
		this.reachable = reachable;
	}

	Ring ring() {
		return this.ring;
	}

	/** Returns how many messages of the ring it has received. */
	long received() {
		return this.received;
	}

	/** Returns how many messages of the ring it has delivered. */
	long delivered() {
		return this.delivered;
	}

	/** Returns the sequence of the last ring that it was in. */
	long lastSequence() {
		return this.lastSequence;
	}

	/**
	 * The daemon starts in a ring of its own, and finds the others later.
	 * @param delay how long that takes
	 */
	void start(long delay) {
		if (!this.up) {
			this.up = true;
			happens("is started");
			this.topology.changed(delay);
			this.topology.form(List.of(this));
			// There is nobody to wait for, nor any process.
			this.queue.clear();
			this.cpg = new CpgService(this.nodeId, this.settings, this.ring, this::send);
			this.quorum.start(this.ring);
			update();
		}
	}

	private void happens(String what) {
		this.topology.history().add(this + " " + what);
	}

	/** The daemon ends at once, and takes its sessions with it. */
	void kill() {
		if (this.up) {
			happens("is killed");
			end(ended());
			this.topology.changed();
		}
	}

	/**
	 * The daemon ends in order: its sessions first, which the other nodes see as ends of
	 * processes, and they have everything that it has ordered.
	 */
	void stop() {
		if (this.up) {
			happens("is stopped");
			this.cpg.end(ended());
			if (isActive() && this.ring.isWhole()) {
				this.cpg.leaveAll();
				orderAll();
			}
			end(ended());
			this.topology.changed(0);
		}
	}

	private void orderAll() {
		receiveUpTo(this.ring.end());
		deliverAll();
		while (nextToOrder() != null) {
			orderNext();
			deliverAll();
		}
		this.ring.members().forEach((node) -> node.receiveUpTo(this.ring.end()));
	}

	private CorosyncException ended() {
		return new CorosyncException(CsError.LIBRARY,
				"The daemon of node " + this.nodeId + " ended the connection: it was stopped or killed");
	}

	/**
	 * Opens a session.
	 * @return whether the daemon runs
	 */
	boolean open(Session session) {
		if (this.up) {
			this.cpg.open(session);
		}
		return this.up;
	}

	/** The daemon ends, and so do its sessions. */
	void end(CorosyncException cause) {
		this.up = false;
		this.paused = false;
		this.queue.clear();
		this.ring = nowhere();
		this.received = 0;
		this.delivered = 0;
		this.multicastsToDrop = 0;
		this.cpg.end(cause);
		this.quorum.end(cause);
	}

	void wipe() {
		if (!this.up) {
			this.lastSequence = 0;
			happens("forgets its last ring");
		}
	}

	void pause() {
		if (this.up) {
			this.paused = true;
			happens("is paused");
			this.topology.changed();
		}
	}

	void resume() {
		if (this.paused) {
			this.paused = false;
			happens("goes on");
			this.topology.changed();
			this.overslept = !this.ring.isWhole();
			this.quorum.reportForced();
		}
	}

	/** Returns how many messages wait for the ring. */
	int queued() {
		return this.queue.size();
	}

	/** Others have the ring's messages up to a position, and pass them on. */
	void receiveUpTo(long position) {
		this.received = position;
	}

	/** Delivers what it has received. */
	void deliverAll() {
		while (this.delivered < this.received) {
			deliverNext();
		}
	}

	/**
	 * Enters a new ring. What is queued is ordered there, then this node's processes, and
	 * when those of all are known, its votes.
	 * @param stayed those who come from the same former ring
	 */
	void enter(Ring newRing, List<Daemon> stayed) {
		this.ring = newRing;
		this.overslept = false;
		this.late = false;
		this.received = 0;
		this.delivered = 0;
		this.lastSequence = newRing.id().sequence();
		Set<Long> stayedNodes = stayed.stream().map(Daemon::nodeId).collect(Collectors.toSet());
		this.cpg.ringFormed(newRing, stayedNodes);
		this.quorum.ringFormed(newRing);
		this.queue.removeIf((message) -> message instanceof ProcessList || message instanceof NodeVotes);
		send(new ProcessList(this.nodeId, Map.of()));
	}

	/** Queues a message for the ring. */
	private void send(OrderedMessage message) {
		this.queue.add(message);
		update();
	}

	private boolean canOrder() {
		if (!isActive() || this.received != this.ring.end() || !this.ring.admits(this)) {
			return false;
		}
		OrderedMessage next = nextToOrder();
		return next != null && (this.delivered == this.received || !(next instanceof ProcessList));
	}

	/**
	 * Returns the first message that need not wait. Data that was queued for a former
	 * ring waits until the present one is synchronized, and what its sender did
	 * afterwards waits with it.
	 */
	private @Nullable OrderedMessage nextToOrder() {
		if (!isSynchronizing() || this.settings.has(Mutation.DATA_BEFORE_LISTS)) {
			return this.queue.peek();
		}
		Set<CpgAddress> waiting = new HashSet<>();
		for (OrderedMessage message : this.queue) {
			if (message instanceof Data data) {
				waiting.add(data.sender());
			}
			else if (!(message instanceof Join join && waiting.contains(join.member()))
					&& !(message instanceof Leave leave && waiting.contains(leave.member()))) {
				return message;
			}
		}
		return null;
	}

	private void orderNext() {
		OrderedMessage message = Objects.requireNonNull(nextToOrder());
		// The list is as of this place in the order: all before it was delivered.
		this.ring.append(this, (message instanceof ProcessList) ? this.cpg.processes() : message);
		this.queue.remove(message);
		this.topology.history().ordered(message);
		this.received++;
		update();
	}

	private boolean canReceive() {
		if (!isActive() || this.received == this.ring.end()) {
			return false;
		}
		for (Daemon other : this.reachable) {
			if (other.ring == this.ring && other.received > this.received) {
				return true;
			}
		}
		return false;
	}

	private void deliverNext() {
		OrderedMessage message = this.ring.get(this.delivered++);
		if (message instanceof NodeVotes votes) {
			this.quorum.deliver(votes);
			update();
		}
		else {
			this.cpg.deliver(message, this.ring);
		}
		if (message instanceof ProcessList && !this.cpg.isSynchronizing()) {
			this.quorum.processesKnown();
			update();
		}
		this.ring.trim();
	}

	/** Returns whether the ring's processes or its quorum are not known yet. */
	private boolean isSynchronizing() {
		return this.cpg.isSynchronizing() || this.quorum.isSynchronizing();
	}

	/** Returns whether it takes multicasts. For any thread. */
	boolean takesMulticasts() {
		return this.flowControl == CpgFlowControl.OPEN;
	}

	/** Returns what it takes at the moment. For any thread. */
	CpgFlowControl flowControl() {
		return this.flowControl;
	}

	void refuseMulticasts(boolean refusing) {
		if (refusing != this.refusing) {
			happens(refusing ? "takes no multicasts" : "takes multicasts");
		}
		this.refusing = refusing;
		update();
	}

	/** Updates what other threads look at. */
	void update() {
		boolean missesToken = this.late && !this.ring.isWhole();
		boolean open = !this.refusing && !missesToken && !isSynchronizing() && this.queue.size() < MAX_QUEUED;
		CpgFlowControl now = open ? CpgFlowControl.OPEN : CpgFlowControl.NO_MULTICAST;
		if (now != this.flowControl) {
			this.flowControl = now;
		}
		boolean formedNow = this.up && !isSynchronizing() && this.ring.members().size() == this.reachable.size();
		if (formedNow != this.formed) {
			this.formed = formedNow;
		}
	}

	/**
	 * Sets whether the node is quorate; a paused daemon reports it when it goes on.
	 * @param quorate {@code null} if the votes decide
	 */
	void setQuorate(@Nullable Boolean quorate) {
		this.quorum.force(quorate);
		if (isActive()) {
			this.quorum.reportForced();
		}
	}

	void dropNext(int count) {
		if (count != this.multicastsToDrop) {
			happens("is to drop the next " + count + " multicasts");
		}
		this.multicastsToDrop = count;
	}

	/** Returns whether the multicast that is taken now is dropped. */
	boolean drops(Supplier<CpgMessage> message) {
		if (this.multicastsToDrop > 0) {
			this.multicastsToDrop--;
		}
		else if (this.drops.isEmpty() || !this.drops.take(message.get())) {
			return false;
		}
		happens("drops a multicast");
		return true;
	}

	/**
	 * The connections of a process of this node end, and all daemons of the ring go on to
	 * count it.
	 * @return whether it was a member
	 */
	boolean leaveGhost(CpgAddress process) {
		List<Session> sessions = this.cpg.membersAs(process);
		for (Session session : sessions) {
			CpgGroupName group = Objects.requireNonNull(session.becomeGhost());
			happens("leaves a ghost: " + process + " in " + group);
			this.ring.members()
				.stream()
				.filter((node) -> node.ring == this.ring)
				.forEach((node) -> node.cpg.haunt(group, process, session));
		}
		return !sessions.isEmpty();
	}

	@Override
	public String toString() {
		return "node " + this.nodeId;
	}

	/**
	 * It notices that the others have lost it. Before that it may take messages, and if
	 * it holds the token even order them: they reach nobody else.
	 */
	private final class Noticing implements Step {

		@Override
		public boolean isEnabled() {
			return isActive() && Daemon.this.overslept;
		}

		@Override
		public void run() {
			Daemon.this.overslept = false;
			Daemon.this.late = true;
			update();
		}

	}

	/** The next message is ordered. */
	private final class Ordering implements Step {

		@Override
		public boolean isEnabled() {
			return canOrder();
		}

		@Override
		public void run() {
			orderNext();
		}

	}

	/** One more message of the ring arrives. */
	private final class Receiving implements Step {

		@Override
		public boolean isEnabled() {
			return canReceive();
		}

		@Override
		public void run() {
			Daemon.this.received++;
		}

	}

	/** The next message that has arrived is delivered. */
	private final class Delivering implements Step {

		@Override
		public boolean isEnabled() {
			return isActive() && Daemon.this.delivered < Daemon.this.received;
		}

		@Override
		public void run() {
			deliverNext();
		}

	}

}
