package dev.cpg.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

/**
 * Random faults of many seeds keep extended virtual synchrony. A violation is shrunk to
 * the operations that it needs, and printed with its seed and history. To run one seed
 * alone: {@code -Dcpg.embedded.seed=4711}.
 */
class VirtualSynchronyTests {

	private static final int SEEDS = Integer.getInteger("embedded.seeds", 10_000);

	private static final int OPERATIONS = 50;

	private static final int SEEDS_TO_FIND_A_MUTATION = 500;

	@Test
	void randomFaultsKeepVirtualSynchrony() {
		Long only = Long.getLong("cpg.embedded.seed");
		long first = (only != null) ? only : 0;
		long count = (only != null) ? 1 : SEEDS;
		for (long seed = first; seed < first + count; seed++) {
			List<Operation> operations = operations(seed);
			if (violation(seed, operations, Set.of()) != null) {
				fail(describe(seed, shrink(seed, operations, Set.of()), Set.of()));
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void aClusterWithAFaultBuiltInIsFound(Mutation mutation) {
		for (long seed = 0; seed < SEEDS_TO_FIND_A_MUTATION; seed++) {
			if (violation(seed, operations(seed), Set.of(mutation)) != null) {
				return;
			}
		}
		fail(mutation + " was not found");
	}

	@Test
	void aViolationIsShrunkToTheOperationsThatItNeeds() {
		Set<Mutation> mutations = Set.of(Mutation.MERGE_ON_ONE_SIDE);
		for (long seed = 0; seed < SEEDS_TO_FIND_A_MUTATION; seed++) {
			List<Operation> operations = operations(seed);
			if (violation(seed, operations, mutations) != null) {
				List<Operation> shrunk = shrink(seed, operations, mutations);
				assertThat(shrunk.size()).isLessThanOrEqualTo(6);
				assertThat(violation(seed, shrunk, mutations)).isNotNull();
				assertThat(describe(seed, shrunk, mutations)).contains("seed " + seed, "JOIN", "joined");
				return;
			}
		}
		fail("There was nothing to shrink");
	}

	@Test
	void aSeedLeadsToTheSameHistoryEachTime() {
		for (long seed = 0; seed < 50; seed++) {
			assertThat(history(seed)).isEqualTo(history(seed));
		}
	}

	@Test
	void theSeedsShowEverythingThatCanHappen() {
		Occurrences occurrences = new Occurrences();
		for (long seed = 0; seed < 500; seed++) {
			try (Scenario scenario = new Scenario(seed, Set.of())) {
				scenario.run(operations(seed));
				occurrences.count(scenario);
			}
		}
		assertThat(occurrences.counts()).containsOnlyKeys(Occurrences.NAMES)
			.allSatisfy((name, count) -> assertThat(count).as(name).isGreaterThan(10));
	}

	private static String history(long seed) {
		try (Scenario scenario = new Scenario(seed, Set.of())) {
			scenario.run(operations(seed));
			return scenario.history();
		}
	}

	private static List<Operation> operations(long seed) {
		return Operation.random(seed, OPERATIONS, Scenario.NODES, Scenario.MEMBERS);
	}

	private static @Nullable String violation(long seed, List<Operation> operations, Set<Mutation> mutations) {
		try (Scenario scenario = new Scenario(seed, mutations)) {
			scenario.run(operations);
			return VirtualSynchrony.violation(scenario);
		}
	}

	/** Leaves out one operation after the other, as long as something is still wrong. */
	private static List<Operation> shrink(long seed, List<Operation> operations, Set<Mutation> mutations) {
		List<Operation> needed = new ArrayList<>(operations);
		boolean shorter = true;
		while (shorter) {
			shorter = false;
			for (int i = needed.size() - 1; i >= 0; i--) {
				List<Operation> fewer = new ArrayList<>(needed);
				fewer.remove(i);
				if (violation(seed, fewer, mutations) != null) {
					needed = fewer;
					shorter = true;
				}
			}
		}
		return needed;
	}

	private static String describe(long seed, List<Operation> operations, Set<Mutation> mutations) {
		try (Scenario scenario = new Scenario(seed, mutations)) {
			scenario.run(operations);
			StringBuilder text = new StringBuilder("seed " + seed + ": " + VirtualSynchrony.violation(scenario) + "\n");
			operations.forEach((operation) -> text.append(operation).append('\n'));
			return text.append(scenario.history()).toString();
		}
	}

}
