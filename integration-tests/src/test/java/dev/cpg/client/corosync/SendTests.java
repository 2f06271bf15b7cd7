package dev.cpg.client.corosync;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgReason;
import dev.cpg.client.CpgSendException;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncTest;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Messages and the outcomes of their sends, on three nodes.
 */
@CorosyncTest(nodes = 3)
@Timeout(120)
class SendTests {

	private final CpgGroupName group = Member.newGroup();

	private final CorosyncCluster cluster;

	SendTests(CorosyncCluster cluster) {
		this.cluster = cluster;
	}

	@Test
	void aSendCompletesWithTheViewThatItsMessageWasDeliveredIn() throws Exception {
		try (Member sender = Member.join(this.cluster.node(1), this.group)) {
			CpgView view = sender.send("hello").get(10, TimeUnit.SECONDS);
			assertThat(view).isEqualTo(sender.connection().view());
			assertThat(view.members()).containsExactly(sender.address());
			Awaitility.await().atMost(Member.LIMIT).until(() -> !sender.messages().isEmpty());
			CpgMessage message = sender.events(CpgMessage.class).get(0);
			assertThat(message.payload()).asString().isEqualTo("hello");
			assertThat(message.sender()).isEqualTo(sender.address());
			assertThat(message.local()).isTrue();
			assertThat(message.view()).isEqualTo(view);
		}
	}

	@Test
	void allMembersReceiveAllMessagesInTheSameOrder() {
		try (Member one = Member.join(this.cluster.node(1), this.group);
				Member two = Member.join(this.cluster.node(2), this.group);
				Member three = Member.join(this.cluster.node(3), this.group)) {
			List<Member> members = List.of(one, two, three);
			members.forEach((member) -> member.awaitMembers(one, two, three));
			List<CompletableFuture<CpgView>> sends = new ArrayList<>();
			for (int i = 0; i < 500; i++) {
				for (Member member : members) {
					sends.add(member.send(member.address() + ": " + i));
				}
			}
			sends.forEach(CompletableFuture::join);
			Awaitility.await()
				.atMost(Member.LIMIT)
				.until(() -> members.stream().allMatch((member) -> member.messages().size() == 1500));
			assertThat(two.messages()).isEqualTo(one.messages());
			assertThat(three.messages()).isEqualTo(one.messages());
			assertThat(two.events(CpgMessage.class)).filteredOn(CpgMessage::local).hasSize(500);
		}
	}

	@Test
	void messagesOfEverySizeUpToTheLimitArriveAsTheyWere() throws Exception {
		try (Member sender = Member.join(this.cluster.node(1), this.group);
				Member receiver = Member.join(this.cluster.node(2), this.group)) {
			sender.awaitMembers(sender, receiver);
			int limit = sender.connection().limits().maxAtomicMessageSize();
			assertThat(limit).isEqualTo(1_047_552);
			int[] sizes = { 0, 1, 3, 4, 5, 7, 8, 1000, 65_535, 65_536, limit - 1, limit };
			List<byte[]> sent = new ArrayList<>();
			for (int size : sizes) {
				byte[] message = new byte[size];
				for (int i = 0; i < size; i++) {
					message[i] = (byte) (i * 31 + size);
				}
				sent.add(message);
				sender.connection().multicast(message).get(20, TimeUnit.SECONDS);
			}
			Awaitility.await()
				.atMost(Member.LIMIT)
				.until(() -> receiver.events(CpgMessage.class).size() == sizes.length);
			for (int i = 0; i < sizes.length; i++) {
				assertThat(receiver.events(CpgMessage.class).get(i).payload()).as("%d bytes", sizes[i])
					.isEqualTo(sent.get(i));
			}
		}
	}

	@Test
	void aMessageOverTheLimitIsRefusedAndCostsNothing() {
		try (Member sender = Member.join(this.cluster.node(1), this.group)) {
			assertThat(sender.connection().limits().maxMessageSize()).isEqualTo(16_777_216);
			byte[] tooLarge = new byte[16_777_217];
			assertThatExceptionOfType(CorosyncException.class).isThrownBy(() -> sender.connection().multicast(tooLarge))
				.satisfies((ex) -> assertThat(ex.error()).isEqualTo(CsError.TOO_BIG))
				.withMessageContaining("16777217 bytes")
				.withMessageContaining("limit of 16777216");
			assertThat(sender.send("still here").join().members()).containsExactly(sender.address());
		}
	}

