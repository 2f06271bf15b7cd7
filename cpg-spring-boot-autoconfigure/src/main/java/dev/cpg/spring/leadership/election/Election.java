package dev.cpg.spring.leadership.election;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;

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

	private final Roles roles;

	private final Pairing pairing;

	private final Renewals renewals = new Renewals();

	private final Statement statement = new Statement();

	private final Attendance attendance;

	private @Nullable CpgAddress self;

	private List<CpgAddress> members = List.of();

	private @Nullable Exchange exchange;

	/** Until when a quorum that is not known yet is no surprise. */
	private long exchangeEnd;

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
		this.attendance = new Attendance(rules, settings.exchangeTimeout(), settings.livenessTimeout());
		this.roles = new Roles(settings, incarnation, clock, actions, rules, this::send);
	}

	/**
	 * Returns how a role stands. For any thread.
	 * @param role the name of a role of the settings
	 * @throws IllegalArgumentException if there is no such role
	 */
	public RoleStatus status(String role) {
		return this.roles.get(role).status();
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
		RoleElection known = this.roles.get(role);
		if (!Token.isCredible(token, this.clock.wallTime())) {
			this.refused++;
			return false;
		}
		if (token > known.highest()) {
			known.seen(token);
			this.statement.changed();
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
			this.statement.changed();
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
		if (this.roles.get(name).healthChanged(nowHealthy)) {
			this.roles.endUnhealthy();
			this.statement.changed();
			proceed();
		}
	}

	/**
	 * The application gives a role up. If it led, {@link #released(String)} has to follow
	 * when it has finished.
	 * @param name the role
	 */
	public void giveUp(String name) {
		this.roles.giveUp(this.roles.get(name), Reason.YIELD);
		proceed();
	}

	/**
	 * The application has finished what it did as a leader.
	 * @param name the role
	 */
	public void released(String name) {
		RoleElection role = this.roles.get(name);
		if (role.isReleasing()) {
			this.roles.end(role, Reason.YIELD, true);
			proceed();
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
		this.roles.disconnected(reason);
		this.self = null;
		this.members = List.of();
		this.statement.lost();
		endExchange();
		this.attendance.clear();
		this.pairing.disconnected();
		pair();
		proceed();
	}

	private void endExchange() {
		Exchange ended = this.exchange;
		if (ended != null) {
			ended.suspects().forEach((member) -> this.actions.suspected(member, false));
			this.attendance.ended(ended);
		}
		this.exchange = null;
	}

	/**
	 * The members of the group have changed.
	 * @param change the change
	 */
	public void configurationChanged(CpgConfigurationChange change) {
		this.members = change.view().members();
		for (CpgMember left : change.left()) {
			this.attendance.settled(left.address());
			if (this.exchange != null) {
				this.exchange.left(left.address());
			}
		}
		CpgAddress present = present();
		if (present == null) {
			endExchange();
		}
		else if (!this.rules.isKnown(change.view().ring(), this.pairing.ring())) {
			// The totem event follows, and the exchange with it.
			endExchange();
			ringEnds();
		}
		else if (!change.joined().isEmpty()) {
			beginExchange(present);
		}
		proceed();
	}

	/** What was sent in the ring proves nothing in the next one. */
	private void ringEnds() {
		this.renewals.reset();
		this.roles.endPending();
	}

	/** Returns this member, if it is one. */
	private @Nullable CpgAddress present() {
		return (this.self != null && this.members.contains(this.self)) ? this.self : null;
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
		CpgAddress present = present();
		if (!known && present != null) {
			ringEnds();
			beginExchange(present);
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
			this.roles.endInquorate();
		}
		if (now != this.paired) {
			this.paired = now;
			this.renewals.reset();
			this.statement.changed();
		}
	}

	private void beginExchange(CpgAddress present) {
		endExchange();
		long now = this.clock.nanoTime();
		this.exchange = new Exchange(present, this.pairing.ring(), this.members, this.roles.names(), now);
		this.exchangeEnd = now + this.settings.exchangeTimeout().toNanos();
		this.statement.begin();
		this.roles.endLapsed();
	}

	private void sendState() {
		Exchange current = this.exchange;
		if (current != null && this.statement.isSent(this.roles.any(RoleElection::isClaiming))) {
			send(new State(this.incarnation, this.statement.send(), current.tag(), Math.max(0, this.clock.wallTime()),
					this.since, this.settings.lease().toMillis(), this.ready, this.paired, this.settings.heard(),
					ElectionCodec.RULES, this.roles.states()));
		}
	}

	private void send(ElectionMessage message) {
		this.actions.send(ElectionCodec.write(message));
	}

	/**
	 * A message was not delivered, or it is not known whether it was. What it said is
	 * said again.
	 */
	public void sendFailed() {
		this.roles.all().forEach(RoleElection::claimDone);
		this.renewals.lost();
		this.statement.lost();
		this.statement.changed();
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
		if (this.exchange != null) {
			this.attendance.heard(sender);
			if (this.exchange.heard(sender, this.clock.nanoTime())) {
				this.actions.suspected(sender, false);
			}
		}
	}

	private void received(CpgAddress sender, ElectionMessage message) {
		boolean own = sender.equals(this.self) && message.incarnation() == this.incarnation;
		Exchange current = this.exchange;
		if (sender.equals(this.self) && !own) {
			// An earlier life under this address has said it, and others take it for
			// ours.
			this.statement.changed();
		}
		if (message instanceof Renew renew) {
			if (own) {
				renewed(renew.number());
			}
		}
		else if (message instanceof Claim claim) {
			claimed(current, sender, claim, own);
		}
		else if (message instanceof Yield yielded) {
			yielded(current, sender, yielded);
		}
		else if (message instanceof State state) {
			if (own) {
				this.statement.returned(state.number());
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
		this.attendance.settled(sender);
		current.add(sender, state);
		current.successions().forEach((role, succession) -> {
			succession.stated(sender, state);
			RoleState row = state.roles().get(role);
			if (row != null && !(succession.isCredible(row.highest()) && succession.isCredible(row.live()))) {
				this.refused++;
			}
			// It was sent before the claim was back that has won since.
			RoleElection election = this.roles.get(role);
			if (own && row != null && row.live() == Token.NONE && election.token() != Token.NONE) {
				this.roles.end(election, Reason.SUPERSEDED, false);
			}
		});
	}

	private void claimed(@Nullable Exchange current, CpgAddress sender, Claim claim, boolean own) {
		RoleElection role = this.roles.find(claim.role());
		Succession succession = (current != null) ? current.succession(claim.role()) : null;
		if (own && role != null && role.hasClaimed(claim.digest())) {
			role.claimDone();
		}
		if (current == null || role == null || succession == null || !this.rules.isOf(claim.digest(), current.digest())
				|| !succession.claimed(sender, claim.token())) {
			return;
		}
		if (role.token() != Token.NONE) {
			role.revoke(Reason.SUPERSEDED);
		}
		if (own) {
			role.elected(claim.token());
			// It may have fallen ill while the claim was under way.
			this.roles.endUnhealthy();
			if (this.rules.isGrantedByClaim()) {
				role.grant(this.clock.nanoTime() + this.settings.lease().toNanos(), this.clock.suspendedTime());
			}
			if (!this.paired) {
				// Since it was sent; who keeps it without a lease keeps others from it.
				this.roles.end(role, Reason.QUORUM, false);
			}
		}
	}

	private void renewed(long number) {
		long now = this.clock.nanoTime();
		this.roles.endLapsed();
		Renewal before = this.renewals.returned(number);
		if (before != null && this.paired) {
			long end = this.rules.beginOfLease(before.sent(), now) + this.settings.lease().toNanos();
			this.roles.all().forEach((role) -> role.renewed(before, end));
		}
	}

	private static void yielded(@Nullable Exchange current, CpgAddress sender, Yield yielded) {
		Succession succession = (current != null) ? current.succession(yielded.role()) : null;
		if (succession != null) {
			succession.yielded(sender, yielded.token(), yielded.barred());
		}
	}

	private void suspected(Exchange current, Suspect suspect) {
		CpgAddress member = suspect.suspect();
		if (!this.members.contains(member) || current.heard(member) != suspect.heard() || !current.suspect(member)) {
			return;
		}
		this.actions.suspected(member, true);
		if (member.equals(this.self)) {
			this.roles.all().forEach((role) -> role.revoke(Reason.SUSPECTED));
			this.statement.changed();
		}
	}

	/**
	 * A message of the application was delivered that was sent under a leadership.
	 * @param name the role
	 * @param token the token that it was sent under
	 * @return whether the token is the highest one so far; if not, the message is stale
	 */
	public boolean accepts(String name, long token) {
		RoleElection role = this.roles.get(name);
		Exchange current = this.exchange;
		Succession succession = (current != null) ? current.succession(name) : null;
		long latestClock = (current != null) ? current.latestClock() : this.clock.wallTime();
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
		this.roles.endLapsed();
		this.roles.endUnhealthy();
		if (this.roles.endCooldowns(now)) {
			this.statement.changed();
		}
		if (current != null) {
			this.attendance.timeReached(current, this.members, now);
			if (isComplete(current)) {
				for (CpgAddress member : this.attendance.hanging(current, now)) {
					send(new Suspect(this.incarnation, current.digest(), member, current.heard(member)));
				}
			}
		}
		proceed();
	}

	/**
	 * Does what follows from what was said. What others wait for is sent first.
	 */
	private void proceed() {
		Exchange current = this.exchange;
		if (current != null) {
			this.roles.all().forEach((role) -> endSuperseded(current, role));
		}
		Exchange complete = (current != null && isComplete(current)) ? current : null;
		if (complete != null) {
			this.roles.all().forEach((role) -> decide(complete, role));
		}
		sendState();
		renew();
		this.roles.all().forEach((role) -> publish(role, current, complete != null));
		if (complete != null) {
			this.attendance.watch(complete, this.clock.nanoTime());
		}
		else {
			this.attendance.watchNobody();
		}
		schedule(complete != null);
	}

	private void endSuperseded(Exchange current, RoleElection role) {
		role.seen(succession(current, role).highest());
		if (role.token() != Token.NONE && role.highest() > role.token()) {
			this.roles.end(role, Reason.SUPERSEDED, false);
		}
	}

	private static Succession succession(Exchange current, RoleElection role) {
		return Objects.requireNonNull(current.succession(role.name()));
	}

	/** Returns whether all have spoken, and of this member what it has said itself. */
	private boolean isComplete(Exchange current) {
		State own = current.row(current.self());
		return own != null && own.incarnation() == this.incarnation
				&& this.attendance.isComplete(current, this.members);
	}

	private void publish(RoleElection role, @Nullable Exchange current, boolean complete) {
		Succession succession = (current != null) ? succession(current, role) : null;
		Leader leader = (succession != null) ? succession.leader() : null;
		if (leader != null) {
			role.led(leader, null);
			return;
		}
		Leader before = role.status().leader();
		if (complete || before == null || !this.members.contains(before.address())) {
			role.led(null, vacancy(complete ? succession : null));
		}
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
		Succession succession = succession(current, role);
		long digest = current.digest();
		if (!succession.isVacant() || role.token() != Token.NONE || role.hasClaimed(digest) || this.statement.isDue()
				|| !current.self().equals(succession.choose())) {
			return;
		}
		long token = Token.next(role.highest(), current.clocks(), current.self().nodeId());
		if (succession.isCredible(token)) {
			role.claim(digest, this.renewals.next());
			send(new Claim(this.incarnation, digest, role.name(), token));
		}
	}

	/**
	 * Returns whether renewals are sent: not before this member has spoken in the present
	 * exchange. Others that have waited for it in vain rely on that. The first one goes
	 * right behind the claim, or when the one that is under way then has come back.
	 */
	private boolean isRenewing() {
		return this.exchange != null && this.statement.isStated()
				&& (this.settings.heard() || (this.paired && this.roles.any(RoleElection::wantsLease)));
	}

	private long renewalDue(long now) {
		Long last = this.renewals.lastSent();
		boolean urgent = this.paired && this.roles.any(RoleElection::isWithoutLease);
		return (last == null || urgent) ? now : last + this.settings.lease().toNanos() / 4;
	}

	private void renew() {
		long now = this.clock.nanoTime();
		if (isRenewing() && !this.renewals.isUnderWay() && renewalDue(now) - now <= 0) {
			send(new Renew(this.incarnation, this.renewals.send(now, this.clock.suspendedTime())));
		}
	}

	private void schedule(boolean complete) {
		long now = this.clock.nanoTime();
		long next = now + this.settings.exchangeTimeout().toNanos();
		if (this.exchange != null) {
			next = complete ? this.attendance.nextHanging(this.exchange, next)
					: this.attendance.next(this.exchange, this.members, next);
			next = (this.exchangeEnd - now > 0) ? earlier(next, this.exchangeEnd) : next;
		}
		if (isRenewing() && !this.renewals.isUnderWay()) {
			next = earlier(next, renewalDue(now));
		}
		this.actions.schedule(this.roles.next(now, next));
	}

	private static long earlier(long one, long other) {
		return (other - one < 0) ? other : one;
	}

}
