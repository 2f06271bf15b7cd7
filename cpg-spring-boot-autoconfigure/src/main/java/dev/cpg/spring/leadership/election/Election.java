package dev.cpg.spring.leadership.election;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgQuorum;
import dev.cpg.client.CpgTotemConfiguration;
import dev.cpg.spring.leadership.CpgLeaderChangeEvent.Vacancy;
import dev.cpg.spring.leadership.CpgLeadershipRevokedEvent.Reason;
import dev.cpg.spring.leadership.election.ElectionMessage.Claim;
import dev.cpg.spring.leadership.election.ElectionMessage.Renew;
import dev.cpg.spring.leadership.election.ElectionMessage.RoleState;
import dev.cpg.spring.leadership.election.ElectionMessage.State;
import dev.cpg.spring.leadership.election.ElectionMessage.Suspect;
import dev.cpg.spring.leadership.election.ElectionMessage.Yield;
import dev.cpg.spring.leadership.election.Renewals.Renewal;
import dev.cpg.spring.message.ControlMessage;
import org.jspecify.annotations.Nullable;

/**
 * One member's part in the election of a leader for each role of its group: a state
 * machine without threads and without a clock of its own. {@code docs/leadership.md}
 * describes what it does and why.
 * <p>
 * Its owner passes on everything that happens, one call at a time, from any thread. What
 * the group's connection reports, members, rings, messages and the end, has to come in
 * the order in which the engine reported it, and must not wait for listeners. Everything
 * else may come at any place. In return the election calls its {@link ElectionActions}.
 * No call throws, whatever other members have sent. Only {@link #status(String)} and what
 * it returns are for any thread at any time.
 */
public final class Election {

	private final ElectionSettings settings;

	private final ElectionClock clock;

	private final ElectionActions actions;

	private final Rules rules;

	private final long incarnation;

	private final long since;

	private final Map<String, RoleElection> roles = new LinkedHashMap<>();

	private final Pairing pairing;

	private final Renewals renewals = new Renewals();

	private final Watch watch;

	private @Nullable CpgAddress self;

	private List<CpgAddress> members = List.of();

	/** Members that did not speak when all others did, such as C programs. */
	private final Set<CpgAddress> silent = new HashSet<>();

	/** Members that were watched and have not spoken in the present exchange. */
	private final Set<CpgAddress> unheard = new HashSet<>();

	private @Nullable Exchange exchange;

	private final Map<String, Succession> successions = new HashMap<>();

	/** When those who have not spoken count as silent. */
	private long exchangeEnd;

	private long stateNumber;

	/** Whether what this member states has changed and was not sent. */
	private boolean stateDue;

	/** Whether this member has stated something in the present exchange. */
	private boolean stated;

	private boolean stateUnderWay;

	private boolean paired;

	private boolean ready;

	private long refused;

	/**
	 * Creates an election of a member that is not in its group yet.
	 * @param settings the settings
	 * @param clock the member's clocks
	 * @param actions what the owner does for it
	 * @param incarnation a number that no other life of any member has, a random one
	 */
	public Election(ElectionSettings settings, ElectionClock clock, ElectionActions actions, long incarnation) {
		this(settings, clock, actions, incarnation, new Rules());
	}

	Election(ElectionSettings settings, ElectionClock clock, ElectionActions actions, long incarnation, Rules rules) {
		this.settings = settings;
		this.clock = clock;
		this.actions = actions;
		this.incarnation = incarnation;
		this.rules = rules;
		this.since = clock.wallTime();
		this.pairing = new Pairing(rules, settings.requireQuorum());
		this.watch = new Watch(rules, settings.livenessTimeout().toMillis());
		settings.roles().forEach((role) -> this.roles.put(role.name(), new RoleElection(role, clock, actions, rules)));
	}

	/**
	 * Returns how a role stands. For any thread.
	 * @param role the name of a role of the settings
	 * @throws IllegalArgumentException if there is no such role
	 */
	public RoleStatus status(String role) {
		return role(role).status();
	}

