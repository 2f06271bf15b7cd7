package dev.cpg.client.corosync;

import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgReason;
import dev.cpg.client.CsError;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncTest;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Messages above the atomic limit, which go as fragments. A membership change midway
 * aborts them, and the client sends them again.
 */
@CorosyncTest(nodes = 3)
@Timeout(180)
class LargeMessageTests {

	private static final int MIB = 1 << 20;

	private final CpgGroupName group = Member.newGroup();

	private final CorosyncCluster cluster;

	LargeMessageTests(CorosyncCluster cluster) {
		this.cluster = cluster;
	}

	@Test
	void messagesAboveTheAtomicLimitArriveAsTheyWereAmongSmallOnes() throws Exception {
		try (Member sender = Member.join(this.cluster.node(1), this.group);
				Member receiver = Member.join(this.cluster.node(2), this.group)) {
			sender.awaitMembers(sender, receiver);
			int atomic = sender.connection().limits().maxAtomicMessageSize();
			int[] sizes = { atomic + 1, 3, 2 * atomic, 2 * atomic + 1, 0, 4 * MIB };
			List<byte[]> sent = new ArrayList<>();
			for (int size : sizes) {
				byte[] message = new byte[size];
				new Random(size).nextBytes(message);
				sent.add(message);
				assertThat(sender.connection().multicast(message).get(20, TimeUnit.SECONDS).members())
					.containsExactly(sender.address(), receiver.address());
			}
			for (Member member : List.of(sender, receiver)) {
				Awaitility.await()
					.atMost(Member.LIMIT)
					.until(() -> member.events(CpgMessage.class).size() == sizes.length);
				for (int i = 0; i < sizes.length; i++) {
					assertThat(member.events(CpgMessage.class).get(i).payload()).as("%d bytes", sizes[i])
						.isEqualTo(sent.get(i));
				}
			}
		}
	}

	@Test
	void largeMessagesOfSeveralMembersAndThreadsDoNotMixUp() throws Exception {
		try (Member one = Member.join(this.cluster.node(1), this.group);
				Member two = Member.join(this.cluster.node(2), this.group)) {
			one.awaitMembers(one, two);
			List<Thread> threads = new ArrayList<>();
			List<Throwable> failures = new ArrayList<>();
			for (Member member : List.of(one, two, one, two)) {
				byte fill = (byte) threads.size();
				Thread thread = new Thread(() -> {
					byte[] message = new byte[2 * MIB + fill];
					Arrays.fill(message, fill);
					for (int i = 0; i < 5; i++) {
						member.connection().multicast(message).join();
					}
				});
				thread.setUncaughtExceptionHandler((failed, ex) -> failures.add(ex));
				threads.add(thread);
				thread.start();
			}
			for (Thread thread : threads) {
				thread.join();
			}
			assertThat(failures).isEmpty();
			Awaitility.await().atMost(Member.LIMIT).until(() -> two.events(CpgMessage.class).size() == 20);
			assertThat(two.events(CpgMessage.class)).allSatisfy((message) -> {
				byte fill = message.payload()[0];
				assertThat(message.payload()).hasSize(2 * MIB + fill).containsOnly(fill);
			});
			assertThat(two.connection().statistics().droppedMessages()).isZero();
		}
	}

	@Test
	void theUnfinishedMessageOfAMemberThatDiesIsDropped() {
		try (Member receiver = Member.join(this.cluster.node(2), this.group)) {
			for (int i = 0; i < 10; i++) {
				Member sender = Member.join(this.cluster.node(1), this.group);
				Thread sending = new Thread(() -> {
					try {
						sender.connection().multicast(new byte[8 * MIB]);
					}
					catch (CorosyncException ex) {
						// Its connection ended midway, as it should.
						assertThat(ex.error()).isIn(CsError.BAD_HANDLE, CsError.LIBRARY);
					}
				});
				sending.start();
				sender.close();
				receiver.awaitChange(sender.address(), CpgReason.PROCDOWN);
			}
			assertThat(receiver.events(CpgMessage.class))
				.allSatisfy((message) -> assertThat(message.payload()).hasSize(8 * MIB));
		}
	}

	@Test
	void aMessageLargerThanAReceiverTakesIsCountedThereAndTheNextOneArrives() throws Exception {
		try (Member sender = Member.join(this.cluster.node(1), this.group);
				Member receiver = Member.connect(this.cluster.node(2), (builder) -> builder.maxMessageSize(2 * MIB))) {
			receiver.connection().join(this.group, Member.LIMIT);
			sender.awaitMembers(sender, receiver);
			sender.connection().multicast(new byte[2 * MIB + 1]).get(20, TimeUnit.SECONDS);
			sender.connection().multicast(new byte[2 * MIB]).get(20, TimeUnit.SECONDS);
			Awaitility.await().atMost(Member.LIMIT).until(() -> receiver.events(CpgMessage.class).size() == 1);
			assertThat(receiver.events(CpgMessage.class).get(0).payload()).hasSize(2 * MIB);
			assertThat(receiver.connection().statistics().droppedMessages()).isOne();
			assertThatExceptionOfType(CorosyncException.class)
				.isThrownBy(() -> receiver.connection().multicast(new byte[2 * MIB + 1]))
				.satisfies((ex) -> assertThat(ex.error()).isEqualTo(CsError.TOO_BIG))
				.withMessageContaining("(maxMessageSize)");
		}
	}

