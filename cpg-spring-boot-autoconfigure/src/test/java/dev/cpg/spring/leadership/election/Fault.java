package dev.cpg.spring.leadership.election;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Something that happens to a simulated cluster, and how much time passes afterwards.
 *
 * @param kind what happens
 * @param target to which node or member, by index
 * @param detail more on it
 * @param millis how much time passes
 */
record Fault(Kind kind, int target, int detail, int millis) {

	static List<Fault> random(long seed, int count) {
		Random random = new Random(seed);
		List<Fault> faults = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			int millis = (random.nextInt(4) == 0) ? random.nextInt(150) : random.nextInt(25);
			faults.add(new Fault(Kind.random(random), random.nextInt(1 << 16), random.nextInt(1 << 16), millis));
		}
		return faults;
	}

	/** What can happen. */
	enum Kind {

		NOTHING(6), PAUSE_MEMBER(8), RESUME_MEMBER(10), KILL_MEMBER(4), START_MEMBER(8), PAUSE_NODE(4), RESUME_NODE(8),
		KILL_NODE(2), STOP_NODE(2), START_NODE(8), CUT(7), HEAL(8), DROP(4), YIELD(3), HEALTH(2), CLOCK(3), DELAY(4),
		DELAY_QUORUM(3), WIPE(3), REDEPLOY(1);

		private final int weight;

		Kind(int weight) {
			this.weight = weight;
		}

		private static Kind random(Random random) {
			List<Kind> choices = new ArrayList<>();
			for (Kind kind : values()) {
				for (int i = 0; i < kind.weight; i++) {
					choices.add(kind);
				}
			}
			return choices.get(random.nextInt(choices.size()));
		}

	}

}
