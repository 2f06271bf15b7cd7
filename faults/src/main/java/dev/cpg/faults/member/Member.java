package dev.cpg.faults.member;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.corosync.CorosyncConnector;
import dev.cpg.faults.history.HistoryWriter;
import dev.cpg.spring.CpgMembership;
import dev.cpg.spring.CpgMembershipSettings;
import dev.cpg.spring.CpgQuorumMonitor;
import dev.cpg.spring.CpgTemplate;
import dev.cpg.spring.leadership.CpgLeadership;
import dev.cpg.spring.leadership.election.ElectionSettings;
import dev.cpg.spring.leadership.election.LeaderElection;
import dev.cpg.spring.leadership.election.LeaderElectionSettings;
import dev.cpg.spring.leadership.election.ShiftedClock;
import dev.cpg.spring.leadership.election.StateFile;
import dev.cpg.spring.leadership.election.TokenMemory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.backoff.FixedBackOff;

/**
 * A service as the starter makes it, without a context: a membership with an election of
 * two leaders, and what the service does with both.
 */
final class Member {

	private static final CpgGroupName GROUP = CpgGroupName.of(Places.GROUP);

	private static final Duration OUTCOME_LIMIT = Duration.ofSeconds(2);

	private static final int BATCH_SIZE = 64 << 10;

	private static final int MAX_MESSAGE_SIZE = 4 << 20;

	private final HistoryWriter history;

	private final ShiftedClock clock = new ShiftedClock();

	private final LeaderElection election;

	private final Recorder recorder;

	private final PresentConnection connection;

	private final CpgMembership membership;

	private final Sends sends;

	private final Path register;

	private final SplittableRandom random;

	private final AtomicBoolean started = new AtomicBoolean();

	private @Nullable Sender sender;

	private @Nullable Worker worker;

	Member(Places places, Consumer<CpgAddress> connected) throws IOException {
		this.history = HistoryWriter.open(places.history());
		this.election = this.clock.election(GROUP.text(), settings(), new TokenMemory(stateFile(places), List::of),
				() -> List.of(this::revoking));
		CpgQuorumMonitor quorum = new CpgQuorumMonitor();
		this.recorder = new Recorder(this.history, places.name(), (address) -> {
			connected.accept(address);
			begin();
		});
		this.connection = new PresentConnection(connector(places, quorum));
		this.membership = CpgMembership
			.builder(this.connection, GROUP,
					new CpgMembershipSettings(false, Duration.ofSeconds(10), Duration.ofSeconds(5),
							new FixedBackOff(100, FixedBackOff.UNLIMITED_ATTEMPTS), Duration.ofSeconds(20),
							Duration.ofSeconds(60)),
					this.recorder::publish)
			.quorum(quorum)
			.interceptor(this.election)
			.build();
		this.sends = new Sends(this.history, places.name(), new CpgTemplate(this.membership));
		this.register = places.register();
		this.random = new SplittableRandom(places.seed());
	}

	private static @Nullable StateFile stateFile(Places places) throws IOException {
		Path file = places.stateFile();
		return (file != null) ? new StateFile(file) : null;
	}

	private static CpgConnector connector(Places places, CpgQuorumMonitor quorum) {
		return CorosyncConnector.builder()
			.name("faults")
			.socketDirectory(places.sockets())
			.maxMessageSize(MAX_MESSAGE_SIZE)
			.batchSize(places.batching() ? BATCH_SIZE : 0)
			.quorum(quorum::getQuorum)
			.build();
	}

	private static LeaderElectionSettings settings() {
		return new LeaderElectionSettings(
				Places.ROLES.stream().map((role) -> new ElectionSettings.Role(role, 0, false)).toList(), null, null,
				null, Duration.ofSeconds(2), true, false, Map.of());
	}

	void start() {
		this.membership.start();
		this.election.ready(true);
	}

	/** Nothing can be sent before there is a connection. */
	private void begin() {
		if (this.started.compareAndSet(false, true)) {
			busy();
		}
	}

	/** Sends, and does what a leader does. */
	synchronized void busy() {
		List<CpgLeadership> leaderships = Places.ROLES.stream().map(this.election::leadership).toList();
		this.sender = new Sender(this.sends, this.random.split());
		this.worker = new Worker(this.history, leaderships, this.register, this.sends, this.random.split());
		this.sender.start();
		this.worker.start();
	}

	private void revoking(String role, long token) {
		this.history.write("revoking", "role", role, "token", token);
	}

	/**
	 * Returns the number of members, the closing messages and batches so far, and the
	 * leaders.
	 */
	String status() {
		StringBuilder status = new StringBuilder("members=").append(this.membership.getGroup().getMembers().size())
			.append(" barriers=")
			.append(this.recorder.barriers())
			.append(" batches=")
			.append(this.connection.batches());
		for (String role : this.election.roles()) {
			status.append(' ')
				.append(role)
				.append('=')
				.append(this.election.leadership(role).leader().map(Recorder::address).orElse("none"));
		}
		return status.toString();
	}

	void shiftClock(long millis) {
		this.clock.shift(millis);
	}

	void pauseListener(long millis) {
		this.recorder.pauseOnce(millis);
	}

	void giveUp(String role) {
		this.election.leadership(role).yield();
	}

	void rejoin() {
		this.membership.stop();
		this.membership.start();
	}

	/** Sends more than the cluster takes. */
	void overload(int messages, int size) {
		for (int i = 0; i < messages; i++) {
			this.sends.trySend(size);
		}
	}

	/** Sends no more; returns how many messages have no outcome yet. */
	synchronized int quiet() throws InterruptedException {
		if (this.sender != null && this.worker != null) {
			this.sender.stop();
			this.worker.stop();
		}
		return this.sends.open();
	}

	int open() {
		return this.sends.open();
	}

	void sendBarrier() {
		this.sends.sendBarrier();
	}

	void measure(String phase) {
		Holdings holdings = Holdings.now();
		this.history.write("open", "phase", phase, "futures", this.sends.open(), "threads", holdings.threads(),
				"descriptors", holdings.descriptors(), "heap", holdings.heap(), "names", holdings.names());
	}

	/** Leaves, in order. */
	void end() throws InterruptedException {
		int unused = quiet();
		this.membership.stop();
		// Another thread reports the outcomes of what was under way at the end.
		long start = System.nanoTime();
		while (this.sends.open() > 0 && System.nanoTime() - start < OUTCOME_LIMIT.toNanos()) {
			Thread.sleep(1);
		}
		this.history.write("end");
	}

}
