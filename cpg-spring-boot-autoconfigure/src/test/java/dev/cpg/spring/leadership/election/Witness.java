package dev.cpg.spring.leadership.election;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgTotemConfiguration;
import dev.cpg.client.RingId;
import dev.cpg.spring.leadership.CpgLeadershipRevokedEvent.Reason;
import dev.cpg.spring.leadership.election.ElectionMessage.Claim;
import dev.cpg.spring.leadership.election.ElectionMessage.State;
import dev.cpg.spring.leadership.election.ElectionMessage.Yield;
import org.jspecify.annotations.Nullable;

/**
 * Sees all that the members of a simulation do, and notes what must not be.
 */
final class Witness {

	private static final int GRANTS_BESIDE_FAULTS = 10;

	private final Simulation simulation;

	private final boolean exclusive;

	private final List<String> history = new ArrayList<>();

	private final Map<SimulatedMember, Known> known = new HashMap<>();

	/** Whether members have accepted a claim. */
	private final Map<Place, Boolean> verdicts = new HashMap<>();

	private final Set<Long> tokens = new HashSet<>();

	private long lastToken;

	private boolean clocksRight = true;

	/** The highest token that the resource has seen. */
	private long fence;

	private int grants;

	private @Nullable String violation;

	/**
	 * Creates it.
	 * @param exclusive whether two rings are never quorate at a time
	 */
	Witness(Simulation simulation, boolean exclusive) {
		this.simulation = simulation;
		this.exclusive = exclusive;
	}

	@Nullable String violation() {
		return this.violation;
	}

	String history() {
		return String.join("\n", this.history);
	}

	int grants() {
		return this.grants;
	}

	void note(String what) {
		this.history.add("%9.3f  %s".formatted(this.simulation.now() / 1e9, what));
	}

	private void require(boolean condition, String otherwise) {
		if (!condition && this.violation == null) {
			this.violation = otherwise;
			note("WRONG: " + otherwise);
		}
	}

	void clockShifted() {
		this.clocksRight = false;
	}

	void started(SimulatedMember member) {
		this.known.put(member, new Known());
		note(member + " is started");
	}

	void killed(SimulatedMember member) {
		note(member + " is killed");
	}

	private Known of(SimulatedMember member) {
		return Objects.requireNonNull(this.known.get(member));
	}

	void changed(SimulatedMember member, CpgConfigurationChange change) {
		note(member + ": " + change.left() + " left, " + change.joined() + " joined");
		of(member).ring = change.view().ring();
		if (!change.joined().isEmpty()) {
			of(member).begin();
		}
	}

	void ring(SimulatedMember member, CpgTotemConfiguration configuration) {
		note(member + ": ring " + configuration.ring() + " of " + configuration.nodeIds());
		of(member).begin();
		of(member).ring = configuration.ring();
		of(member).quorate = this.simulation.isProvided() && this.simulation.isQuorate(configuration.nodeIds());
	}

	void sends(SimulatedMember member, byte[] message) {
		ElectionMessage sent = Objects.requireNonNull(ElectionCodec.read(ByteBuffer.wrap(message)));
		if (!(sent instanceof ElectionMessage.Renew)) {
			note(member + " sends " + sent);
		}
		if (sent instanceof State state) {
			of(member).said = Math.min(of(member).said, state.number());
		}
		if (sent instanceof Yield yielded) {
			require(of(member).granted != yielded.token(),
					member + " gives up token " + yielded.token() + " before its application knows");
		}
	}

