package dev.cpg.spring.leadership.election;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.function.Supplier;
import java.util.stream.LongStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

/**
 * Random faults of many seeds keep what is promised of leaders. What violates it is
 * shrunk to the faults that it needs, and printed with its seed and history. To run one
 * seed alone: {@code -Delection.seed=4711}.
 */
class ElectionCheckerTests {

	private static final int SEEDS = Integer.getInteger("election.seeds", 10_000);

	private static final int FAULTS = 25;

	private static final int SEEDS_TO_FIND_A_BROKEN_RULE = 10_000;

	private static final int THREADS = 2;

	@Test
	void randomFaultsKeepWhatIsPromisedOfLeaders() throws Exception {
		Long only = Long.getLong("election.seed");
		long first = (only != null) ? only : 0;
		Long wrong = firstWrong(first, (only != null) ? 1 : SEEDS, Rules::new);
		if (wrong != null) {
			fail(describe(wrong, Rules::new));
		}
	}

	@ParameterizedTest
	@EnumSource
	void aBrokenRuleIsFound(BrokenRule broken) throws Exception {
		assertThat(firstWrong(0, SEEDS_TO_FIND_A_BROKEN_RULE, broken::rules)).as("seed that finds " + broken)
			.isNotNull();
	}

	@Test
	void whatIsWrongIsShrunkToTheFaultsThatItNeeds() throws Exception {
		Long wrong = Objects
			.requireNonNull(firstWrong(0, SEEDS_TO_FIND_A_BROKEN_RULE, BrokenRule.GRANT_AT_CLAIM::rules));
		List<Fault> shrunk = shrink(wrong, BrokenRule.GRANT_AT_CLAIM::rules);
		assertThat(shrunk).hasSizeLessThan(FAULTS / 2);
		assertThat(describe(wrong, BrokenRule.GRANT_AT_CLAIM::rules)).contains("seed " + wrong, "WRONG", "is granted");
	}

	@Test
	void aSeedLeadsToTheSameHistoryEachTime() {
		for (long seed = 0; seed < 10; seed++) {
			assertThat(history(seed, Fault.random(seed, FAULTS), new Rules()))
				.isEqualTo(history(seed, Fault.random(seed, FAULTS), new Rules()));
		}
	}

	private static @Nullable Long firstWrong(long first, long count, Supplier<Rules> rules)
			throws ExecutionException, InterruptedException {
		ForkJoinPool pool = new ForkJoinPool(THREADS);
		try {
			return pool
				.submit(() -> LongStream.range(first, first + count)
					.parallel()
					.filter((seed) -> violation(seed, Fault.random(seed, FAULTS), rules.get()) != null)
					.boxed()
					.findAny()
					.orElse(null))
				.get();
		}
		finally {
			pool.shutdown();
		}
	}

	private static @Nullable String violation(long seed, List<Fault> faults, Rules rules) {
		try (Simulation simulation = new Simulation(seed, rules)) {
			return simulation.run(faults);
		}
	}

	private static String history(long seed, List<Fault> faults, Rules rules) {
		try (Simulation simulation = new Simulation(seed, rules)) {
			simulation.run(faults);
			return simulation.witness().history();
		}
	}

	/** Leaves out one fault after the other, as long as something is still wrong. */
	private static List<Fault> shrink(long seed, Supplier<Rules> rules) {
		List<Fault> needed = Fault.random(seed, FAULTS);
		boolean shorter = true;
		while (shorter) {
			shorter = false;
			for (int i = needed.size() - 1; i >= 0; i--) {
				List<Fault> fewer = new ArrayList<>(needed);
				fewer.remove(i);
				if (violation(seed, fewer, rules.get()) != null) {
					needed = fewer;
					shorter = true;
				}
			}
		}
		return needed;
	}

	private static String describe(long seed, Supplier<Rules> rules) {
		List<Fault> faults = shrink(seed, rules);
		StringBuilder text = new StringBuilder("seed " + seed + ": " + violation(seed, faults, rules.get()) + "\n");
		faults.forEach((fault) -> text.append(fault).append('\n'));
		return text.append(history(seed, faults, rules.get())).toString();
	}

}
