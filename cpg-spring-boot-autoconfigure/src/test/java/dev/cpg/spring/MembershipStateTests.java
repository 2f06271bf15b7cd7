package dev.cpg.spring;

import java.util.EnumSet;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static dev.cpg.spring.MembershipState.CLOSING;
import static dev.cpg.spring.MembershipState.CONNECTING;
import static dev.cpg.spring.MembershipState.ENDED;
import static dev.cpg.spring.MembershipState.JOINED;
import static dev.cpg.spring.MembershipState.JOINING;
import static dev.cpg.spring.MembershipState.LEAVING;
import static dev.cpg.spring.MembershipState.LINGERING;
import static dev.cpg.spring.MembershipState.PAUSED;
import static dev.cpg.spring.MembershipState.WAITING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class MembershipStateTests {

	@Test
	void aRunCanEndFromEveryState() {
		for (MembershipState state : MembershipState.values()) {
			EnumSet<MembershipState> reached = EnumSet.of(state);
			while (reached.addAll(EnumSet.copyOf(reached.stream().flatMap(MembershipStateTests::next).toList()))) {
				// Once more: there were new ones.
			}
			assertThat(reached).as("reached from %s", state).contains(ENDED);
		}
	}

	private static Stream<MembershipState> next(MembershipState state) {
		return Stream.of(MembershipState.values()).filter((next) -> next == state || state.mayBecome(next));
	}

	@Test
	void aConnectionEndsOnlyByClosing() {
		assertThat(MembershipState.values()).filteredOn(MembershipState::isConnected)
			.containsExactly(JOINING, JOINED, LEAVING, CLOSING, LINGERING);
		assertThat(Stream.of(JOINING, JOINED, LEAVING))
			.allSatisfy((state) -> assertThat(next(state)).allMatch(MembershipState::isConnected));
	}

	@Test
	void whatIsNotInTheDrawingIsRefused() {
		RunState state = new RunState();
		assertThat(state.get()).isEqualTo(WAITING);
		assertThatIllegalStateException().isThrownBy(() -> state.enter(JOINED))
			.withMessage("A membership that is WAITING cannot become JOINED");
		state.enter(CONNECTING);
		state.enter(PAUSED);
		assertThat(state.enter(JOINING, JOINED)).isFalse();
		assertThat(state.get()).isEqualTo(PAUSED);
	}

}