	private RoleElection role(String name) {
		RoleElection role = this.roles.get(name);
		if (role == null) {
			throw new IllegalArgumentException("There is no role '" + name + "', only " + this.roles.keySet());
		}
		return role;
	}

	/**
	 * Returns how many messages were refused because they were malformed, of an unknown
	 * version, or had a token that cannot be.
	 */
	public long refused() {
		return this.refused;
	}

	/**
	 * The application names a token that was given, one that was kept or that a resource
	 * has seen: all further ones are higher.
	 * @param role the role
	 * @param token the token; it is refused if it is no possible one, or more than a year
	 * ahead of this member's clock
	 * @return whether it was not refused
	 */
	public boolean remember(String role, long token) {
		RoleElection known = role(role);
		if (!Token.isCredible(token, this.clock.wallTime())) {
			this.refused++;
			return false;
		}
		if (token > known.highest()) {
			known.seen(token);
			stateChanged();
			proceed();
		}
		return true;
	}

	/**
	 * The application may lead from now on, or may not yet. At first it may not.
	 * @param nowReady whether it may
	 */
	public void ready(boolean nowReady) {
		if (this.ready != nowReady) {
			this.ready = nowReady;
			stateChanged();
			proceed();
		}
	}

	/**
	 * The application is healthy enough for a role or not. At first it is. If not, it is
	 * not elected, and gives up the role, once it has held it for as long as it must.
	 * @param name the role
	 * @param nowHealthy whether it is
	 */
	public void healthChanged(String name, boolean nowHealthy) {
		if (role(name).healthChanged(nowHealthy)) {
			endUnhealthy();
			stateChanged();
			proceed();
		}
	}

	private void endUnhealthy() {
		long now = this.clock.nanoTime();
		for (RoleElection role : this.roles.values()) {
			Long due = role.healthDue();
			if (due != null && due - now <= 0) {
				giveUp(role, Reason.HEALTH);
			}
		}
	}

	/**
	 * The application gives a role up. If it led, {@link #released(String)} has to follow
	 * when it has finished.
	 * @param name the role
	 */
	public void giveUp(String name) {
		giveUp(role(name), Reason.YIELD);
		proceed();
	}

	private void giveUp(RoleElection role, Reason reason) {
		if (role.isPending()) {
			yieldNow(role, reason, true);
		}
		else if (role.isRenewed()) {
			if (!this.rules.isRevokedBeforeYield()) {
				send(new Yield(this.incarnation, role.name(), role.token(), true));
			}
			role.release(reason);
		}
	}

	/**
	 * The application has finished what it did as a leader.
	 * @param name the role
	 */
	public void released(String name) {
		RoleElection role = role(name);
		if (role.isReleasing()) {
			yieldNow(role, Reason.YIELD, true);
			proceed();
		}
	}

	/** The leadership is over, and others are notified of it. */
	private void yieldNow(RoleElection role, Reason reason, boolean cooldown) {
		long token = role.revoke(reason);
		boolean barred = cooldown && !this.settings.yieldCooldown().isZero();
		if (barred) {
			role.bar(this.clock.nanoTime() + this.settings.yieldCooldown().toNanos());
		}
		if (token != Token.NONE) {
			send(new Yield(this.incarnation, role.name(), token, barred));
		}
	}

	/**
	 * A connection of the group was opened, which is about to join.
	 * @param address the member's address
	 */
	public void connected(CpgAddress address) {
		this.self = address;
	}

	/**
	 * The connection has ended, or is about to: the member leaves. This has to be called
	 * before it leaves, as others do not wait for it then.
	 * @param reason {@link Reason#DISCONNECTED} or {@link Reason#STOPPED}
	 */
	public void disconnected(Reason reason) {
		this.roles.values().forEach((role) -> {
			role.revoke(reason);
			role.claimDone();
		});
		this.self = null;
		this.members = List.of();
		this.silent.clear();
		this.stateUnderWay = false;
		endExchange();
		this.unheard.clear();
		this.pairing.disconnected();
		pair();
		proceed();
	}

