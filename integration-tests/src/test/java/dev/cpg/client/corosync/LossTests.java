package dev.cpg.client.corosync;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgReason;
import dev.cpg.client.CpgSendException.Outcome;
import dev.cpg.client.CpgView;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncTest;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Messages that the daemon drops one by one, see {@link DroppedSend}: the outcome of each
 * one, compared with what a second member received.
 */
@CorosyncTest(nodes = 1)
@Timeout(120)
class LossTests {

	private static final String DROPPED = "!";

	private final CpgGroupName group = Member.newGroup();

	private final CorosyncCluster cluster;

	LossTests(CorosyncCluster cluster) {
		this.cluster = cluster;
	}

	@AfterEach
	void restore() {
		this.cluster.restore();
	}

	@Stories
	void aDifferentMessageThatFollowsDecidesWhatWasLost(String messages, String outcomes) {
		try (Member sender = join(Member.LIMIT); Member observer = join(Member.LIMIT)) {
			List<CompletableFuture<CpgView>> sends = send(sender, messages);
			assertThat(outcome(sender.send("the end"))).isEqualTo("D");
			assertThat(outcomes(sends)).isEqualTo(outcomes);
			Awaitility.await().atMost(Member.LIMIT).until(() -> observer.messages().contains("the end"));
			assertThat(String.join(" ", observer.messages())).isEqualTo((kept(messages) + " the end").strip());
		}
	}

	@Stories
	void aLeaveDecidesWhatWasLost(String messages, String outcomes) {
		try (Member sender = join(Member.LIMIT); Member observer = join(Member.LIMIT)) {
			List<CompletableFuture<CpgView>> sends = send(sender, messages);
			sender.connection().leave(Member.LIMIT);
			assertThat(outcomes(sends)).isEqualTo(outcomes);
			observer.awaitChange(sender.address(), CpgReason.LEAVE);
			assertThat(String.join(" ", observer.messages())).isEqualTo(kept(messages));
		}
	}

	@Test
	void whereNothingFollowsALossIsUnknownAtItsLimitAndLeavesLaterOnesAlone() throws Exception {
		try (Member sender = join(Duration.ofSeconds(1)); Member observer = join(Member.LIMIT)) {
			CompletableFuture<CpgView> first = DroppedSend.of(sender.connection(), "A");
			assertThat(outcome(first)).isEqualTo("U");
			CompletableFuture<CpgView> equal = sendWithoutLimit(sender, "A");
			CompletableFuture<CpgView> different = sendWithoutLimit(sender, "B");
			assertThat(outcome(different)).isEqualTo("D");
			// The first one might have come late.
			assertThat(outcome(equal)).isEqualTo("U");
			assertThat(outcome(sendWithoutLimit(sender, "A"))).isEqualTo("D");
			Awaitility.await().atMost(Member.LIMIT).until(() -> observer.messages().size() == 3);
			assertThat(observer.messages()).containsExactly("A", "B", "A");
		}
	}

	@Test
	void aLossBeforeTheEndOfTheConnectionIsUnknown() {
		try (Member sender = join(Member.LIMIT); Member observer = join(Member.LIMIT)) {
			CompletableFuture<CpgView> lost = DroppedSend.of(sender.connection(), "A");
			sender.connection().close();
			assertThat(outcome(lost)).isEqualTo("U");
			observer.awaitMembers(observer);
			assertThat(observer.messages()).isEmpty();
		}
	}

	private Member join(Duration sendTimeout) {
		Member member = Member.connect(this.cluster.node(1), (builder) -> builder.sendTimeout(sendTimeout));
		member.connection().join(this.group, Member.LIMIT);
		return member;
	}

	private static CompletableFuture<CpgView> sendWithoutLimit(Member sender, String text) {
		return sender.connection().multicast(text.getBytes(StandardCharsets.UTF_8), Member.LIMIT);
	}

	/**
	 * Sends all of them before the daemon reads the first, as the outcomes of equal ones
	 * depend on how many were under way.
	 */
	private List<CompletableFuture<CpgView>> send(Member sender, String messages) {
		List<CompletableFuture<CpgView>> sends = new ArrayList<>();
		this.cluster.node(1).pause();
		for (String message : messages.split(" ", -1)) {
			sends.add(message.endsWith(DROPPED)
					? DroppedSend.of(sender.connection(), message.substring(0, message.length() - DROPPED.length()))
					: sender.send(message));
		}
		this.cluster.node(1).resume();
		return sends;
	}

	/** Returns those that the daemon does not drop. */
	private static String kept(String messages) {
		return Arrays.stream(messages.split(" ", -1))
			.filter((message) -> !message.endsWith(DROPPED))
			.collect(Collectors.joining(" "));
	}

	private static String outcomes(List<CompletableFuture<CpgView>> sends) {
		return sends.stream().map(LossTests::outcome).collect(Collectors.joining(" "));
	}

	private static String outcome(CompletableFuture<CpgView> send) {
		Awaitility.await().atMost(Member.LIMIT).until(send::isDone);
		@Nullable Outcome outcome = SendTally.of(List.of(send)).outcomes().get(0);
		return (outcome != null) ? outcome.name().substring(0, 1) : "D";
	}

	/**
	 * Messages by their contents, dropped ones with a {@code !}, and the outcome of each:
	 * (D)elivered, (L)ost, or (U)nknown.
	 */
	@Retention(RetentionPolicy.RUNTIME)
	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			# Different ones: alone, first, in the middle, last, several.
			A!                  | L
			A! B C              | L D D
			A B! C              | D L D
			A B C!              | D D L
			A! B! C!            | L L L
			A! B! C D! E! F G!  | L L D L L D L
			# Between equal ones that all come.
			A B! A              | D L D
			A A B! A            | D D L D
			# Equal ones, none of which arrives.
			A! A! A!            | L L L
			B A! A! C           | D L L D
			# Equal ones, some of which arrive.
			A! A                | U U
			A A!                | U U
			A A! A              | U U U
			A A! A A! A         | U U U U U
			# A different one that comes lies between, and shows more of them.
			A! B A              | L D D
			A B A!              | D D L
			A A! B A A          | U U D D D
			A! B A A! C A!      | L D U U D L
			# One that does not come lies between: it is lost whichever of them came.
			A B! A!             | U L U
			A! B! A             | U L U
			# Two contents, each of which may have arrived first or last.
			A B! A! B           | U U U U
			A B! B A            | D U U D
			""")
	@interface Stories {

	}

}
