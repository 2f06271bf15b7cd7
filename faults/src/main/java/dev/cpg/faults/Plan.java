package dev.cpg.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * Chooses the faults of a round. It depends on nothing but its arguments, so the same
 * seed makes the same plan.
 */
final class Plan {

	private static final int SHORTEST = 100;

	private static final int LONGEST = 60_000;

	/** Of most faults, so that the members come to something in between. */
	private static final int USUALLY_LONGEST = 4000;

	private static final int ONE_OF_LONG = 8;

	private static final int ONE_OF_CALM = 6;

	/** Long enough that there has to be a leader again. */
	private static final int LONGEST_CALM = 13_000;

	/** How many faults there are at least for each time that a kind has its turn. */
	private static final int TURNS = 4;

	private final RandomGenerator random;

	private final int nodes;

	private final Set<FaultKind> excluded = EnumSet.noneOf(FaultKind.class);

	private Plan(RandomGenerator random, int nodes, boolean evidence) {
		this.random = random;
		this.nodes = nodes;
		if (!evidence) {
			// Tokens go on growing by what members know or by their clocks: if all end at
			// once and keep nothing, the clocks must not be wrong.
			this.excluded.add(FaultKind.CLOCK_SHIFT);
		}
	}

	/**
	 * Chooses faults.
	 * @param random decides
	 * @param round the number of the round: the kinds have their turns
	 * @param nodes the number of nodes
	 * @param length for how long faults begin, and last at most
	 * @param evidence whether the highest tokens survive
	 */
	static List<PlannedFault> of(RandomGenerator random, int round, int nodes, Duration length, boolean evidence) {
		return new Plan(random, nodes, evidence).faults(round, length.toMillis());
	}

	private List<PlannedFault> faults(int round, long length) {
		List<PlannedFault> faults = new ArrayList<>();
		long calm = length / 4 + this.random.nextInt((int) (length / 2));
		int turn = round * TURNS;
		for (long at = pause(); at < length; at += pause()) {
			if (at >= calm) {
				at += LONGEST_CALM;
				calm = Long.MAX_VALUE;
			}
			boolean hasTurn = faults.size() % 2 == 0 && turn < (round + 1) * TURNS;
			FaultKind kind = hasTurn ? FaultKind.all().get(turn++ % FaultKind.all().size()) : kind();
			if (!this.excluded.contains(kind) && at < length) {
				faults.add(fault(kind, at, Math.min(calm, length)));
			}
		}
		return faults;
	}

	private PlannedFault fault(FaultKind kind, long at, long end) {
		if (kind.isGlobal()) {
			this.excluded.add(kind);
		}
		int node = 1 + this.random.nextInt(this.nodes);
		long millis = Math.min(duration(), Math.max(SHORTEST, end - at));
		return new PlannedFault(at, kind, node, this.random.nextInt(Deployment.MEMBERS_OF_NODE), others(kind, node),
				millis, this.random.nextInt(1 << 20));
	}

	private FaultKind kind() {
		List<FaultKind> kinds = FaultKind.all().stream().filter((kind) -> !this.excluded.contains(kind)).toList();
		int left = this.random.nextInt(kinds.stream().mapToInt(FaultKind::weight).sum());
		for (FaultKind kind : kinds) {
			left -= kind.weight();
			if (left < 0) {
				return kind;
			}
		}
		throw new IllegalStateException("Weights are positive");
	}

	private Set<Integer> others(FaultKind kind, int node) {
		Set<Integer> others = new TreeSet<>();
		int wanted = (kind == FaultKind.CUT) ? 1 + this.random.nextInt(this.nodes - 1) : 1;
		while (others.size() < wanted) {
			int other = 1 + this.random.nextInt(this.nodes);
			if (other != node) {
				others.add(other);
			}
		}
		return others;
	}

	/** As many are between 100 and 200 ms as between 1 and 2 seconds. */
	private long duration() {
		double longest = (this.random.nextInt(ONE_OF_LONG) == 0) ? LONGEST : USUALLY_LONGEST;
		return Math.round(SHORTEST * Math.pow(longest / SHORTEST, this.random.nextDouble()));
	}

	/** Sometimes the ring has time to come to rest. */
	private long pause() {
		return (this.random.nextInt(ONE_OF_CALM) == 0) ? 4000 + this.random.nextInt(2000)
				: 200 + this.random.nextInt(2000);
	}

}