	/** The next one knows of no suspicion: whoever hangs is found once more. */
	private void endExchange() {
		if (this.exchange != null) {
			this.exchange.suspects().forEach((member) -> this.actions.suspected(member, false));
			this.unheard.addAll(watched(this.exchange));
		}
		this.exchange = null;
		this.successions.clear();
		this.stateDue = false;
	}

	/**
	 * The members of the group have changed.
	 * @param change the change
	 */
	public void configurationChanged(CpgConfigurationChange change) {
		this.members = change.view().members();
		for (CpgMember left : change.left()) {
			this.silent.remove(left.address());
			this.unheard.remove(left.address());
			if (this.exchange != null) {
				this.successions.values().forEach((succession) -> succession.gone(left.address()));
				this.exchange.left(left.address());
			}
		}
		if (this.self == null || !this.members.contains(this.self)) {
			endExchange();
		}
		else if (!this.rules.isKnown(change.view().ring(), this.pairing.ring())) {
			// The totem event follows, and the exchange with it.
			endExchange();
			this.renewals.reset();
		}
		else if (!change.joined().isEmpty()) {
			beginExchange();
		}
		proceed();
	}

	/**
	 * The ring has changed, or is reported for the first time after the join.
	 * @param configuration the ring
	 */
	public void totemChanged(CpgTotemConfiguration configuration) {
		boolean known = this.exchange != null && this.rules.isKnown(configuration.ring(), this.pairing.ring());
		this.pairing.totem(configuration);
		this.members = configuration.view().members();
		pair();
		if (!known && this.self != null && this.members.contains(this.self)) {
			this.renewals.reset();
			beginExchange();
		}
		proceed();
	}

	/**
	 * The quorum has changed, or the connection that reports it has ended, which is
	 * {@link CpgQuorum#NONE}.
	 * @param quorum the quorum
	 */
	public void quorumChanged(CpgQuorum quorum) {
		this.pairing.quorum(quorum);
		pair();
		proceed();
	}

	private void pair() {
		boolean now = this.pairing.isPaired();
		if (this.pairing.isInquorate()) {
			this.roles.values().forEach((role) -> yieldNow(role, Reason.QUORUM, false));
		}
		if (now != this.paired) {
			this.paired = now;
			this.renewals.reset();
			stateChanged();
		}
	}

	private void beginExchange() {
		endExchange();
		long now = this.clock.nanoTime();
		this.exchange = new Exchange(this.pairing.ring(), this.members, now);
		this.exchangeEnd = now + this.settings.exchangeTimeout().toNanos();
		for (String role : this.roles.keySet()) {
			this.successions.put(role, new Succession(role, this.exchange));
		}
		this.stated = false;
		endLapsed();
		stateChanged();
	}

	private void stateChanged() {
		this.stateDue = this.exchange != null;
	}

	/**
	 * Sends what this member states, one message at a time: many members may join at
	 * once, and each does so to each. While a claim is under way it waits: what it says
	 * then could be delivered behind the claim, and would deny it.
	 */
	private void sendDueState() {
		boolean claiming = this.roles.values().stream().anyMatch(RoleElection::isClaiming);
		if (this.stateDue && !this.stateUnderWay && !(this.stated && claiming)) {
			sendState();
		}
	}

	private void sendState() {
		Exchange current = this.exchange;
		if (current == null) {
			return;
		}
		this.stateDue = false;
		this.stated = true;
		this.stateUnderWay = true;
		Map<String, RoleState> states = new HashMap<>();
		this.roles.forEach((name, role) -> states.put(name, role.state()));
		send(new State(this.incarnation, ++this.stateNumber, current.tag(), Math.max(0, this.clock.wallTime()),
				this.since, this.settings.lease().toMillis(), this.ready, this.paired, this.settings.heard(),
				ElectionCodec.RULES, states));
	}

