package dev.cpg.spring.leadership.election;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.LongStream;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgQuorum;
import dev.cpg.client.CpgReason;
import dev.cpg.client.CpgTotemConfiguration;
import dev.cpg.client.CpgView;
import dev.cpg.client.RingId;
import dev.cpg.client.internal.concurrent.HelperThreads;
import dev.cpg.spring.event.CpgEvent;
import dev.cpg.spring.leadership.CpgLeaderChangeEvent;
import dev.cpg.spring.leadership.CpgLeaderChangeEvent.Vacancy;
import dev.cpg.spring.leadership.CpgLeadershipGrantedEvent;
import dev.cpg.spring.leadership.CpgLeadershipRevokedEvent;
import dev.cpg.spring.leadership.CpgLeadershipRevokedEvent.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Members of no group that elect a leader, lose it and elect another one, which has no
 * effect. The JVM loads and links then what it would otherwise load when the service is
 * to lead for the first time, and nobody leads.
 */
final class Rehearsal {

	/** With two that can follow the first leader there is something to choose. */
	private static final int MEMBERS = 3;

	/** The first one loads, which takes ten times as long as each of the others. */
	private static final int ROUNDS = 5;

	private static final String ROLE = "rehearsal";

	private static final CpgGroupName GROUP = CpgGroupName.of(ROLE);

	private static final RingId RING = new RingId(1, 1);

	private static final List<Long> NODES = LongStream.rangeClosed(1, MEMBERS).boxed().toList();

	private static final ElectionSettings SETTINGS = new ElectionSettings(
			List.of(new ElectionSettings.Role(ROLE, 0, false)), Duration.ofSeconds(1), Duration.ofSeconds(3),
			Duration.ofSeconds(1), Duration.ZERO, true, false);

	/** What is loaded is there for all elections of the class loader. */
	private static final AtomicBoolean BEGUN = new AtomicBoolean();

	private final List<Performer> performers = new ArrayList<>();

	private final Queue<Runnable> deliveries = new ArrayDeque<>();

	private final Clock clock = new Clock();

	/** They are made for their classes to be loaded. */
	private final List<CpgEvent> events = new ArrayList<>();

	/** Rehearses on another thread, unless that was done before. */
	static void begin() {
		if (BEGUN.compareAndSet(false, true)) {
			try {
				HelperThreads.SHARED.execute(Rehearsal::run);
			}
			catch (OutOfMemoryError ex) {
				// No further thread is available: the first leadership takes longer.
			}
		}
	}

	/**
	 * Rehearses.
	 * @return how often a member was granted the leadership
	 */
	static long run() {
		long grants = 0;
		for (int round = 0; round < ROUNDS; round++) {
			grants += new Rehearsal().play();
		}
		return grants;
	}

	/** Each member that leads dies, and the last one gives up. */
	private long play() {
		NODES.forEach(this::join);
		while (this.performers.size() > 1) {
			this.performers.remove(0);
			CpgMember dead = new CpgMember(new CpgAddress(NODES.size() - this.performers.size(), 1),
					CpgReason.PROCDOWN);
			changed(List.of(dead), List.of());
		}
		Election last = this.performers.get(0).election;
		this.clock.pass(SETTINGS.lease().dividedBy(2));
		last.timeReached();
		deliver();
		last.giveUp(ROLE);
		last.released(ROLE);
		deliver();
		last.disconnected(Reason.STOPPED);
		return this.events.stream().filter(CpgLeadershipGrantedEvent.class::isInstance).count();
	}

	private void join(long node) {
		Performer next = new Performer(new CpgAddress(node, 1));
		this.performers.add(next);
		next.election.connected(next.address);
		changed(List.of(), List.of(new CpgMember(next.address, CpgReason.JOIN)));
		next.election.totemChanged(new CpgTotemConfiguration(view(), NODES));
		next.election.quorumChanged(new CpgQuorum(true, true, RING, NODES));
		next.election.ready(true);
		deliver();
	}

	private void changed(List<CpgMember> left, List<CpgMember> joined) {
		CpgConfigurationChange change = new CpgConfigurationChange(GROUP, view(), left, joined);
		all((election) -> election.configurationChanged(change));
		deliver();
	}

	private CpgView view() {
		return new CpgView(RING, this.performers.stream().map((performer) -> performer.address).toList());
	}

	private void all(Consumer<Election> call) {
		List.copyOf(this.performers).forEach((performer) -> call.accept(performer.election));
	}

	private void deliver() {
		for (Runnable next = this.deliveries.poll(); next != null; next = this.deliveries.poll()) {
			next.run();
		}
	}

	/** A member, which does nothing but what the election needs. */
	private final class Performer implements ElectionActions {

		private final CpgAddress address;

		private final Election election;

		private Performer(CpgAddress address) {
			this.address = address;
			this.election = new Election(SETTINGS, Rehearsal.this.clock, this, address.nodeId());
		}

		@Override
		public void send(byte[] message) {
			Rehearsal.this.deliveries
				.add(() -> all((other) -> other.delivered(this.address, ByteBuffer.wrap(message))));
		}

		@Override
		public void schedule(long nanoTime) {
		}

		@Override
		public void granted(String role, long token) {
			add(new CpgLeadershipGrantedEvent(this, role, CpgView.NONE, role, token));
		}

		@Override
		public void revoked(String role, long token, Reason reason) {
			add(new CpgLeadershipRevokedEvent(this, role, CpgView.NONE, role, token, reason));
		}

		@Override
		public void leaderChanged(String role, @Nullable Leader leader, @Nullable Vacancy vacancy) {
			add((leader != null)
					? CpgLeaderChangeEvent.elected(this, role, CpgView.NONE, role, leader.address(), leader.token())
					: CpgLeaderChangeEvent.vacant(this, role, CpgView.NONE, role, Vacancy.ELECTING));
		}

		private void add(CpgEvent event) {
			Rehearsal.this.events.add(event);
		}

		@Override
		public void highestToken(String role, long token) {
		}

		@Override
		public void suspected(CpgAddress member, boolean suspected) {
		}

	}

	/** A clock that goes on when it is asked to, of a machine that is not suspended. */
	private static final class Clock implements ElectionClock {

		private final SystemClock machine = new SystemClock();

		private long now;

		void pass(Duration time) {
			this.now += time.toNanos();
		}

		@Override
		public long nanoTime() {
			return this.now;
		}

		@Override
		public long wallTime() {
			return this.machine.wallTime();
		}

		/**
		 * The machine's is read as it is with each renewal, which takes its time.
		 */
		@Override
		public long suspendedTime() {
			return Math.min(0, this.machine.suspendedTime());
		}

	}

}
