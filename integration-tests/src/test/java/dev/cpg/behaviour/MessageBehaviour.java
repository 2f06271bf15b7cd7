package dev.cpg.behaviour;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.cpg.client.CpgFlowControl;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgSendException.Outcome;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.test.TestCluster;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Messages, their order and their outcomes, while all nodes stay in one ring.
 */
abstract class MessageBehaviour extends Behaviour {

	MessageBehaviour(TestCluster cluster) {
		super(cluster);
	}

	@Test
	void aSendCompletesWithTheViewThatItsMessageWasDeliveredIn() throws Exception {
		Member sender = join(1);
		CpgView view = delivered(sender.send("hello"));
		assertThat(view).isEqualTo(sender.connection().view());
		sender.awaitLine("\"hello\"");
		CpgMessage message = sender.deliveries().get(0);
		assertThat(message.sender()).isEqualTo(sender.address());
		assertThat(message.group()).isEqualTo(this.group);
		assertThat(message.local()).isTrue();
		assertThat(message.view()).isEqualTo(view);
	}

	@Test
	void allMembersReceiveAllMessagesInOneOrderTheirOwnIncluded() throws Exception {
		List<Member> all = joinAll();
		List<CompletableFuture<CpgView>> sends = new ArrayList<>();
		for (int i = 0; i < 300; i++) {
			for (Member member : all) {
				sends.add(member.send(member.address() + " " + i));
			}
		}
		for (CompletableFuture<CpgView> send : sends) {
			assertThat(delivered(send).members()).hasSize(3);
		}
		all.forEach((member) -> member.awaitMessages(900));
		assertThat(all.get(1).messages()).isEqualTo(all.get(0).messages());
		assertThat(all.get(2).messages()).isEqualTo(all.get(0).messages());
		assertThat(all.get(2).deliveries()).filteredOn(CpgMessage::local)
			.hasSize(300)
			.allMatch((message) -> message.sender().equals(all.get(2).address()));
	}

	@Test
	void messagesAndChangesAreInOneOrderEverywhere() throws Exception {
		Member one = join(1);
		Member two = join(2);
		two.awaitMembers(one, two);
		one.awaitMembers(one, two);
		one.forget();
		two.forget();
		List<CompletableFuture<CpgView>> sends = new ArrayList<>();
		for (int i = 0; i < 10; i++) {
			Member three = connect(3);
			for (int j = 0; j < 20; j++) {
				sends.add(one.send("message " + i + " " + j));
			}
			three.join(this.group);
			sends.add(three.send("of the third " + i));
			three.leave();
			three.close();
		}
		for (CompletableFuture<CpgView> send : sends) {
			delivered(send);
		}
		delivered(one.send("last"));
		two.awaitLine("\"last\"");
		one.awaitLine("\"last\"");
		assertThat(two.story()).isEqualTo(one.story()).hasSize(231);
		assertThat(two.deliveries().stream().map(CpgMessage::view))
			.isEqualTo(one.deliveries().stream().map(CpgMessage::view).toList());
	}

	@Test
	void messagesOfAnySizeArriveAsTheyWere() throws Exception {
		Member sender = join(1);
		Member receiver = join(2);
		sender.awaitMembers(sender, receiver);
		int atomic = sender.connection().limits().maxAtomicMessageSize();
		assertThat(atomic).isEqualTo(1_047_552);
		List<byte[]> sent = new ArrayList<>();
		for (int size : new int[] { 0, 1, 1000, 65_536, atomic - 1, atomic, atomic + 1, 3, 2 * atomic + 1, 0 }) {
			byte[] message = new byte[size];
			new Random(size).nextBytes(message);
			sent.add(message);
			assertThat(delivered(sender.connection().multicast(message)).members()).hasSize(2);
		}
		for (Member member : List.of(sender, receiver)) {
			member.awaitMessages(sent.size());
			for (int i = 0; i < sent.size(); i++) {
				assertThat(member.deliveries().get(i).payload()).isEqualTo(sent.get(i));
			}
		}
	}

