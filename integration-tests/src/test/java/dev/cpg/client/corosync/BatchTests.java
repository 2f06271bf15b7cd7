package dev.cpg.client.corosync;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgSendException.Outcome;
import dev.cpg.client.CpgView;
import dev.cpg.client.internal.cpg.batch.BatchFormat;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncTest;
import dev.cpg.test.LibcpgPeer;
import dev.cpg.test.LibcpgTest;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Members that send their messages in batches, beside members that do not and C programs.
 */
@CorosyncTest(nodes = 2, token = 10_000)
@Timeout(120)
class BatchTests {

	private static final int SIZE = 1 << 16;

	private final CpgGroupName group = Member.newGroup();

	private final CorosyncCluster cluster;

	BatchTests(CorosyncCluster cluster) {
		this.cluster = cluster;
	}

	@AfterEach
	void restore() {
		this.cluster.restore();
	}

	@Test
	void aMillionMessagesArriveOnceAndInOrderAndEachOutcomeIsTrue() {
		try (NumberedMember sender = batching(1); NumberedMember other = batching(2)) {
			awaitBatches(sender, other);
			List<CompletableFuture<CpgView>> sends = LongStream.range(0, 1_000_000)
				.mapToObj((number) -> sender.send(0, number, 64))
				.toList();
			CompletableFuture.allOf(sends.toArray(CompletableFuture[]::new)).join();
			assertThat(sends.stream().map((send) -> send.join().members()).distinct())
				.containsExactly(sender.connection().view().members());
			sender.await(sender, 0, 999_999);
			other.await(sender, 0, 999_999);
			assertThat(other.from(sender, 0).first).isZero();
			assertThat(other.connection().batchStatistics().delivered()).isBetween(1L, 500_000L);
			assertThat(other.connection().batchStatistics().stale()).isZero();
		}
	}

	@Test
	void theMessagesOfEachThreadKeepTheirOrderWhateverTheirSize() throws Exception {
		try (NumberedMember sender = batching(1); NumberedMember other = batching(2)) {
			awaitBatches(sender, other);
			int large = sender.connection().limits().maxAtomicMessageSize();
			int[] sizes = { 12, 100, 5_000, 100_000, large - 20, large + 1, 1000, 12 };
			run(4, (thread) -> {
				for (int i = 0; i < 400; i++) {
					int size = (i % 100 < sizes.length) ? sizes[i % 100] : 12 + i;
					sender.send(thread, i, size);
				}
				return sender.send(thread, 400, 12).get(20, TimeUnit.SECONDS);
			});
			for (int thread = 0; thread < 4; thread++) {
				other.await(sender, thread, 400);
				sender.await(sender, thread, 400);
			}
		}
	}

	@Test
	void oneThatReadsNoBatchesLosesNothingFromItsJoinOnAndTheOthersGetNothingTwice() throws Exception {
		try (NumberedMember sender = batching(1); NumberedMember other = batching(2)) {
			awaitBatches(sender, other);
			Load load = new Load(sender);
			for (int i = 0; i < 5; i++) {
				long batches = other.connection().batchStatistics().delivered();
				load.awaitSent(20_000);
				Awaitility.await()
					.atMost(Member.LIMIT)
					.until(() -> other.connection().batchStatistics().delivered() > batches);
				try (NumberedMember joined = NumberedMember.join(this.cluster.node(1 + i % 2), this.group, 0)) {
					CpgAddress joiner = joined.connection().localAddress();
					Awaitility.await()
						.atMost(Member.LIMIT)
						.until(() -> other.connection().view().members().contains(joiner));
					long last = other.connection().batchStatistics().delivered();
					load.awaitSent(5_000);
					assertThat(other.connection().batchStatistics().delivered()).isEqualTo(last);
					joined.await(sender, 0, load.sent() - 1);
					joined.requireAllSinceJoin(sender, 0, other);
				}
				awaitBatches(sender, other);
			}
			load.end();
			other.await(sender, 0, load.sent() - 1);
			sender.await(sender, 0, load.sent() - 1);
			assertThat(other.connection().batchStatistics().stale()).isPositive();
		}
	}

