package dev.cpg.faults;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Plan}.
 */
class PlanTests {

	private static final Duration LENGTH = Duration.ofSeconds(60);

	@Test
	void theSameSeedMakesTheSamePlan() {
		assertThat(plan(7, 3, true)).isEqualTo(plan(7, 3, true)).isNotEqualTo(plan(8, 3, true));
	}

	@Test
	void eachKindHappensInAnHour() {
		assertThat(LongStream.range(0, 60).boxed().flatMap((seed) -> plan(seed, 5, seed % 2 == 0).stream()))
			.extracting(PlannedFault::kind)
			.containsAll(FaultKind.all());
	}

	@Test
	void faultsConcernNodesThatThereAre() {
		assertThat(manyPlans(3)).allSatisfy((fault) -> {
			assertThat(fault.node()).isBetween(1, 3);
			assertThat(fault.others()).isNotEmpty().isSubsetOf(1, 2, 3).doesNotContain(fault.node());
		});
	}

	@Test
	void faultsAreOverSoonAfterTheLastOneBegins() {
		assertThat(manyPlans(5)).allSatisfy((fault) -> {
			assertThat(fault.at()).isLessThan(LENGTH.toMillis());
			assertThat(fault.millis()).isBetween(100L, LENGTH.toMillis());
			assertThat(fault.at() + fault.millis()).isLessThan(LENGTH.plusSeconds(1).toMillis());
		});
	}

	@Test
	void clocksAreWrongOnlyWhereTokensSurvive() {
		assertThat(LongStream.range(0, 60).boxed().flatMap((seed) -> plan(seed, 3, false).stream()))
			.extracting(PlannedFault::kind)
			.contains(FaultKind.RESTART_ALL)
			.doesNotContain(FaultKind.CLOCK_SHIFT);
	}

	@Test
	void eachKindHasItsTurn() {
		assertThat(IntStream.range(1, 6)
			.boxed()
			.flatMap((round) -> Plan.of(new SplittableRandom(round), round, 3, LENGTH, true).stream()))
			.extracting(PlannedFault::kind)
			.containsAll(FaultKind.all());
	}

	@Test
	void thereIsTimeToElectInBetween() {
		assertThat(IntStream.range(1, 30).boxed().map((round) -> longestCalm(plan(round, 3, true))))
			.allSatisfy((calm) -> assertThat(calm).isGreaterThanOrEqualTo(12_000));
	}

	private static long longestCalm(List<PlannedFault> plan) {
		long longest = 0;
		long over = 0;
		for (PlannedFault fault : plan) {
			longest = Math.max(longest, fault.at() - over);
			over = Math.max(over, fault.at() + fault.millis());
		}
		return Math.max(longest, LENGTH.toMillis() - over);
	}

	private static Stream<PlannedFault> manyPlans(int nodes) {
		return IntStream.range(0, 30).boxed().flatMap((seed) -> plan(seed, nodes, true).stream());
	}

	private static List<PlannedFault> plan(long seed, int nodes, boolean evidence) {
		return Plan.of(new SplittableRandom(seed), 1, nodes, LENGTH, evidence);
	}

}
