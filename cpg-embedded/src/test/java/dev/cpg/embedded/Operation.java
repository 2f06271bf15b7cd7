package dev.cpg.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Something that a test does to a cluster, and how many steps the cluster runs
 * afterwards.
 *
 * @param kind what is done
 * @param target to which node or member, by index
 * @param detail the size of a message, the group that is joined, the other end of a link,
 * or the sides of a cut, two bits for each node
 * @param steps how many steps follow
 */
record Operation(Kind kind, int target, int detail, int steps) {

	private static final int MAX_STEPS = 20;

	/** Returns operations that a seed chooses. */
	static List<Operation> random(long seed, int count, int nodes, int members) {
		Random random = new Random(seed);
		List<Operation> operations = new ArrayList<>();
		for (int i = 0; i < members / 2; i++) {
			operations.add(new Operation(Kind.JOIN, i, 0, random.nextInt(MAX_STEPS)));
		}
		while (operations.size() < count) {
			Kind kind = Kind.random(random);
			int target = random.nextInt(kind.ofNode() ? nodes : members);
			int steps = random.nextInt(4) == 0 ? random.nextInt(8 * MAX_STEPS) : random.nextInt(MAX_STEPS);
			operations.add(new Operation(kind, target, random.nextInt(1 << 16), steps));
		}
		return operations;
	}

	/** What can be done. */
	enum Kind {

		JOIN(12), LEAVE(4), CLOSE(3), SEND(50), SEND_LARGE(10), KILL(2), STOP(1), START(6), PAUSE(2), RESUME(5), CUT(4),
		CUT_LINK(4), FLAP(2), HEAL(4), DROP(2), DROP_LARGER(1), REFUSE(1), ACCEPT(3);

		private final int weight;

		Kind(int weight) {
			this.weight = weight;
		}

		private boolean ofNode() {
			return switch (this) {
				case JOIN, LEAVE, CLOSE, SEND, SEND_LARGE -> false;
				default -> true;
			};
		}

		private static Kind random(Random random) {
			int sum = 0;
			for (Kind kind : values()) {
				sum += kind.weight;
			}
			int choice = random.nextInt(sum);
			for (Kind kind : values()) {
				choice -= kind.weight;
				if (choice < 0) {
					return kind;
				}
			}
			throw new IllegalStateException();
		}

	}

}
