package dev.cpg.faults.check;

import java.time.Duration;
import java.util.List;

import dev.cpg.faults.check.Checker.Result;
import dev.cpg.faults.history.History;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.junit.jupiter.api.Assertions.assertTimeout;

/**
 * The checks find nothing in a good history, and each finds what it is for in one that is
 * broken.
 */
class CheckerTests {

	@Test
	void aGoodRoundHasNoViolation() {
		Result result = Checker.check(Script.good(12).histories());
		assertThat(result.violations()).isEmpty();
		assertThat(result.counts()).allSatisfy((name, count) -> assertThat(count).as(name).isPositive());
		assertThat(result.counts()).containsEntry("delivered.separated", 4L)
			.containsEntry("delivered.merged", 2L)
			.containsEntry("register.refused", 1L)
			.hasSize(29);
	}

	@ParameterizedTest
	@EnumSource
	void aBrokenRoundIsFound(Breakage breakage) {
		List<History> histories = breakage.in(Script.good(12)).histories();
		Result result = Checker.check(histories);
		assertThat(result.violations()).as("%s", breakage)
			.anySatisfy((violation) -> assertThat(violation).startsWith(breakage.check() + ": "));
	}

	@ParameterizedTest
	@EnumSource
	void whatIsExcusedIsCounted(Excuse excuse) {
		Result result = Checker.check(excuse.in(Script.good(12)).histories());
		assertThat(result.violations()).noneMatch((violation) -> violation.startsWith(excuse.check() + ": "));
		assertThat(result.counts()).containsKey(excuse.count());
	}

	@ParameterizedTest
	@EnumSource
	void anExcuseEnds(Beyond beyond) {
		Result result = Checker.check(beyond.in(Script.good(12)).histories());
		assertThat(result.violations()).anyMatch((violation) -> violation.startsWith(beyond.check() + ": "));
	}

	@Test
	void whoJoinsOnANodeThatHasComeBackMayLackWhatIsSentJustThen() {
		Result result = Checker.check(joinsOnANodeThatCameBack().histories());
		assertThat(result.violations()).isEmpty();
		assertThat(result.counts()).containsEntry("delivered.merged", 6L);
	}

	@Test
	void whoJoinsMayNotLackWhatIsSentLongAfterTheMerge() {
		assertLacks(joinsOnANodeThatCameBack().delay("n2a#1", "send id=n2a#1#7", 3_100_000_000L));
	}

	@Test
	void whoJoinsMayNotLackWhatFollowsAnotherMessageOfItsNode() {
		assertLacks(Script.goodWithJoiner(12).remove("n3b#1", "deliver from=2:20 id=n2a#1#8"));
	}

	@Test
	void whoJoinsMayNotLackWhatIsSentFromANodeThatWasThere() {
		assertLacks(joinsOnANodeThatCameBack().replace("n3a#1", "totem ring=3:8", "nodes=3", "nodes=2,3")
			.replace("n3c#1", "totem ring=3:8", "nodes=3", "nodes=2,3")
			.replace("n1a#1", "totem ring=1:8", "nodes=1,2", "nodes=1,2,3")
			.replace("n2a#1", "totem ring=1:8", "nodes=1,2", "nodes=1,2,3"));
	}

	/** Whoever was there lacks it in its second view after the merge. */
	private static Script joinsOnANodeThatCameBack() {
		Script script = Script.goodWithJoiner(12);
		List.of("n3a#1", "n3b#1", "n3c#1").forEach((process) -> script.remove(process, "deliver from=2:20 id=n2a#1#7"));
		return script;
	}

	private static void assertLacks(Script script) {
		assertThat(Checker.check(script.histories()).violations())
			.anyMatch((violation) -> violation.startsWith("delivered: n3b#1 as 3:32 lacks n2a#1#"));
	}

	@Test
	void theShortestHistoryHasTheLinesThatItNeedsAndTheFaultsOfItsTime() {
		Script broken = Breakage.TWO_LEADERS.in(Script.good(300));
		Result result = Checker.check(broken.histories());
		assertThat(result.violations()).filteredOn((violation) -> violation.startsWith("leads:"))
			.first()
			.satisfies((violation) -> assertThat(violation.lines()).hasSizeLessThan(13)
				.anyMatch((line) -> line.contains("injector  fault kind=kill-member"))
				.anyMatch((line) -> line.matches(".* n3a#1 .* leads .*token=250.*")));
	}

	@Test
	void aLongRoundIsCheckedInTime() {
		List<History> histories = Script.good(4_000).histories();
		assertTimeout(Duration.ofSeconds(5), () -> assertThat(Checker.check(histories).violations()).isEmpty());
	}

	@Test
	void partsOfHistoriesAreNoError() {
		List<History> histories = Script.good(12).histories();
		for (History left : histories) {
			assertThatNoException().isThrownBy(() -> Checker
				.check(histories.stream().filter((each) -> !each.name().equals(left.name())).toList()));
		}
	}

}