	private void send(ElectionMessage message) {
		this.actions.send(ElectionCodec.write(message));
	}

	/**
	 * A message was not delivered, or it is not known whether it was. What it said is
	 * said again.
	 */
	public void sendFailed() {
		this.roles.values().forEach(RoleElection::claimDone);
		this.renewals.lost();
		this.stateUnderWay = false;
		stateChanged();
		proceed();
	}

	/**
	 * A message was delivered.
	 * @param sender who sent it
	 * @param message the message, from its position on, where it stays
	 * @return whether it is of the election, and nobody else's
	 */
	public boolean delivered(CpgAddress sender, ByteBuffer message) {
		if (!ControlMessage.is(ControlMessage.ELECTION, message)) {
			return false;
		}
		ElectionMessage read = ElectionCodec.read(message);
		if (read == null) {
			this.refused++;
		}
		else if (this.self != null && this.members.contains(sender)) {
			heard(sender);
			received(sender, read);
			proceed();
		}
		return true;
	}

	private void heard(CpgAddress sender) {
		if (this.exchange != null && this.exchange.heard(sender, this.clock.nanoTime())) {
			this.actions.suspected(sender, false);
		}
	}

	private void received(CpgAddress sender, ElectionMessage message) {
		boolean own = sender.equals(this.self) && message.incarnation() == this.incarnation;
		Exchange current = this.exchange;
		if (sender.equals(this.self) && !own) {
			// An earlier life under this address has said it, and others take it for
			// ours.
			stateChanged();
		}
		if (message instanceof Renew renew) {
			if (own) {
				renewed(renew.number());
			}
		}
		else if (message instanceof Claim claim) {
			claimed(sender, claim, own);
		}
		else if (message instanceof Yield yielded) {
			yielded(sender, yielded);
		}
		else if (message instanceof State state) {
			if (own && state.number() == this.stateNumber) {
				this.stateUnderWay = false;
			}
			if (current != null && this.rules.isOf(state.tag(), current.tag())) {
				stated(current, sender, state, own);
			}
		}
		else if (current != null && message instanceof Suspect suspect
				&& this.rules.isOf(suspect.digest(), current.digest())) {
			suspected(current, suspect);
		}
	}

	private void stated(Exchange current, CpgAddress sender, State state, boolean own) {
		this.silent.remove(sender);
		this.unheard.remove(sender);
		current.add(sender, state);
		this.successions.forEach((role, succession) -> {
			succession.stated(sender, state);
			RoleState row = state.roles().get(role);
			if (row != null && !(succession.isCredible(row.highest()) && succession.isCredible(row.live()))) {
				this.refused++;
			}
			// It was sent before the claim was back that has won since.
			RoleElection election = this.roles.get(role);
			if (own && row != null && row.live() == Token.NONE && election != null && election.token() != Token.NONE) {
				yieldNow(election, Reason.SUPERSEDED, false);
			}
		});
	}

	private void claimed(CpgAddress sender, Claim claim, boolean own) {
		RoleElection role = this.roles.get(claim.role());
		Succession succession = this.successions.get(claim.role());
		if (own && role != null && role.hasClaimed(claim.digest())) {
			role.claimDone();
		}
		if (role == null || succession == null || this.exchange == null
				|| !this.rules.isOf(claim.digest(), this.exchange.digest())
				|| !succession.claimed(sender, claim.token())) {
			return;
		}
		if (role.token() != Token.NONE) {
			role.revoke(Reason.SUPERSEDED);
		}
		if (own) {
			role.elected(claim.token(), this.renewals.next());
			// It may have fallen ill while the claim was under way.
			endUnhealthy();
			if (this.rules.isGrantedByClaim()) {
				role.grant(this.clock.nanoTime() + this.settings.lease().toNanos());
			}
		}
	}

	private void renewed(long number) {
		long now = this.clock.nanoTime();
		endLapsed();
		Renewal before = this.renewals.returned(number);
		if (before != null && this.paired) {
			long end = this.rules.beginOfLease(before.sent(), now) + this.settings.lease().toNanos();
			this.roles.values().forEach((role) -> role.renewed(before.number(), end));
		}
	}

