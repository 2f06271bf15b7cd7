package dev.cpg.spring.leadership.election;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgListener;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgQuorum;
import dev.cpg.client.CpgTotemConfiguration;
import dev.cpg.embedded.EmbeddedNode;
import dev.cpg.embedded.Joining;
import dev.cpg.spring.leadership.CpgLeaderChangeEvent.Vacancy;
import dev.cpg.spring.leadership.CpgLeadershipRevokedEvent.Reason;
import dev.cpg.spring.message.ControlMessage;
import org.jspecify.annotations.Nullable;

/**
 * A process of a simulation. It may be paused at any time, get its events late, and have
 * a wrong clock.
 */
final class SimulatedMember implements ElectionActions, ElectionClock {

	static final String ROLE = "role";

	private static final CpgGroupName GROUP = CpgGroupName.of("grp");

	private static final long WALL_BEGIN = 1_769_904_000_000L;

	private static final long MILLIS = 1_000_000;

	private static final Duration LEASE = Simulation.FORMATION.dividedBy(2);

	private final Simulation simulation;

	private final int index;

	private final EmbeddedNode node;

	private final Kind kind;

	private final Rules rules;

	private Election election;

	private @Nullable Link link;

	private boolean alive;

	private boolean paused;

	private int life;

	private long retryAt;

	private long alarm;

	private long delay;

	private long quorumDelay;

	private long wallShift;

	private @Nullable Long releaseAt;

	private int releaseDelay;

	private @Nullable Long stoppedAt;

	private final Inbox inbox = new Inbox();

	private final Inbox quorumInbox = new Inbox();

	private final Deque<byte[]> outbox = new ArrayDeque<>();

	SimulatedMember(Simulation simulation, int index, EmbeddedNode node, Kind kind, Rules rules) {
		this.simulation = simulation;
		this.index = index;
		this.node = node;
		this.kind = kind;
		this.rules = rules;
		this.election = newElection();
	}

	private Election newElection() {
		Election fresh = new Election(settings(this.index % 2 == 1), this, this, incarnation(), this.rules);
		fresh.ready(true);
		return fresh;
	}

	/** With timeouts as they are to each other by default. */
	private static ElectionSettings settings(boolean heard) {
		return new ElectionSettings(List.of(new ElectionSettings.Role(ROLE, 0, false)), LEASE, Duration.ofMillis(90),
				Duration.ofMillis(55), Duration.ofMillis(40), true, heard);
	}

	void start() {
		if (this.alive) {
			return;
		}
		this.alive = true;
		this.paused = false;
		this.life++;
		this.stoppedAt = null;
		this.releaseAt = null;
		this.inbox.clear();
		this.quorumInbox.clear();
		this.outbox.clear();
		this.election = newElection();
		witness().started(this);
	}

	void kill() {
		if (this.alive) {
			this.alive = false;
			witness().killed(this);
			closeLink();
		}
	}

	private void closeLink() {
		Link current = this.link;
		this.link = null;
		if (current != null) {
			current.connection.close();
		}
	}

	void pause() {
		this.paused = true;
	}

	void resume() {
		this.paused = false;
	}

	void delay(int millis) {
		this.delay = millis * MILLIS;
	}

	void delayQuorum(int millis) {
		this.quorumDelay = millis * MILLIS;
	}

	void shiftClock(long millis) {
		this.wallShift = millis;
	}

	void nodeStops(EmbeddedNode stopped) {
		if (stopped == this.node) {
			this.stoppedAt = this.simulation.now();
		}
	}

	/** Returns whether its node was stopped in order so lately that it may not know. */
	boolean isStopping() {
		Long at = this.stoppedAt;
		return at != null && this.simulation.now() - at <= LEASE.toNanos();
	}

	void giveUp(int millis) {
		if (acts()) {
			this.releaseDelay = millis;
			this.election.giveUp(ROLE);
		}
	}

	void health(boolean healthy) {
		if (acts()) {
			this.releaseDelay = 1;
			this.election.healthChanged(ROLE, healthy);
		}
	}

	private boolean acts() {
		return this.alive && !this.paused && isElector();
	}

	boolean isElector() {
		return this.kind == Kind.MEMBER;
	}

	boolean isAlive() {
		return this.alive && isElector();
	}

	long incarnation() {
		return this.index * 1000L + this.life;
	}

	@Nullable CpgAddress address() {
		return (this.link != null) ? this.link.connection.localAddress() : null;
	}

	RoleStatus status() {
		return this.election.status(ROLE);
	}

	/** Does what a process does, unless it is paused. */
	void act() {
		if (!this.alive || this.paused) {
			return;
		}
		if (this.simulation.randomUpTo(1) == 0) {
			this.quorumInbox.run();
			this.inbox.run();
		}
		else {
			this.inbox.run();
			this.quorumInbox.run();
		}
		if (isElector()) {
			if (this.alarm - nanoTime() <= 0) {
				this.election.timeReached();
			}
			if (this.releaseAt != null && this.releaseAt <= this.simulation.now()) {
				this.releaseAt = null;
				this.election.released(ROLE);
			}
			status().token().ifPresent((token) -> witness().wrote(this, token));
		}
		flush();
		connect();
	}

	private void flush() {
		Link current = this.link;
		while (current != null && current.joined && !this.outbox.isEmpty()) {
			CompletableFuture<?> outcome;
			try {
				outcome = current.connection.tryMulticast(this.outbox.element(), Duration.ofDays(1));
			}
			catch (CorosyncException ex) {
				// It is no member any more, and will be notified of that.
				return;
			}
			if (outcome == null) {
				return;
			}
			this.outbox.remove();
			int sentBy = this.life;
			outcome.whenComplete((view, failure) -> {
				if (failure != null && this.life == sentBy) {
					this.inbox.add(this.election::sendFailed, 0);
				}
			});
		}
	}

