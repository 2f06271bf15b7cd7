package dev.cpg.spring.leadership.election;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import dev.cpg.spring.leadership.CpgTokenFloor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(30)
class TokenFloorsTests {

	private final AtomicInteger asked = new AtomicInteger();

	private final List<String> seen = new ArrayList<>();

	private final CompletableFuture<OptionalLong> answer = new CompletableFuture<>();

	private final CpgTokenFloor resource = (role) -> {
		this.asked.incrementAndGet();
		return this.answer.join();
	};

	private final TokenFloors floors = new TokenFloors(() -> List.of(this.resource),
			(role, token) -> this.seen.add(role + " " + token));

	@Test
	void aResourceThatHangsIsGivenNothingMoreToDoAndItsAnswerCounts() {
		this.floors.ask(List.of("billing"));
		assertThat(this.floors.isMissing()).isTrue();
		this.floors.ask(List.of("billing"));
		this.answer.complete(OptionalLong.of(7));
		assertThat(this.floors.askAgain()).isTrue();
		assertThat(this.seen).containsExactly("billing 7");
		assertThat(this.asked).hasValue(1);
	}

	@Test
	void aResourceThatDoesNotAnswerForOneRoleIsNotAskedForTheOthersMeanwhile() {
		this.floors.ask(List.of("billing", "mail", "audit"));
		assertThat(this.floors.isMissing()).isTrue();
		assertThat(this.asked).hasValue(1);
		this.answer.complete(OptionalLong.of(7));
		assertThat(this.floors.askAgain()).isTrue();
		assertThat(this.seen).containsExactly("billing 7", "mail 7", "audit 7");
	}

	@Test
	void aResourceThatAnswersNullHasNotAnswered() {
		this.answer.complete(null);
		this.floors.ask(List.of("billing"));
		assertThat(this.floors.isMissing()).isTrue();
		assertThat(this.floors.askAgain()).isFalse();
		assertThat(this.asked).hasValue(2);
	}

	@Test
	void whoHasAnsweredIsAskedAnewForTheNextConnectionOnly() {
		this.answer.complete(OptionalLong.empty());
		this.floors.ask(List.of("billing", "mail"));
		assertThat(this.floors.isMissing()).isFalse();
		assertThat(this.floors.askAgain()).isTrue();
		assertThat(this.asked).hasValue(2);
		this.floors.ask(List.of("billing", "mail"));
		assertThat(this.asked).hasValue(4);
	}

	@Test
	void aTokenThatCannotBeIsNotBelieved() {
		this.answer.complete(OptionalLong.of(Token.MAX));
		this.floors.ask(List.of("billing"));
		assertThat(this.seen).isEmpty();
		assertThat(this.floors.isMissing()).isFalse();
	}

}