	@Test
	void oneThatReadsBatchesJoinsInMidLoad() throws Exception {
		try (NumberedMember sender = batching(1); NumberedMember other = batching(2)) {
			awaitBatches(sender, other);
			Load load = new Load(sender);
			for (int i = 0; i < 5; i++) {
				load.awaitSent(20_000);
				try (NumberedMember joined = batching(1 + i % 2)) {
					load.awaitSent(20_000);
					joined.await(sender, 0, load.sent() - 1);
					joined.requireAllSinceJoin(sender, 0, other);
					awaitBatches(joined);
					assertThat(joined.control).hasValue(0);
				}
			}
			load.end();
			other.await(sender, 0, load.sent() - 1);
			assertThat(other.control).hasValue(0);
		}
	}

	@Test
	void manyJoinInAShortTimeWhileThreeSend() throws Exception {
		try (NumberedMember first = batching(1);
				NumberedMember second = batching(2);
				NumberedMember third = batching(2)) {
			List<NumberedMember> senders = List.of(first, second, third);
			awaitBatches(first, second, third);
			List<Load> loads = senders.stream().map((sender) -> new Load(sender, 1_000)).toList();
			Random random = new Random(3);
			for (int i = 0; i < 10; i++) {
				loads.get(0).awaitSent(2_000 + random.nextInt(2_000));
				try (NumberedMember joined = NumberedMember.join(this.cluster.node(1 + i % 2), this.group,
						(random.nextInt(3) > 0) ? SIZE : 0); NumberedMember another = batching(1 + i % 2)) {
					loads.get(1).awaitSent(random.nextInt(500));
					another.await(second, 0, loads.get(1).sent() - 1);
					for (NumberedMember sender : senders) {
						joined.await(sender, 0, 0);
						joined.requireAllSinceJoin(sender, 0, first);
					}
				}
			}
			for (Load load : loads) {
				load.end();
			}
			for (NumberedMember receiver : senders) {
				for (int i = 0; i < senders.size(); i++) {
					receiver.await(senders.get(i), 0, loads.get(i).sent() - 1);
				}
			}
			assertThat(first.connection().batchStatistics().stale()).isPositive();
		}
	}

	@Test
	@LibcpgTest
	void aProgramInCGetsEachMessageFromItsJoinOn() throws Exception {
		try (Member sender = Member.connect(this.cluster.node(1), (builder) -> builder.batchSize(SIZE));
				LibcpgPeer peer = LibcpgPeer.start(this.cluster.node(2))) {
			sender.remembersMessages = false;
			sender.connection().join(this.group, Member.LIMIT);
			awaitBatches(sender);
			int sent = 0;
			for (; peer.events().stream().noneMatch((event) -> event.startsWith("confchg")); sent++) {
				if (sent == 2_000) {
					peer.join(this.group.toString());
				}
				sender.send("number " + sent);
			}
			for (int end = sent + 1_000; sent < end; sent++) {
				sender.send("number " + sent);
			}
			int last = sent - 1;
			Awaitility.await()
				.atMost(Member.LIMIT)
				.until(() -> numbers(peer), (numbers) -> !numbers.isEmpty() && numbers.get(numbers.size() - 1) == last);
			List<Integer> numbers = numbers(peer);
			assertThat(numbers).isEqualTo(IntStream.rangeClosed(numbers.get(0), last).boxed().toList());
		}
	}

	@Test
	@LibcpgTest
	void theFirstMessageOfAProgramInCBehindItsJoinIsDeliveredAsItIs() throws Exception {
		try (Member sender = Member.connect(this.cluster.node(1), (builder) -> builder.batchSize(SIZE));
				LibcpgPeer peer = LibcpgPeer.start(this.cluster.node(2))) {
			sender.connection().join(this.group, Member.LIMIT);
			awaitBatches(sender);
			List<CompletableFuture<CpgView>> sends = new ArrayList<>();
			peer.join(this.group.toString());
			peer.send("from C", () -> {
				IntStream.range(0, 100).forEach((i) -> sends.add(sender.send("number " + sends.size())));
				return sender.messages().contains("from C");
			});
			CompletableFuture.allOf(sends.toArray(CompletableFuture[]::new)).get(20, TimeUnit.SECONDS);
			Awaitility.await()
				.atMost(Member.LIMIT)
				.untilAsserted(() -> assertThat(sender.messages()).filteredOn((text) -> text.startsWith("number "))
					.isEqualTo(IntStream.range(0, sends.size()).mapToObj((i) -> "number " + i).toList()));
			assertThat(sender.messages()).contains("from C");
			assertThat(sender.connection().batchStatistics().inUse()).isFalse();
			assertThat(sender.connection().batchStatistics().unable()).hasSize(1);
		}
	}

