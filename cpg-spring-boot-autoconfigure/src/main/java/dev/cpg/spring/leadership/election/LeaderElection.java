package dev.cpg.spring.leadership.election;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgClusterSettings;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgQuorum;
import dev.cpg.client.CpgTotemConfiguration;
import dev.cpg.client.internal.log.CpgLog;
import dev.cpg.spring.CpgGroup;
import dev.cpg.spring.CpgMembershipInterceptor;
import dev.cpg.spring.leadership.CpgLeadership;
import dev.cpg.spring.leadership.CpgLeadershipRevokedEvent.Reason;
import dev.cpg.spring.leadership.LeaderScope;
import dev.cpg.spring.leadership.RevocationListener;
import dev.cpg.spring.message.ControlMessage;
import dev.cpg.spring.message.LeaderStamp;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEvent;

/**
 * Elects the leaders of a group's roles, as long as this service is a member of it.
 * Members, rings and messages come from the membership's connection before they wait for
 * listeners, so a slow listener costs no lease; leaderships are published as events in
 * the place where they were decided. On each connection there is a new {@link Candidacy};
 * what is kept from one to the next are the tokens.
 * <p>
 * Any thread may call any method, none of which blocks but {@link #joining}.
 */
public final class LeaderElection implements CpgMembershipInterceptor {

	/** A connector that does not answer must not keep this service from its group. */
	private static final Duration SETTINGS_LIMIT = Duration.ofSeconds(2);

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private final String group;

	private final LeaderElectionSettings settings;

	private final TokenMemory tokens;

	private final Supplier<List<RevocationListener>> listeners;

	private final ElectionClock clock;

	private final Map<String, ElectedLeadership> leaderships = new LinkedHashMap<>();

	private final Set<CpgAddress> suspects = ConcurrentHashMap.newKeySet();

	private final LongAdder staleTokens = new LongAdder();

	private final Map<String, LeaderChanges> changes = new ConcurrentHashMap<>();

	private volatile @Nullable Candidacy candidacy;

	private volatile boolean attached;

	private volatile CpgClusterSettings cluster = CpgClusterSettings.UNKNOWN;

	private Supplier<CpgQuorum> quorum = () -> CpgQuorum.NONE;

	/** Known once this service may lead. */
	private List<RevocationListener> revocationListeners = List.of();

	private boolean ready;

	/** The roles that this service is not healthy enough for. */
	private final Set<String> unhealthy;

	/**
	 * Creates the election of a group's leaders, for the builder of the membership.
	 * @param group the group's name
	 * @param settings the settings
	 * @param tokens keeps the highest tokens
	 * @param listeners who is to be notified of revocations at once, asked for when the
	 * application is ready
	 */
	public LeaderElection(String group, LeaderElectionSettings settings, TokenMemory tokens,
			Supplier<List<RevocationListener>> listeners) {
		this(group, settings, tokens, listeners, new SystemClock());
	}

	/** With other clocks than those of this machine. */
	LeaderElection(String group, LeaderElectionSettings settings, TokenMemory tokens,
			Supplier<List<RevocationListener>> listeners, ElectionClock clock) {
		this.clock = clock;
		this.group = group;
		this.settings = settings;
		this.listeners = listeners;
		this.tokens = tokens;
		this.unhealthy = new HashSet<>(settings.healthGroups().keySet());
		settings.roles().forEach((role) -> this.leaderships.put(role.name(), new ElectedLeadership(role.name(), this)));
	}

	/**
	 * Returns the group's name.
	 */
	public String group() {
		return this.group;
	}

	/**
	 * Returns the names of the roles, in their order.
	 */
	public Collection<String> roles() {
		return Collections.unmodifiableSet(this.leaderships.keySet());
	}

	/**
	 * Returns the leadership of a role, always the same object.
	 * @param role the name of the role
	 * @throws IllegalArgumentException if there is no such role
	 */
	public CpgLeadership leadership(String role) {
		ElectedLeadership leadership = this.leaderships.get(role);
		if (leadership == null) {
			throw new IllegalArgumentException("There is no role '" + role + "', only " + this.leaderships.keySet());
		}
		return leadership;
	}

	/**
	 * Returns how a role stands, {@code null} while there is no connection.
	 * @param role the name of the role
	 */
	public @Nullable RoleStatus status(String role) {
		Candidacy present = this.candidacy;
		return (present != null) ? present.election().status(role) : null;
	}