	private void yielded(CpgAddress sender, Yield yielded) {
		Succession succession = this.successions.get(yielded.role());
		if (succession != null) {
			succession.yielded(sender, yielded.token(), yielded.barred());
		}
	}

	private void suspected(Exchange current, Suspect suspect) {
		CpgAddress member = suspect.suspect();
		if (!this.members.contains(member) || current.heard(member) != suspect.heard() || !current.suspect(member)) {
			return;
		}
		this.successions.values().forEach((succession) -> succession.gone(member));
		this.actions.suspected(member, true);
		if (member.equals(this.self)) {
			this.roles.values().forEach((role) -> role.revoke(Reason.SUSPECTED));
			stateChanged();
		}
	}

	/**
	 * A message of the application was delivered that was sent under a leadership.
	 * @param name the role
	 * @param token the token that it was sent under
	 * @return whether the token is the highest one so far; if not, the message is stale
	 */
	public boolean accepts(String name, long token) {
		RoleElection role = role(name);
		Succession succession = this.successions.get(name);
		long latestClock = (this.exchange != null) ? this.exchange.latestClock() : this.clock.wallTime();
		if (token < role.highest() || !Token.isCredible(token, latestClock)) {
			return false;
		}
		if (succession != null) {
			succession.seen(token);
		}
		role.seen(token);
		proceed();
		return true;
	}

	/**
	 * The alarm that was set last is due. More calls than that do no harm.
	 */
	public void timeReached() {
		Exchange current = this.exchange;
		long now = this.clock.nanoTime();
		endLapsed();
		endUnhealthy();
		for (RoleElection role : this.roles.values()) {
			Long until = role.barredUntil();
			if (until != null && until - now <= 0) {
				role.bar(null);
				stateChanged();
			}
		}
		if (current != null && this.exchangeEnd - now <= 0) {
			this.members.stream()
				.filter((member) -> current.row(member) == null && !member.equals(this.self))
				.forEach(this.silent::add);
		}
		if (current != null && isComplete(current)) {
			for (CpgAddress member : this.watch.silent(current, now)) {
				send(new Suspect(this.incarnation, current.digest(), member, current.heard(member)));
			}
		}
		proceed();
	}

	private void endLapsed() {
		for (RoleElection role : this.roles.values()) {
			if (role.isLapsed() && this.rules.endsWithLease()) {
				yieldNow(role, Reason.LEASE, false);
			}
		}
	}

	/** Does what follows from what was said. */
	private void proceed() {
		Exchange current = this.exchange;
		this.roles.forEach((name, role) -> {
			Succession succession = this.successions.get(name);
			if (succession != null) {
				role.seen(succession.highest());
				if (role.token() != Token.NONE && role.highest() > role.token()) {
					yieldNow(role, Reason.SUPERSEDED, false);
				}
			}
			publish(role, succession);
		});
		if (current != null && isComplete(current)) {
			this.roles.forEach((name, role) -> decide(current, role));
			this.watch.set(watched(current), this.clock.nanoTime());
		}
		else {
			this.watch.set(Set.of(), 0);
		}
		sendDueState();
		renew();
		schedule();
	}

	/** Returns whether all have spoken, and of this member what it has said itself. */
	private boolean isComplete(Exchange current) {
		State row = current.row(Objects.requireNonNull(this.self));
		return row != null && row.incarnation() == this.incarnation && current.covers(this.members, this.silent);
	}

	private void publish(RoleElection role, @Nullable Succession succession) {
		Leader leader = (succession != null) ? succession.leader() : null;
		if (leader != null) {
			role.led(leader, null);
			return;
		}
		Leader before = role.status().leader();
		boolean complete = succession != null && this.exchange != null && isComplete(this.exchange);
		if (!complete && before != null && this.members.contains(before.address())) {
			return;
		}
		role.led(null, vacancy(complete ? succession : null));
	}