	void delivers(SimulatedMember member, CpgAddress sender, ByteBuffer message, Runnable delivery) {
		ElectionMessage read = ElectionCodec.read(message);
		Known memory = of(member);
		long before = memory.highest;
		if (read instanceof Claim claim && claim.incarnation() == member.incarnation()) {
			memory.claimed = claim.token();
		}
		Leader leaderBefore = member.status().leader();
		delivery.run();
		if (read instanceof State state && state.incarnation() == member.incarnation()
				&& state.number() >= memory.said) {
			memory.spoken = true;
		}
		if (read instanceof Claim claim && memory.claims.add(claim)) {
			Leader leader = new Leader(sender, claim.token());
			// A claim that was out of date may be repeated with the same token.
			boolean accepted = leader.equals(member.status().leader()) && !leader.equals(leaderBefore);
			note(member + (accepted ? " accepts " : " drops ") + claim);
			Boolean others = this.verdicts.putIfAbsent(new Place(claim, memory.ring), accepted);
			require(others == null || others == accepted, "members disagree on " + claim);
			require(!accepted || !memory.spoken || claim.token() > before,
					member + " accepts " + claim + ", and knows " + before);
			if (!accepted && claim.incarnation() == member.incarnation()) {
				memory.claimed = Token.NONE;
			}
		}
	}

	void highest(SimulatedMember member, long token) {
		Known memory = this.known.computeIfAbsent(member, (each) -> new Known());
		require(token > memory.highest, member + " knows " + memory.highest + ", then " + token);
		memory.highest = token;
	}

	void granted(SimulatedMember member, long token) {
		note(member + " is granted " + token);
		Known memory = of(member);
		this.grants++;
		require(memory.granted == Token.NONE, member + " is granted " + token + " while it leads");
		memory.granted = token;
		require(memory.quorate, member + " is granted " + token + " without quorum");
		require(token == memory.claimed, member + " is granted " + token + " without a claim");
		if (!this.exclusive || member.isStopping()) {
			return;
		}
		// With wrong clocks only what members know keeps tokens from falling.
		require(this.tokens.add(token) || !this.clocksRight, token + " is granted twice");
		require(token > this.lastToken || !this.clocksRight, token + " is granted after " + this.lastToken);
		this.lastToken = Math.max(this.lastToken, token);
		for (SimulatedMember other : this.simulation.members()) {
			boolean leads = other != member && other.isAlive() && other.status().isLeader();
			require(!leads || other.isStopping(), member + " is granted " + token + " while " + other + " leads");
		}
	}

	void revoked(SimulatedMember member, long token, Reason reason) {
		note(member + " is revoked " + token + " for " + reason);
		require(of(member).granted == token, member + " is revoked " + token + " without a grant");
		require(!member.status().isLeader(), member + " leads when it is revoked " + token);
		of(member).granted = Token.NONE;
	}

	/** A leader writes to a resource that refuses what has an older token. */
	void wrote(SimulatedMember member, long token) {
		require(token >= this.fence || !this.clocksRight || !this.exclusive || member.isStopping(),
				member + " leads with " + token + " after a write with " + this.fence);
		this.fence = Math.max(this.fence, token);
	}

	void checkEnd(int faults) {
		List<SimulatedMember> alive = this.simulation.members().stream().filter(SimulatedMember::isAlive).toList();
		List<SimulatedMember> leading = alive.stream().filter((member) -> member.status().isLeader()).toList();
		require(leading.size() == (this.simulation.isProvided() ? 1 : 0), "in the end these lead: " + leading);
		for (SimulatedMember member : alive) {
			require(Objects.equals(member.status().leader(), alive.get(0).status().leader()),
					"in the end " + member + " has the leader " + member.status().leader());
		}
		require(this.grants <= 3 * faults + GRANTS_BESIDE_FAULTS, "there were " + this.grants + " grants");
	}

	/**
	 * Where a claim was delivered: it may be sent again, and come in another ring, too.
	 */
	private record Place(Claim claim, RingId ring) {

	}

	/** What is known of one life of a member. */
	private static final class Known {

		private long highest;

		private long granted = Token.NONE;

		private boolean quorate;

		private RingId ring = RingId.NONE;

		/** The number of the first state of the present exchange. */
		private long said = Long.MAX_VALUE;

		/** Whether that has come back. */
		private boolean spoken;

		private final Set<Claim> claims = new HashSet<>();

		/** The token of its last claim that was accepted. */
		private long claimed = Token.NONE;

		private void begin() {
			this.said = Long.MAX_VALUE;
			this.spoken = false;
		}

	}

}