	@Test
	void aMessageThatIsTooLargeIsRefusedAndCostsNothing() throws Exception {
		Member sender = join(1);
		assertError(CsError.TOO_BIG, () -> sender.connection().multicast(new byte[16_777_217]));
		assertError(CsError.TOO_BIG, () -> sender.connection()
			.tryMulticast(new byte[sender.connection().limits().maxAtomicMessageSize() + 1]));
		delivered(sender.send("still here"));
	}

	@Test
	void whatIsSentBeforeALeaveIsDeliveredOrLostAndNeverUnknown() throws Exception {
		Member sender = join(1);
		Member receiver = join(2);
		sender.awaitMembers(sender, receiver);
		List<CompletableFuture<CpgView>> sends = new ArrayList<>();
		for (int i = 0; i < 1000; i++) {
			sends.add(sender.send("message " + i));
		}
		sender.leave();
		List<@Nullable Outcome> outcomes = new ArrayList<>();
		for (CompletableFuture<CpgView> send : sends) {
			outcomes.add(outcome(send));
		}
		int delivered = (int) outcomes.stream().filter((outcome) -> outcome == null).count();
		assertThat(outcomes.subList(delivered, 1000)).allMatch(Outcome.LOST::equals);
		receiver.awaitLine("- 1/11 LEAVE: 2/21");
		assertThat(receiver.messages()).hasSize(delivered);
	}

	@Test
	void aListenerMaySendAndWaitForTheOutcome() throws Exception {
		Member member = join(1);
		CompletableFuture<CpgView> answer = new CompletableFuture<>();
		member.onMessage = (text) -> {
			if (text.equals("question")) {
				answer.complete(member.send("answer").join());
			}
		};
		member.send("question");
		assertThat(delivered(answer)).isEqualTo(member.connection().view());
		member.awaitStory("+ 1/11 JOIN: 1/11", "ring 1 2 3", "\"question\"", "\"answer\"");
	}

	@Test
	void aListenerThatThrowsIsNotifiedOfTheNextEvent() throws Exception {
		Member member = join(1);
		member.onMessage = (text) -> {
			throw new IllegalStateException("thrown by the test");
		};
		delivered(member.send("first"));
		delivered(member.send("second"));
		member.awaitStory("+ 1/11 JOIN: 1/11", "ring 1 2 3", "\"first\"", "\"second\"");
	}

	@Test
	void aListenerMayCloseItsConnectionButNeitherJoinNorLeave() throws Exception {
		Member other = join(2);
		Member member = join(1);
		other.awaitMembers(member, other);
		other.forget();
		CompletableFuture<String> refused = new CompletableFuture<>();
		member.onMessage = (text) -> {
			assertError(CsError.BAD_OPERATION, member::leave);
			refused.complete(text);
			member.close();
		};
		delivered(other.send("close"));
		assertThat(refused.get(Member.LIMIT.toSeconds(), TimeUnit.SECONDS)).isEqualTo("close");
		other.awaitStory("\"close\"", "- 1/11 PROCDOWN: 2/21");
		member.awaitLine("closed");
	}

	/** The daemon of the node does not go on, so its queue is full at some time. */
	@Test
	void aSendThatMustNotWaitIsRefusedWhenItWouldHaveTo() throws Exception {
		Member member = join(1);
		assertThat(member.connection().flowControl()).isEqualTo(CpgFlowControl.OPEN);
		this.cluster.node(1).pause();
		List<CompletableFuture<CpgView>> sends = new ArrayList<>();
		ByteBuffer message = ByteBuffer.allocate(10_000);
		CompletableFuture<CpgView> send;
		while ((send = member.connection().tryMulticast(message.putInt(0, sends.size()).array())) != null) {
			sends.add(send);
			assertThat(sends).hasSizeLessThan(2000);
		}
		assertError(CsError.TRY_AGAIN, () -> member.connection().multicast(message.array(), Duration.ofMillis(50)));
		this.cluster.node(1).resume();
		for (CompletableFuture<CpgView> each : sends) {
			delivered(each);
		}
		assertThat(member.connection().tryMulticast(new byte[1])).isNotNull();
	}

}
