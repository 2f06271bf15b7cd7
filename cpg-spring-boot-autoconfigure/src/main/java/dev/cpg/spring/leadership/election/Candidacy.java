package dev.cpg.spring.leadership.election;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Function;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgView;
import dev.cpg.client.internal.concurrent.Alarm;
import dev.cpg.client.internal.concurrent.HelperThreads;
import dev.cpg.client.internal.concurrent.SharedTimer;
import dev.cpg.spring.CpgGroup;
import dev.cpg.spring.event.CpgEvent;
import dev.cpg.spring.event.CpgSuspectChangeEvent;
import dev.cpg.spring.leadership.CpgLeaderChangeEvent;
import dev.cpg.spring.leadership.CpgLeaderChangeEvent.Vacancy;
import dev.cpg.spring.leadership.CpgLeadershipGrantedEvent;
import dev.cpg.spring.leadership.CpgLeadershipRevokedEvent;
import dev.cpg.spring.leadership.CpgLeadershipRevokedEvent.Reason;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEvent;

/**
 * The election on one connection: does what the {@link Election} says, and calls it when
 * the time has come. All calls are made under the lock of the {@link LeaderElection}.
 */
final class Candidacy implements ElectionActions {

	/** After this the engine may take messages again. */
	private static final long RETRY_NANOS = Duration.ofMillis(10).toNanos();

	/** After this the lock may be free. */
	private static final long BUSY_NANOS = Duration.ofMillis(1).toNanos();

	private final LeaderElection owner;

	private final CpgConnection connection;

	private final CpgGroup group;

	private final Consumer<ApplicationEvent> publisher;

	private final Election election;

	private final Outbox outbox;

	private final Alarm alarm = new Alarm(SharedTimer.SHARED, this::alarm, this::alarmFailed);

	private final FloorRetry floors;

	private final LeadershipLog log;

	/** The token of each role that was revoked last. */
	private final Map<String, Long> revoked = new HashMap<>();

	private long due;

	/** Whether a message was not delivered, which the election is to be notified of. */
	private boolean failed;

	private boolean begun;

	private boolean ended;

	Candidacy(LeaderElection owner, ElectionSettings settings, ElectionClock clock, CpgConnection connection,
			CpgGroup group, Consumer<ApplicationEvent> publisher, FloorRetry floors) {
		this.floors = floors;
		this.owner = owner;
		this.connection = connection;
		this.group = group;
		this.log = new LeadershipLog(group.getName());
		this.publisher = publisher;
		this.outbox = new Outbox(owner, connection, this::sendFailed);
		this.election = new Election(settings, clock, this, ThreadLocalRandom.current().nextLong());
	}

	Election election() {
		return this.election;
	}

	/**
	 * The first event has come. Only now is the address known: a join takes another
	 * member id if the first one is taken.
	 */
	void beginOnce() {
		if (!this.begun && !this.ended) {
			this.begun = true;
			this.election.connected(this.connection.localAddress());
			this.election.quorumChanged(this.owner.quorum());
			SharedTimer.SHARED.add(this.alarm);
			this.floors.begin();
		}
	}

	boolean hasBegun() {
		return this.begun;
	}

	void end(Reason reason) {
		if (!this.ended) {
			this.ended = true;
			SharedTimer.SHARED.remove(this.alarm);
			this.floors.end();
			this.election.disconnected(reason);
		}
	}

	/**
	 * The election has thrown an exception, of a lack of memory for example, so what it
	 * knows may be wrong. Only a new connection has the truth then.
	 */
	void fail(Throwable failure) {
		this.log.failed(failure);
		HelperThreads.SHARED.execute(this.connection::close);
		end(Reason.DISCONNECTED);
	}

	@Override
	public boolean isConnected() {
		return this.connection.isOpen();
	}

	/**
	 * Returns what completes when listeners have been notified of all that has happened.
	 */
	CompletableFuture<?> notified() {
		CompletableFuture<?> notified = new CompletableFuture<>();
		if (!post(() -> notified.complete(null))) {
			notified.complete(null);
		}
		return notified;
	}

	/** Publishes how all roles stand, for listeners that came late. */
	void announce() {
		this.owner.roles().forEach((role) -> {
			RoleStatus status = this.election.status(role);
			leaderChanged(role, status.leader(), status.vacancy());
		});
	}

	@Override
	public void send(byte[] message) {
		if (!this.ended) {
			this.outbox.send(message);
		}
	}

	private void sendFailed() {
		this.failed = true;
		this.alarm.wakeBy(System.nanoTime() + RETRY_NANOS);
	}

	@Override
	public void schedule(long nanoTime) {
		this.due = nanoTime;
		this.alarm.wakeBy(nanoTime);
	}

	/** The timer is everybody's, so it does not wait for whoever is at the election. */
	private long alarm(long now) {
		return this.owner.tryLocked(() -> {
			if (this.ended) {
				return Alarm.NEVER;
			}
			if (this.failed) {
				this.failed = false;
				this.election.sendFailed();
			}
			if (this.due - now <= 0) {
				this.election.timeReached();
			}
			return this.due;
		}, now + BUSY_NANOS);
	}

	private void alarmFailed(Throwable failure) {
		this.owner.locked(() -> fail(failure));
	}

	@Override
	public void granted(String role, long token) {
		this.owner.granted();
		publish((view) -> new CpgLeadershipGrantedEvent(this.group, this.group.getName(), view, role, token));
		this.log.granted(role, token);
	}

	@Override
	public void revoked(String role, long token, Reason reason) {
		this.owner.revoked(role, token);
		this.revoked.put(role, token);
		publish((view) -> new CpgLeadershipRevokedEvent(this.group, this.group.getName(), view, role, token, reason));
		post(() -> this.owner.locked(() -> released(role, token)));
		this.log.revoked(role, token, reason);
	}

	/** Listeners may still have to be notified of a later leadership. */
	private void released(String role, long token) {
		if (Objects.equals(this.revoked.get(role), token)) {
			this.election.released(role);
		}
	}

	@Override
	public void leaderChanged(String role, @Nullable Leader leader, @Nullable Vacancy vacancy) {
		this.owner.changes(role).changed(leader);
		publish((view) -> (leader != null)
				? CpgLeaderChangeEvent.elected(this.group, this.group.getName(), view, role, leader.address(),
						leader.token())
				: CpgLeaderChangeEvent.vacant(this.group, this.group.getName(), view, role,
						(vacancy != null) ? vacancy : Vacancy.ELECTING));
		this.log.leaderChanged(role, leader, vacancy);
	}

	@Override
	public void highestToken(String role, long token) {
		this.owner.highestToken(role, token);
	}

	@Override
	public void suspected(CpgAddress member, boolean suspected) {
		this.owner.suspected(member, suspected);
		publish((view) -> new CpgSuspectChangeEvent(this.group, this.group.getName(), view, member, suspected));
		if (suspected) {
			this.log.suspected(member);
		}
	}

	private void publish(Function<CpgView, CpgEvent> event) {
		post(() -> this.publisher.accept(event.apply(this.group.getSnapshot().view())));
	}

	private boolean post(Runnable call) {
		try {
			this.connection.post(call);
			return true;
		}
		catch (CorosyncException ex) {
			// The connection has ended, and so have the calls of its listener.
			return false;
		}
	}

}