	/**
	 * Returns why two members may lead a role at the same time, as far as the settings
	 * are concerned.
	 * @return a setting and its value, {@code null} if leadership is exclusive
	 */
	public @Nullable String whyNotExclusive() {
		if (!this.settings.requireQuorum()) {
			return "cpg.leader.require-quorum=false";
		}
		String shared = this.cluster.sharedQuorum();
		return (shared != null) ? "corosync's " + shared : null;
	}

	/**
	 * Returns the members that are taken for hung.
	 */
	public Set<CpgAddress> suspects() {
		return Set.copyOf(this.suspects);
	}

	/**
	 * Returns how many messages were dropped because their sender led under a token that
	 * is not the highest any more.
	 */
	public long staleTokens() {
		return this.staleTokens.sum();
	}

	/**
	 * The application may lead from now on, or may not. It may not before the first call.
	 * With {@code true}, listeners are notified of how all roles stand.
	 * @param nowReady whether it may
	 */
	public void ready(boolean nowReady) {
		List<RevocationListener> found = this.listeners.get();
		locked(() -> {
			this.revocationListeners = found;
			this.ready = nowReady;
			Candidacy present = this.candidacy;
			if (present != null && present.hasBegun() && nowReady) {
				present.announce();
			}
			withElection((election) -> election.ready(nowReady));
		});
	}

	/**
	 * Returns the name of the health group of each role that needs one, by the role.
	 */
	public Map<String, String> healthGroups() {
		return this.settings.healthGroups();
	}

	/**
	 * The application is healthy enough to lead a role or not.
	 * @param role the name of the role
	 * @param healthy whether it is
	 */
	public void healthChanged(String role, boolean healthy) {
		locked(() -> {
			if (healthy) {
				this.unhealthy.remove(role);
			}
			else {
				this.unhealthy.add(role);
			}
			withElection((election) -> election.healthChanged(role, healthy));
		});
	}

	void giveUp(String role) {
		locked(() -> withElection((election) -> election.giveUp(role)));
	}