	private static List<Integer> numbers(LibcpgPeer peer) {
		return peer.events()
			.stream()
			.filter((event) -> event.contains(" number "))
			.map((event) -> Integer.valueOf(event.substring(event.lastIndexOf(' ') + 1)))
			.toList();
	}

	@Test
	void whatLooksLikeABatchAndIsNoneIsDeliveredAsItIs() throws Exception {
		try (Member sender = Member.connect(this.cluster.node(1), (builder) -> builder.batchSize(SIZE));
				Member other = Member.join(this.cluster.node(2), this.group)) {
			sender.connection().join(this.group, Member.LIMIT);
			byte[] copied = batch(sender.address(), 1L << 62);
			byte[] broken = batch(other.address(), 1L << 62);
			broken[12]++;
			for (byte[] message : List.of(copied, broken, Arrays.copyOf(copied, 11), Arrays.copyOf(copied, 40))) {
				other.connection().multicast(message).get(10, TimeUnit.SECONDS);
				Awaitility.await()
					.atMost(Member.LIMIT)
					.until(() -> sender.events(CpgMessage.class)
						.stream()
						.anyMatch((received) -> Arrays.equals(received.payload(), message)));
			}
		}
	}

	@Test
	void aPayloadThatIsAValidBatchOfItsSenderIsDeliveredAsItIs() throws Exception {
		try (Member sender = Member.connect(this.cluster.node(1), (builder) -> builder.batchSize(SIZE));
				Member other = Member.connect(this.cluster.node(2), (builder) -> builder.batchSize(SIZE))) {
			byte[] batch = batch(sender.address(), 1L << 62);
			sender.connection().join(this.group, Member.LIMIT);
			sender.connection().multicast(batch).get(10, TimeUnit.SECONDS);
			other.connection().join(this.group, Member.LIMIT);
			sender.connection().multicast(batch).get(10, TimeUnit.SECONDS);
			sender.connection()
				.multicast(batch.length, (target) -> target.put(batch, 0, batch.length))
				.get(10, TimeUnit.SECONDS);
			awaitBatches(sender);
			sender.connection().multicast(batch).get(10, TimeUnit.SECONDS);
			Awaitility.await().atMost(Member.LIMIT).until(() -> count(sender, batch) == 4 && count(other, batch) == 3);
		}
	}

	private static long count(Member member, byte[] payload) {
		return member.events(CpgMessage.class)
			.stream()
			.filter((message) -> Arrays.equals(message.payload(), payload))
			.count();
	}

	@Test
	void aListenerThatSendsWhileItsQueueIsFullWaitsForNothingThatOnlyComesBehind() throws Exception {
		List<CompletableFuture<CpgView>> large = new CopyOnWriteArrayList<>();
		try (Member member = Member.connect(this.cluster.node(1),
				(builder) -> builder.batchSize(SIZE).deliveryQueueCapacity(20_000))) {
			member.remembersMessages = false;
			AtomicLong received = new AtomicLong();
			member.onMessage = () -> {
				if (received.incrementAndGet() % 5_000 == 0) {
					byte[] message = new byte[2_000_000];
					message[0] = (byte) received.get();
					message[1] = (byte) (received.get() >> Byte.SIZE);
					large.add(member.connection().multicast(message, Member.LIMIT));
				}
			};
			member.connection().join(this.group, Member.LIMIT);
			awaitBatches(member);
			List<CompletableFuture<CpgView>> sends = IntStream.range(0, 30_000)
				.mapToObj((i) -> member.send("number " + i))
				.toList();
			CompletableFuture.allOf(sends.toArray(CompletableFuture[]::new)).get(20, TimeUnit.SECONDS);
			Awaitility.await().atMost(Member.LIMIT).until(() -> large.size() >= 5);
			CompletableFuture.allOf(large.toArray(CompletableFuture[]::new)).get(20, TimeUnit.SECONDS);
		}
	}