	/** Returns why there is no leader. */
	private Vacancy vacancy(@Nullable Succession complete) {
		if (this.self == null) {
			return Vacancy.DISCONNECTED;
		}
		if (!this.paired) {
			// What is not known in time is not there.
			boolean awaited = this.pairing.isUndecided()
					&& (this.exchange == null || this.exchangeEnd - this.clock.nanoTime() > 0);
			return awaited ? Vacancy.ELECTING : Vacancy.INQUORATE;
		}
		boolean nobody = complete != null && complete.isVacant() && complete.choose() == null;
		return nobody ? Vacancy.NOBODY_ELIGIBLE : Vacancy.ELECTING;
	}

	private void decide(Exchange current, RoleElection role) {
		Succession succession = Objects.requireNonNull(this.successions.get(role.name()));
		long digest = current.digest();
		if (!succession.isVacant() || role.token() != Token.NONE || role.hasClaimed(digest) || this.stateDue
				|| !Objects.equals(succession.choose(), this.self)) {
			return;
		}
		long token = Token.next(role.highest(), current.clocks(), Objects.requireNonNull(this.self).nodeId());
		if (succession.isCredible(token)) {
			role.claim(digest);
			send(new Claim(this.incarnation, digest, role.name(), token));
		}
	}

	/**
	 * Returns whom to watch: the leaders, those who are to claim, and those who want it.
	 * Who was among them when this exchange began has to speak at least.
	 */
	private Set<CpgAddress> watched(Exchange current) {
		Set<CpgAddress> watched = new HashSet<>(this.unheard);
		for (Succession succession : this.successions.values()) {
			watched.addAll(succession.live());
			CpgAddress next = succession.isVacant() ? succession.choose() : null;
			if (next != null) {
				watched.add(next);
			}
		}
		current.rows().forEach((member, state) -> {
			if (state.heard()) {
				watched.add(member);
			}
		});
		watched.remove(this.self);
		return watched;
	}

	/**
	 * Returns whether renewals are sent: not before this member has spoken in the present
	 * exchange. Others that have waited for it in vain rely on that.
	 */
	private boolean isRenewing() {
		return this.exchange != null && this.stated && (this.settings.heard()
				|| (this.paired && this.roles.values().stream().anyMatch(RoleElection::isRenewed)));
	}

	private long renewalDue(long now) {
		Long last = this.renewals.lastSent();
		return (last == null || this.roles.values().stream().anyMatch(RoleElection::isPending)) ? now
				: last + this.settings.lease().toNanos() / 4;
	}

	private void renew() {
		long now = this.clock.nanoTime();
		if (isRenewing() && !this.renewals.isUnderWay() && renewalDue(now) - now <= 0) {
			send(new Renew(this.incarnation, this.renewals.send(now)));
		}
	}

	private void schedule() {
		long now = this.clock.nanoTime();
		long next = now + this.settings.exchangeTimeout().toNanos();
		if (this.exchange != null && !isComplete(this.exchange)) {
			next = (this.exchangeEnd - now > 0) ? earlier(next, this.exchangeEnd) : next;
		}
		else if (this.exchange != null) {
			next = this.watch.next(this.exchange, next);
		}
		if (isRenewing() && !this.renewals.isUnderWay()) {
			next = earlier(next, renewalDue(now));
		}
		for (RoleElection role : this.roles.values()) {
			Long barredUntil = role.barredUntil();
			if (barredUntil != null) {
				next = earlier(next, barredUntil);
			}
			Long healthDue = role.healthDue();
			if (healthDue != null) {
				next = earlier(next, healthDue);
			}
			Grant grant = role.grant();
			if (grant != null) {
				Long end = grant.end();
				next = earlier(next, (end != null) ? end : now);
			}
		}
		this.actions.schedule(next);
	}

	private static long earlier(long one, long other) {
		return (other - one < 0) ? other : one;
	}

}