	@Test
	void aConnectionThatIsNotAMemberCannotSend() {
		try (Member member = Member.connect(this.cluster.node(1))) {
			assertNotAMember(member);
			member.connection().join(this.group, Member.LIMIT);
			member.send("as a member").join();
			member.connection().leave(Member.LIMIT);
			assertNotAMember(member);
			// The send, and the leave too, may end before the listener is notified.
			Awaitility.await().atMost(Member.LIMIT).until(() -> !member.messages().isEmpty());
			assertThat(member.messages()).containsExactly("as a member");
		}
	}

	private static void assertNotAMember(Member member) {
		assertThatExceptionOfType(CorosyncException.class).isThrownBy(() -> member.send("x"))
			.satisfies((ex) -> assertThat(ex.error()).isEqualTo(CsError.NOT_EXIST));
	}

	@Test
	void whatIsSentBeforeALeaveIsDeliveredOrLostButNeverUnknown() {
		try (Member member = Member.join(this.cluster.node(1), this.group)) {
			List<CompletableFuture<CpgView>> sends = new ArrayList<>();
			for (int i = 0; i < 2000; i++) {
				sends.add(member.send("message " + i));
			}
			member.connection().leave(Member.LIMIT);
			Awaitility.await().atMost(Member.LIMIT).until(() -> sends.stream().allMatch(CompletableFuture::isDone));
			long delivered = sends.stream().filter((send) -> !send.isCompletedExceptionally()).count();
			assertThat(delivered).isPositive();
			member.awaitChange(member.address(), CpgReason.LEAVE);
			assertThat(member.messages()).hasSize((int) delivered);
			assertThat(sends).filteredOn(CompletableFuture::isCompletedExceptionally)
				.allSatisfy((send) -> assertThat(outcome(send)).isEqualTo(CpgSendException.Outcome.LOST));
		}
	}

	private static CpgSendException.Outcome outcome(CompletableFuture<?> send) {
		try {
			send.join();
			throw new AssertionError("was delivered");
		}
		catch (CompletionException ex) {
			return ((CpgSendException) Objects.requireNonNull(ex.getCause())).outcome();
		}
	}

	@Test
	void whatDependsOnASendRunsOnNoThreadThatServesTheConnection() {
		try (Member sender = Member.join(this.cluster.node(1), this.group)) {
			AtomicReference<String> thread = new AtomicReference<>();
			sender.send("first")
				.thenRun(() -> thread.set(Thread.currentThread().getName()))
				.thenCompose((done) -> sender.send("second"))
				.orTimeout(10, TimeUnit.SECONDS)
				.join();
			assertThat(thread.get()).isIn("cpg-member-outcomes", Thread.currentThread().getName());
		}
	}

	@Test
	void anActionThatWaitsForAnotherMessageHoldsUpNeitherThatNorAnyOther() throws Exception {
		try (Member sender = Member.join(this.cluster.node(1), this.group)) {
			CompletableFuture<Void> forEver = new CompletableFuture<>();
			CompletableFuture<CpgView> nested = new CompletableFuture<>();
			// An action that is added to a future that has ended runs in this thread.
			this.cluster.node(1).pause();
			CompletableFuture<CpgView> first = sender.send("first");
			first.thenRun(forEver::join);
			CompletableFuture<CpgView> second = sender.send("second");
			second.thenAccept((view) -> nested.complete(sender.send("nested").thenApply((v) -> v).join()));
			this.cluster.node(1).resume();
			assertThat(nested.get(10, TimeUnit.SECONDS).members()).containsExactly(sender.address());
			sender.send("unrelated").get(10, TimeUnit.SECONDS);
			forEver.complete(null);
		}
	}

	@Test
	void aListenerMaySendAndWaitForTheOutcome() throws Exception {
		try (Member member = Member.join(this.cluster.node(1), this.group)) {
			CompletableFuture<CpgView> answer = new CompletableFuture<>();
			member.onMessage = () -> {
				if (!answer.isDone()) {
					answer.complete(member.connection().multicast(new byte[1]).join());
				}
			};
			member.send("question");
			assertThat(answer.get(10, TimeUnit.SECONDS).members()).containsExactly(member.address());
		}
	}

}