	@Test
	void partsAreGatheredWhereverTheyAre() throws Exception {
		try (Member sender = Member.join(this.cluster.node(1), this.group)) {
			ByteBuffer heap = ByteBuffer.wrap(new byte[] { 9, 1, 2, 9 }, 1, 2);
			ByteBuffer direct = ByteBuffer.allocateDirect(20_000);
			for (int i = 0; i < direct.capacity(); i++) {
				direct.put(i, (byte) i);
			}
			ByteBuffer readOnly = ByteBuffer.wrap(new byte[] { 7 }).asReadOnlyBuffer();
			sender.connection().multicast(heap, direct, readOnly).get(20, TimeUnit.SECONDS);
			sender.connection()
				.multicast(ByteBuffer.allocate(MIB), ByteBuffer.allocateDirect(MIB))
				.get(20, TimeUnit.SECONDS);
			Awaitility.await().atMost(Member.LIMIT).until(() -> sender.events(CpgMessage.class).size() == 2);
			byte[] gathered = sender.events(CpgMessage.class).get(0).payload();
			assertThat(gathered).hasSize(20_003).startsWith(1, 2, 0, 1, 2, 3).endsWith(direct.get(19_999), 7);
			assertThat(heap.remaining()).as("the part stays as it was").isEqualTo(2);
			assertThat(sender.events(CpgMessage.class).get(1).payload()).hasSize(2 * MIB).containsOnly(0);
		}
	}

	@Test
	void aWriterWritesStraightIntoTheMessage() throws Exception {
		try (Member sender = Member.join(this.cluster.node(1), this.group)) {
			sender.connection().multicast(14, (target) -> {
				target.put((byte) 1);
				target.putInt(2);
				target.putLong(3);
				target.put(new byte[] { 8, 4, 8 }, 1, 1);
			}).get(20, TimeUnit.SECONDS);
			Awaitility.await().atMost(Member.LIMIT).until(() -> !sender.events(CpgMessage.class).isEmpty());
			assertThat(sender.events(CpgMessage.class).get(0).payload()).containsExactly(1, 0, 0, 0, 2, 0, 0, 0, 0, 0,
					0, 0, 3, 4);
		}
	}

	@Test
	void aWriterThatFailsSendsNothingAndCostsNothing() throws Exception {
		try (Member sender = Member.join(this.cluster.node(1), this.group)) {
			assertThatExceptionOfType(IllegalStateException.class)
				.isThrownBy(() -> sender.connection().multicast(10, (target) -> {
					target.putInt(1);
					throw new IllegalStateException("thrown by the test");
				}));
			assertThatExceptionOfType(BufferOverflowException.class)
				.isThrownBy(() -> sender.connection().multicast(3, (target) -> target.putInt(1)));
			assertThatExceptionOfType(IllegalArgumentException.class)
				.isThrownBy(() -> sender.connection().multicast(5, (target) -> target.putInt(1)))
				.withMessageContaining("promised 5 bytes and wrote 4");
			sender.send("next").get(20, TimeUnit.SECONDS);
			Awaitility.await().atMost(Member.LIMIT).until(() -> !sender.messages().isEmpty());
			assertThat(sender.messages()).containsExactly("next");
		}
	}

	@Test
	void aWriterLetsNoOtherThreadWrite() throws Exception {
		try (Member sender = Member.join(this.cluster.node(1), this.group)) {
			List<Throwable> refused = new CopyOnWriteArrayList<>();
			sender.connection().multicast(4, (target) -> {
				CompletableFuture.runAsync(() -> target.putInt(1)).exceptionally((ex) -> {
					refused.add(ex.getCause());
					return null;
				}).join();
				target.putInt(2);
			}).get(20, TimeUnit.SECONDS);
			assertThat(refused).singleElement().isInstanceOf(IllegalStateException.class);
			Awaitility.await().atMost(Member.LIMIT).until(() -> !sender.events(CpgMessage.class).isEmpty());
			assertThat(sender.events(CpgMessage.class).get(0).payload()).containsExactly(0, 0, 0, 2);
		}
	}

	@Test
	void aWriterThatUsesTheConnectionIsRefusedAndItsMessageIsWhole() throws Exception {
		try (Member sender = Member.join(this.cluster.node(1), this.group)) {
			List<CsError> refused = new ArrayList<>();
			sender.connection().multicast(8, (target) -> {
				target.putInt(1);
				for (Runnable call : List.<Runnable>of(() -> sender.send("inner"),
						() -> sender.connection()
							.multicast(new byte[2 * sender.connection().limits().maxAtomicMessageSize()]),
						() -> sender.connection().tryMulticast(new byte[1]),
						() -> sender.connection().membership(this.group))) {
					try {
						call.run();
					}
					catch (CorosyncException ex) {
						refused.add(ex.error());
					}
				}
				target.putInt(2);
			}).get(20, TimeUnit.SECONDS);
			assertThat(refused).hasSize(4).containsOnly(CsError.BAD_OPERATION);
			sender.send("next").get(20, TimeUnit.SECONDS);
			Awaitility.await().atMost(Member.LIMIT).until(() -> sender.messages().size() == 2);
			assertThat(sender.events(CpgMessage.class).get(0).payload()).containsExactly(0, 0, 0, 1, 0, 0, 0, 2);
		}
	}

}