	boolean await(String role, Duration timeout) throws InterruptedException {
		long left = TimeUnit.NANOSECONDS.convert(timeout);
		this.lock.lockInterruptibly();
		try {
			while (!isLeader(role)) {
				if (left <= 0) {
					return false;
				}
				left = this.changed.awaitNanos(left);
			}
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean isLeader(String role) {
		RoleStatus status = status(role);
		return status != null && status.isLeader();
	}

	@Override
	public void attached() {
		this.attached = true;
	}

	/**
	 * Returns whether a membership takes part in the election. Without one nobody is
	 * elected.
	 */
	public boolean hasMembership() {
		return this.attached;
	}

	@Override
	public void joining(CpgConnector connector, CpgConnection connection, CpgGroup of,
			Consumer<ApplicationEvent> publisher) {
		if (!this.leaderships.isEmpty()) {
			Rehearsal.begin();
		}
		CpgClusterSettings now = askForSettings(connector);
		Map<String, Long> known = this.tokens.read(roles());
		locked(() -> {
			this.cluster = now;
			Candidacy before = this.candidacy;
			if (before != null) {
				before.end(Reason.DISCONNECTED);
			}
			// It may have ended meanwhile, and this not be notified of it any more.
			this.candidacy = connection.isOpen() ? candidacy(connection, of, publisher, known) : null;
		});
	}

	private Candidacy candidacy(CpgConnection connection, CpgGroup of, Consumer<ApplicationEvent> publisher,
			Map<String, Long> known) {
		Candidacy next = new Candidacy(this, this.settings.in(this.group, this.cluster), this.clock, connection, of,
				publisher, new FloorRetry(this.tokens, this::rememberTokens));
		known.forEach(next.election()::remember);
		this.unhealthy.forEach((role) -> next.election().healthChanged(role, false));
		next.election().ready(this.ready);
		return next;
	}

	private void rememberTokens() {
		locked(() -> withElection((election) -> this.tokens.known(roles()).forEach(election::remember)));
	}

	private CpgClusterSettings askForSettings(CpgConnector connector) {
		try {
			return connector.clusterSettings().get(SETTINGS_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException | TimeoutException ex) {
			CpgLog.LEADERSHIP.warn()
				.with("group", this.group)
				.cause(ex)
				.log("The settings of the cluster could not be read: {}", ex.toString());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return this.cluster;
	}

	@Override
	public void quorumChanged(Supplier<CpgQuorum> now) {
		locked(() -> {
			this.quorum = now;
			Candidacy present = this.candidacy;
			if (present != null && present.hasBegun()) {
				withElection((election) -> election.quorumChanged(now.get()));
			}
		});
	}

	/** Returns the quorum as of now. */
	CpgQuorum quorum() {
		return this.quorum.get();
	}

	@Override
	public void configurationChanged(CpgConfigurationChange change) {
		locked(() -> {
			change.left().forEach((left) -> this.suspects.remove(left.address()));
			begin();
			withElection((election) -> election.configurationChanged(change));
		});
	}

	@Override
	public void totemChanged(CpgTotemConfiguration configuration) {
		locked(() -> {
			begin();
			withElection((election) -> election.totemChanged(configuration));
		});
	}

	private void begin() {
		Candidacy present = this.candidacy;
		if (present != null) {
			present.beginOnce();
		}
	}

	@Override
	public boolean consume(CpgMessage message) {
		ByteBuffer bytes = message.buffer();
		LeaderStamp stamp = LeaderStamp.of(bytes);
		if (stamp == null && !ControlMessage.is(ControlMessage.ELECTION, bytes)) {
			return false;
		}
		return locked(() -> {
			boolean[] consumed = new boolean[1];
			withElection((election) -> consumed[0] = election.delivered(message.sender(), bytes)
					|| (stamp != null && isStale(election, stamp)));
			return consumed[0];
		});
	}

	/** A role that this service does not know is not its business. */
	private boolean isStale(Election election, LeaderStamp stamp) {
		boolean stale = this.leaderships.containsKey(stamp.role()) && !election.accepts(stamp.role(), stamp.token());
		if (stale) {
			this.staleTokens.increment();
		}
		return stale;
	}

	@Override
	public CompletableFuture<?> leaving() {
		return locked(() -> {
			Candidacy present = this.candidacy;
			if (present == null) {
				return CompletableFuture.completedFuture(null);
			}
			present.end(Reason.STOPPED);
			return present.notified();
		});
	}

	@Override
	public void closed(@Nullable CorosyncException cause) {
		locked(() -> {
			Candidacy present = this.candidacy;
			if (present != null) {
				present.end((cause != null) ? Reason.DISCONNECTED : Reason.STOPPED);
				this.candidacy = null;
			}
			this.suspects.clear();
		});
	}

	@Override
	public Map<String, String> headers() {
		LeaderScope scope = LeaderScope.current(roles());
		return (scope != null) ? new LeaderStamp(scope.role(), scope.token()).header() : Map.of();
	}

	/** This member leads: whoever waits for that need not any more. */
	void granted() {
		this.changed.signalAll();
	}

	void revoked(String role, long token) {
		this.revocationListeners.forEach((listener) -> notify(listener, role, token));
	}

	/** It is not ours, and the leadership is over whatever it does. */
	private static void notify(RevocationListener listener, String role, long token) {
		try {
			listener.revoked(role, token);
		}
		catch (Throwable ex) {
			CpgLog.LISTENERS.warn().with("role", role).cause(ex).log("{} failed: {}", listener, ex);
		}
	}

	/**
	 * Returns how often a role has changed hands, and how long that took.
	 * @param role the name of the role
	 */
	public LeaderChanges changes(String role) {
		return this.changes.computeIfAbsent(role, (name) -> new LeaderChanges());
	}

	void highestToken(String role, long token) {
		this.tokens.keep(role, token);
	}

	void suspected(CpgAddress member, boolean suspected) {
		if (suspected) {
			this.suspects.add(member);
		}
		else {
			this.suspects.remove(member);
		}
	}

	private void withElection(Consumer<Election> call) {
		Candidacy present = this.candidacy;
		if (present != null) {
			try {
				call.accept(present.election());
			}
			catch (Throwable ex) {
				present.fail(ex);
			}
		}
	}

	void locked(Runnable call) {
		this.lock.lock();
		try {
			call.run();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Returns something else if another thread has the lock. */
	<T> T tryLocked(Supplier<T> call, T otherwise) {
		if (!this.lock.tryLock()) {
			return otherwise;
		}
		try {
			return call.get();
		}
		finally {
			this.lock.unlock();
		}
	}

	<T> T locked(Supplier<T> call) {
		this.lock.lock();
		try {
			return call.get();
		}
		finally {
			this.lock.unlock();
		}
	}

}