	@Test
	void aListenerMaySendMoreThanMayBeUnderWay() throws Exception {
		List<CompletableFuture<CpgView>> sends = new CopyOnWriteArrayList<>();
		AtomicBoolean due = new AtomicBoolean();
		try (Member member = Member.connect(this.cluster.node(1), (builder) -> builder.batchSize(SIZE))) {
			member.remembersMessages = false;
			member.onMessage = () -> {
				if (due.compareAndSet(true, false)) {
					List<CompletableFuture<CpgView>> all = new ArrayList<>();
					for (int number = 0; number < 20_000; number++) {
						all.add(member.connection().multicast(ByteBuffer.allocate(1000).putInt(number).array()));
					}
					sends.addAll(all);
				}
			};
			member.connection().join(this.group, Member.LIMIT);
			awaitBatches(member);
			due.set(true);
			member.send("now");
			Awaitility.await().atMost(Duration.ofSeconds(8)).until(() -> sends.size() == 20_000);
			CompletableFuture.allOf(sends.toArray(CompletableFuture[]::new)).get(8, TimeUnit.SECONDS);
		}
	}

	private static byte[] batch(CpgAddress sender, long number) {
		byte[] bytes = new byte[BatchFormat.HEAD + BatchFormat.ENTRY + 1];
		BatchFormat.entryLength(bytes, BatchFormat.HEAD, 1);
		BatchFormat.writeHead(bytes, bytes.length, sender, BatchFormat.BATCH, number, 77, 1);
		return bytes;
	}

	/** With a token that runs out soon, so that a loss is no fault here. */
	@Nested
	@CorosyncTest(nodes = 2)
	class Cuts {

		private final CorosyncCluster cluster;

		Cuts(CorosyncCluster cluster) {
			this.cluster = cluster;
		}

		@AfterEach
		void restore() {
			this.cluster.restore();
		}

		@Test
		void outcomesStayTrueWhenTheNetworkIsCutInMidLoad() throws Exception {
			CpgGroupName group = BatchTests.this.group;
			try (NumberedMember sender = NumberedMember.join(this.cluster.node(1), group, SIZE);
					NumberedMember here = NumberedMember.join(this.cluster.node(1), group, SIZE);
					NumberedMember there = NumberedMember.join(this.cluster.node(2), group, SIZE)) {
				here.from(sender, 9).mayMiss = true;
				here.from(sender, 0).mayMiss = true;
				awaitBatches(sender);
				Load load = new Load(sender);
				load.awaitSent(50_000);
				this.cluster.node(2).cut();
				load.awaitSent(50_000);
				awaitMembers(sender, 2);
				load.awaitSent(20_000);
				this.cluster.node(2).heal();
				awaitMembers(sender, 3);
				load.awaitSent(20_000);
				SendTally tally = load.endWithOutcomes();
				sender.send(0, load.sent(), 64).get(20, TimeUnit.SECONDS);
				here.await(sender, 0, load.sent());
				for (int i = 0; i < load.sent(); i++) {
					Outcome outcome = tally.outcomes().get(i);
					if (outcome != Outcome.UNKNOWN) {
						assertThat(here.from(sender, 0).has(i)).as("%d: %s", i, outcome).isEqualTo(outcome == null);
					}
				}
				awaitBatches(sender, here, there);
			}
		}

		@Test
		void twoSidesThatBothBatchMergeAndEachOutcomeIsTrue() throws Exception {
			CpgGroupName group = BatchTests.this.group;
			try (NumberedMember one = NumberedMember.join(this.cluster.node(1), group, SIZE);
					NumberedMember two = NumberedMember.join(this.cluster.node(2), group, SIZE)) {
				List<NumberedMember> members = List.of(one, two);
				members.forEach((receiver) -> members.forEach((sender) -> {
					receiver.from(sender, 9).mayMiss = true;
					receiver.from(sender, 0).mayMiss = true;
				}));
				awaitBatches(one, two);
				List<Load> loads = members.stream().map((member) -> new Load(member, 500)).toList();
				this.cluster.node(2).cut();
				for (NumberedMember member : members) {
					awaitMembers(member, 1);
					awaitBatches(member);
				}
				this.cluster.node(2).heal();
				for (NumberedMember member : members) {
					awaitMembers(member, 2);
				}
				for (Load load : loads) {
					load.awaitSent(1_000);
				}
				for (int i = 0; i < 2; i++) {
					SendTally tally = loads.get(i).endWithOutcomes();
					NumberedMember.Received own = members.get(i).from(members.get(i), 0);
					for (int number = 0; number < tally.outcomes().size(); number++) {
						Outcome outcome = tally.outcomes().get(number);
						if (outcome != Outcome.UNKNOWN) {
							assertThat(own.has(number)).as("%d: %s", number, outcome).isEqualTo(outcome == null);
						}
					}
				}
				awaitBatches(one, two);
				for (NumberedMember sender : members) {
					LongStream.range(0, 5_000).forEach((number) -> sender.send(1, number, 64));
				}
				for (NumberedMember receiver : members) {
					for (NumberedMember sender : members) {
						receiver.await(sender, 1, 4_999);
						assertThat(receiver.from(sender, 1).first).isZero();
						assertThat(receiver.from(sender, 0).fault).isNull();
					}
					assertThat(receiver.control).hasValue(0);
				}
			}
		}