	private void connect() {
		if (this.link != null || !this.node.isRunning() || this.node.isPaused()
				|| this.simulation.now() < this.retryAt) {
			return;
		}
		// Half of the lives come back under the address of the one before.
		long pid = 10L * (this.index + 1) + this.life / 2 % 10;
		Link next = new Link();
		next.connection = this.node.connector(pid).connect(next);
		this.link = next;
		this.election.connected(next.connection.localAddress());
		Joining.start(next.connection, GROUP).whenComplete((result, failure) -> {
			if (failure != null && this.link == next) {
				this.retryAt = this.simulation.now() + 5 * MILLIS;
				closeLink();
			}
		});
	}

	private Witness witness() {
		return this.simulation.witness();
	}

	@Override
	public long nanoTime() {
		return this.simulation.now();
	}

	@Override
	public long wallTime() {
		return WALL_BEGIN + this.simulation.now() / MILLIS + this.wallShift;
	}

	@Override
	public void send(byte[] message) {
		witness().sends(this, message);
		this.outbox.add(message);
	}

	@Override
	public void schedule(long nanoTime) {
		this.alarm = nanoTime;
	}

	@Override
	public void granted(String role, long token) {
		witness().granted(this, token);
	}

	@Override
	public void revoked(String role, long token, Reason reason) {
		witness().revoked(this, token, reason);
		if (reason == Reason.YIELD || reason == Reason.HEALTH) {
			this.releaseAt = this.simulation.now() + this.releaseDelay * MILLIS;
		}
	}

	@Override
	public void leaderChanged(String role, @Nullable Leader leader, @Nullable Vacancy vacancy) {
		witness().note(this + " has " + ((leader != null) ? leader : vacancy));
	}

	@Override
	public void highestToken(String role, long token) {
		witness().highest(this, token);
	}

	@Override
	public void suspected(CpgAddress member, boolean suspected) {
		witness().note(this + (suspected ? " suspects " : " hears ") + member);
	}

	@Override
	public String toString() {
		Link current = this.link;
		return "member " + this.index + "." + this.life + " "
				+ ((current != null) ? current.connection.localAddress() : "on " + this.node);
	}

	/** What a process is. */
	enum Kind {

		/** A starter. */
		MEMBER,

		/** A C program, or an older starter. */
		SILENT,

		/** A later starter whose messages nobody understands. */
		NEWER

	}

	/** Events that wait for the process. */
	private final class Inbox {

		private final Deque<Event> events = new ArrayDeque<>();

		private void add(Runnable action, long delay) {
			Event last = this.events.peekLast();
			long due = SimulatedMember.this.simulation.now() + delay;
			this.events.add(new Event((last != null) ? Math.max(due, last.due) : due, action));
		}

		private void run() {
			while (!this.events.isEmpty() && this.events.element().due <= SimulatedMember.this.simulation.now()) {
				this.events.remove().action.run();
			}
		}

		private void clear() {
			this.events.clear();
		}

	}

	private record Event(long due, Runnable action) {

	}

	/** A connection, whose events come to the inbox. */
	private final class Link implements CpgListener {

		@SuppressWarnings("NullAway.Init") // by connect(): events come after it
		private CpgConnection connection;

		private boolean joined;

		private void add(Runnable action) {
			if (SimulatedMember.this.link == this) {
				SimulatedMember.this.inbox.add(() -> {
					if (SimulatedMember.this.link == this) {
						action.run();
					}
				}, SimulatedMember.this.delay);
			}
		}

		@Override
		public void configurationChanged(CpgConfigurationChange change) {
			add(() -> {
				boolean join = change.joined()
					.stream()
					.map(CpgMember::address)
					.anyMatch(this.connection.localAddress()::equals);
				if (join) {
					this.joined = true;
					if (SimulatedMember.this.kind == Kind.NEWER) {
						byte[] message = ElectionCodec.write(new ElectionMessage.Renew(1, 1));
						message[ControlMessage.HEAD_LENGTH]++;
						SimulatedMember.this.outbox.add(message);
					}
				}
				if (isElector()) {
					witness().changed(SimulatedMember.this, change);
					SimulatedMember.this.election.configurationChanged(change);
				}
			});
		}

		@Override
		public void totemChanged(CpgTotemConfiguration configuration) {
			add(() -> {
				if (isElector()) {
					witness().ring(SimulatedMember.this, configuration);
					SimulatedMember.this.election.totemChanged(configuration);
				}
			});
			if (SimulatedMember.this.link == this && isElector()) {
				CpgQuorum quorum = new CpgQuorum(SimulatedMember.this.simulation.isProvided(),
						SimulatedMember.this.simulation.isQuorate(configuration.nodeIds()), configuration.ring(),
						configuration.nodeIds());
				SimulatedMember.this.quorumInbox.add(() -> SimulatedMember.this.election.quorumChanged(quorum),
						SimulatedMember.this.quorumDelay);
			}
		}

		@Override
		public void delivered(CpgMessage message) {
			add(() -> {
				if (isElector()) {
					ByteBuffer bytes = message.buffer();
					witness().delivers(SimulatedMember.this, message.sender(), bytes,
							() -> SimulatedMember.this.election.delivered(message.sender(), bytes));
				}
			});
		}

		@Override
		public void closed(@Nullable CorosyncException cause) {
			add(() -> {
				SimulatedMember.this.link = null;
				SimulatedMember.this.outbox.clear();
				SimulatedMember.this.election.disconnected(Reason.DISCONNECTED);
				SimulatedMember.this.quorumInbox.add(() -> SimulatedMember.this.election.quorumChanged(CpgQuorum.NONE),
						SimulatedMember.this.quorumDelay);
			});
		}

	}

}
