package dev.cpg.spring.leadership.election;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

import dev.cpg.embedded.EmbeddedCluster;
import dev.cpg.embedded.EmbeddedNode;
import dev.cpg.spring.leadership.election.SimulatedMember.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Members that elect leaders on a cluster of a seed, to which faults happen. In the end
 * all faults are repaired, and a leader has to be there.
 */
final class Simulation implements AutoCloseable {

	/** The consensus timeout: the longest lease is half of it. */
	static final Duration FORMATION = Duration.ofMillis(100);

	private static final Duration TICK = Duration.ofMillis(1);

	/** Members of the group that elect nobody. */
	private static final List<Kind> STRANGERS = List.of(Kind.SILENT, Kind.NEWER);

	private static final int LAST_MILLIS = 900;

	private final EmbeddedCluster cluster;

	private final Random random;

	private final Witness witness;

	private final List<SimulatedMember> members = new ArrayList<>();

	private final boolean provided;

	private long now;

	Simulation(long seed, Rules rules) {
		this.random = new Random(seed * 31);
		int choice = this.random.nextInt(20);
		int nodes = (choice == 0) ? 2 : (choice < 3) ? 5 : 3;
		this.provided = choice != 3;
		this.cluster = EmbeddedCluster.builder().nodes(nodes).seed(seed).formationDelay(FORMATION).start();
		// Two nodes are set up so that each may act alone.
		this.witness = new Witness(this, nodes > 2);
		int count = 3 + this.random.nextInt(3);
		for (int i = 0; i < count; i++) {
			Kind kind = (i > 1 && this.random.nextInt(8) == 0) ? STRANGERS.get(this.random.nextInt(STRANGERS.size()))
					: Kind.MEMBER;
			this.members.add(new SimulatedMember(this, i, this.cluster.nodes().get(i % nodes), kind, rules));
		}
	}

	/** Returns the first thing that was wrong, {@code null} if nothing was. */
	@Nullable String run(List<Fault> faults) {
		this.members.forEach(SimulatedMember::start);
		pass(this.random.nextInt(100));
		for (Fault fault : faults) {
			if (this.witness.violation() != null) {
				return this.witness.violation();
			}
			this.witness.note(fault.kind() + " " + fault.target() + " " + fault.detail());
			apply(fault);
			pass(fault.millis());
		}
		repair();
		pass(LAST_MILLIS);
		this.witness.checkEnd(faults.size());
		return this.witness.violation();
	}

	private void pass(int millis) {
		for (int i = 0; i < millis; i++) {
			this.cluster.advance(TICK);
			this.now += TICK.toNanos();
			this.members.forEach(SimulatedMember::act);
		}
	}

	private void apply(Fault fault) {
		SimulatedMember member = this.members.get(fault.target() % this.members.size());
		EmbeddedNode node = this.cluster.nodes().get(fault.target() % this.cluster.nodes().size());
		switch (fault.kind()) {
			case NOTHING -> {
			}
			case PAUSE_MEMBER -> member.pause();
			case RESUME_MEMBER -> member.resume();
			case KILL_MEMBER -> member.kill();
			case START_MEMBER -> member.start();
			case PAUSE_NODE -> node.pause();
			case RESUME_NODE -> node.resume();
			case KILL_NODE -> node.kill();
			case STOP_NODE -> {
				this.members.forEach((each) -> each.nodeStops(node));
				node.stop();
			}
			case START_NODE -> node.start();
			case CUT -> cut(fault.detail());
			case HEAL -> this.cluster.heal();
			case DROP -> node.dropNext(1 + fault.detail() % 3);
			case YIELD -> member.giveUp(fault.detail() % 20);
			case HEALTH -> member.health(fault.detail() % 2 == 0);
			case CLOCK -> {
				this.witness.clockShifted();
				member.shiftClock((fault.detail() % 3 - 1) * 3_600_000L);
			}
			case DELAY -> member.delay((fault.detail() % 4 == 0) ? 0 : fault.detail() % 120);
			case DELAY_QUORUM -> member.delayQuorum(fault.detail() % 60);
			case WIPE -> {
				node.kill();
				node.wipe();
				for (int i = fault.detail() % 6; i > 0; i--) {
					node.start();
					node.kill();
				}
				node.start();
			}
			case REDEPLOY -> {
				this.members.forEach(SimulatedMember::kill);
				pass(fault.detail() % 20);
				this.members.forEach(SimulatedMember::start);
			}
		}
	}

	/** Two or three sides, by two bits of each node. */
	private void cut(int detail) {
		List<Set<Integer>> sides = List.of(new HashSet<>(), new HashSet<>(), new HashSet<>());
		for (int i = 0; i < this.cluster.nodes().size(); i++) {
			sides.get(((detail >> (2 * i)) & 3) % 3).add(i + 1);
		}
		this.cluster.partition(sides.get(0), sides.get(1), sides.get(2));
	}

	private void repair() {
		this.witness.note("all is repaired");
		this.cluster.heal();
		for (EmbeddedNode node : this.cluster.nodes()) {
			node.resume();
			node.start();
			node.dropNext(0);
		}
		for (SimulatedMember member : this.members) {
			member.delay(0);
			member.delayQuorum(0);
			member.resume();
			member.start();
			member.health(true);
		}
	}

	long now() {
		return this.now;
	}

	boolean isProvided() {
		return this.provided;
	}

	/** Returns whether nodes are enough of the cluster. */
	boolean isQuorate(List<Long> nodeIds) {
		return this.cluster.nodes().size() == 2 || nodeIds.size() * 2 > this.cluster.nodes().size();
	}

	int randomUpTo(int limit) {
		return this.random.nextInt(limit + 1);
	}

	List<SimulatedMember> members() {
		return this.members;
	}

	Witness witness() {
		return this.witness;
	}

	@Override
	public void close() {
		this.cluster.close();
	}

}