		private static void awaitMembers(NumberedMember member, int count) {
			Awaitility.await().atMost(Member.LIMIT).until(() -> member.connection().view().members().size() == count);
		}

	}

	@Test
	void whatWaitsInABatchIsSentBeforeALeave() throws Exception {
		try (NumberedMember sender = batching(1); NumberedMember other = batching(2)) {
			awaitBatches(sender, other);
			for (int round = 0; round < 5; round++) {
				awaitBatches(sender);
				List<CompletableFuture<CpgView>> sends = LongStream.range(0, 500)
					.mapToObj((number) -> sender.send(1, number, 100))
					.toList();
				sender.connection().leave(Member.LIMIT);
				assertThat(sends).allSatisfy((send) -> assertThat(send).isCompleted());
				sender.connection().join(this.group, Member.LIMIT);
			}
		}
	}

	/** Waits until the members batch what they send. */
	static void awaitBatches(NumberedMember... members) {
		for (NumberedMember member : members) {
			long before = member.connection().batchStatistics().delivered();
			Awaitility.await().atMost(Member.LIMIT).until(() -> {
				IntStream.range(0, 100).forEach((i) -> member.send(9, member.nextWarmUp(), 64));
				return member.connection().batchStatistics().delivered() > before;
			});
		}
	}

	private static void awaitBatches(Member sender) {
		long before = sender.connection().batchStatistics().delivered();
		Awaitility.await().atMost(Member.LIMIT).until(() -> {
			IntStream.range(0, 100).forEach((i) -> sender.send("before " + i));
			return sender.connection().batchStatistics().delivered() > before;
		});
	}

	private static void run(int threads, Task task) throws Exception {
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		try {
			List<Future<?>> running = new ArrayList<>();
			for (int i = 0; i < threads; i++) {
				int thread = i;
				running.add(executor.submit(() -> task.run(thread)));
			}
			for (Future<?> each : running) {
				each.get(60, TimeUnit.SECONDS);
			}
		}
		finally {
			executor.shutdownNow();
		}
	}

	private NumberedMember batching(int node) {
		return NumberedMember.join(this.cluster.node(node), this.group, SIZE);
	}

	private interface Task {

		Object run(int thread) throws Exception;

	}

	/** Sends numbered messages on a thread of its own until it ends. */
	private static final class Load {

		private final List<CompletableFuture<CpgView>> sends = new ArrayList<>();

		private final NumberedMember sender;

		private final Thread thread = new Thread(this::send);

		private final AtomicLong sent = new AtomicLong();

		private volatile boolean over;

		private final int length;

		Load(NumberedMember sender) {
			this(sender, 64);
		}

		Load(NumberedMember sender, int length) {
			this.sender = sender;
			this.length = length;
			this.thread.start();
		}

		private void send() {
			while (!this.over) {
				this.sends.add(this.sender.send(0, this.sent.get(), this.length));
				this.sent.incrementAndGet();
			}
		}

		long sent() {
			return this.sent.get();
		}

		void awaitSent(long more) {
			long goal = this.sent.get() + more;
			Awaitility.await().atMost(Member.LIMIT).until(() -> this.sent.get() >= goal);
		}

		SendTally endWithOutcomes() throws InterruptedException {
			this.over = true;
			this.thread.join(Member.LIMIT.toMillis());
			Awaitility.await()
				.atMost(Member.LIMIT)
				.until(() -> this.sends.stream().allMatch(CompletableFuture::isDone));
			return SendTally.of(this.sends);
		}

		void end() throws InterruptedException {
			this.over = true;
			this.thread.join(Member.LIMIT.toMillis());
			CompletableFuture.allOf(this.sends.toArray(CompletableFuture[]::new)).join();
		}

	}

}
