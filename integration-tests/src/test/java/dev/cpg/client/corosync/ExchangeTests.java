package dev.cpg.client.corosync;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgListener;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgSendException;
import dev.cpg.client.CpgSendException.Outcome;
import dev.cpg.client.CpgView;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncNode;
import dev.cpg.test.CorosyncTest;
import dev.cpg.test.LibcpgPeer;
import dev.cpg.test.LibcpgTest;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A C program that uses libcpg and this client send each other many messages of all
 * sizes, both at the same time, and each checks every byte of all of them.
 * <p>
 * The daemon drops a message when its queue fills between the moment at which a client
 * looks whether there is room and the one at which the daemon takes the message. It
 * reports that in its log only. This client reports such a message as lost; libcpg
 * reports nothing. So the messages missing here must be those that the daemon logged as
 * dropped, and the missing ones of ours must be those that were reported as lost.
 * <p>
 * The sizes are random from 0 to 4 MiB, their logarithm evenly spread, so that every
 * power of two is as frequent as the next: half of them are below 2 KiB, one in eleven is
 * above 1 MiB and goes as fragments. The ends of the range and the sizes around the
 * atomic limit come on top, each several times.
 */
@CorosyncTest(nodes = 1, token = 5000)
@LibcpgTest
@Timeout(300)
class ExchangeTests {

	private static final long SEED = 2026;

	private static final int MESSAGES = 10_000;

	private static final int MAX_SIZE = 4 << 20;

	private static final int EDGE_REPEATS = 10;

	/** How many messages one side may be ahead of the other. */
	private static final int AHEAD = 20;

	private static final int LIMIT_SECONDS = 30;

	private final CpgGroupName group = Member.newGroup();

	private final CorosyncCluster cluster;

	ExchangeTests(CorosyncCluster cluster) {
		this.cluster = cluster;
	}

	@Test
	void tenThousandMessagesEachWayArriveWholeOnceAndInOrderUnlessTheDaemonDropsThem() throws Exception {
		Receiver receiver = new Receiver();
		CorosyncConnector connector = CorosyncConnector.builder()
			.name("exchange")
			.socketDirectory(this.cluster.node(1).socketDirectory())
			.build();
		ExecutorService senders = Executors.newFixedThreadPool(2);
		try (LibcpgPeer peer = LibcpgPeer.start(this.cluster.node(1));
				CpgConnection connection = connector.connect(receiver)) {
			peer.join(this.group.toString());
			connection.join(this.group, Member.LIMIT);
			Random random = new Random(SEED);
			Script ours = Script.random(connection.localAddress().toString(), random,
					connection.limits().maxAtomicMessageSize());
			Script theirs = Script.random(peer.member(), random, connection.limits().maxAtomicMessageSize());
			receiver.expect(ours, theirs);
			Drops drops = new Drops(this.cluster.node(1));

			Semaphore ourTurn = new Semaphore(AHEAD);
			Semaphore theirTurn = new Semaphore(AHEAD);
			// The one that ends first is looked at first: if the other one waits, it
			// failed.
			CompletionService<List<CompletableFuture<CpgView>>> sending = new ExecutorCompletionService<>(senders);
			sending.submit(() -> {
				List<CompletableFuture<CpgView>> sends = new ArrayList<>();
				for (int i = 0; i < MESSAGES; i++) {
					awaitTurn(ourTurn, receiver);
					sends.add(connection.multicast(ours.message(i)));
					theirTurn.release();
				}
				return sends;
			});
			sending.submit(() -> {
				for (int i = 0; i < MESSAGES; i++) {
					awaitTurn(theirTurn, receiver);
					peer.send(theirs.size(i), theirs.seed(i));
					ourTurn.release();
				}
				return List.of();
			});
			NavigableSet<Integer> lost = new TreeSet<>();
			NavigableSet<Integer> unknown = new TreeSet<>();
			for (int side = 0; side < 2; side++) {
				List<CompletableFuture<CpgView>> sends = sending.take().get();
				for (int i = 0; i < sends.size(); i++) {
					try {
						assertThat(sends.get(i).get(LIMIT_SECONDS, TimeUnit.SECONDS).members()).hasSize(2);
					}
					catch (ExecutionException ex) {
						(outcome(ex) == Outcome.LOST ? lost : unknown).add(i);
					}
				}
			}
			Awaitility.await("all messages to arrive here or to be dropped, seed %d".formatted(SEED))
				.atMost(Member.LIMIT)
				.until(() -> receiver.count() + drops.count() == 2 * MESSAGES || receiver.wrong() != null);
			assertThat(receiver.wrong()).isNull();
			NavigableSet<Integer> missing = receiver.missingOfOurs();
			assertThat(missing).as("reported as lost, seed %d", SEED).containsAll(lost);
			// Short messages are often equal: where one was dropped, it is not known
			// which one.
			if (drops.count() == 0) {
				assertThat(unknown).as("unknown though nothing was dropped, seed %d", SEED).isEmpty();
			}
			missing.removeAll(lost);
			assertThat(unknown).as("reported as unknown, seed %d", SEED).containsAll(missing);
			assertThat(connection.statistics().droppedMessages()).isZero();

			List<String> order = receiver.order();
			// The peer prints what it got, which is parsed anew at each look: a busy
			// machine
			// takes its time for both.
			Awaitility.await("all messages to arrive at the peer, seed %d".formatted(SEED))
				.pollInterval(Duration.ofSeconds(1))
				.atMost(Duration.ofSeconds(90))
				.until(() -> deliveries(peer).size() >= order.size());
			assertSameOrder(deliveries(peer), order, receiver.sizesAndChecksums());
		}
		finally {
			senders.shutdownNow();
		}
	}

	private static Outcome outcome(ExecutionException ex) {
		assertThat(ex).hasCauseInstanceOf(CpgSendException.class);
		return ((CpgSendException) Objects.requireNonNull(ex.getCause())).outcome();
	}

	private static void awaitTurn(Semaphore turn, Receiver receiver) throws InterruptedException {
		boolean acquired = turn.tryAcquire(LIMIT_SECONDS, TimeUnit.SECONDS);
		assertThat(receiver.wrong()).isNull();
		assertThat(acquired).as("the other side went on, seed %d", SEED).isTrue();
	}

	/** The messages that the peer received: sender, length and checksum. */
	private static List<String> deliveries(LibcpgPeer peer) {
		return peer.events()
			.stream()
			.filter((event) -> event.startsWith("deliver "))
			.map((event) -> String.join(" ", Arrays.asList(event.split(" ", 5)).subList(1, 4)))
			.toList();
	}

	private static void assertSameOrder(List<String> delivered, List<String> names, List<String> expected) {
		for (int i = 0; i < expected.size(); i++) {
			assertThat(delivered.get(i)).as("what the peer got instead of %s, seed %d", names.get(i), SEED)
				.isEqualTo(expected.get(i));
		}
		assertThat(delivered).as("what the peer got, seed %d", SEED).hasSameSizeAs(expected);
	}

	/**
	 * What a member sends: sizes, and bytes that follow from the sender and the number.
	 */
	private record Script(String sender, List<Integer> sizes, int salt) {

		static Script random(String sender, Random random, int atomicSize) {
			List<Integer> sizes = new ArrayList<>();
			for (int i = 0; i < EDGE_REPEATS; i++) {
				Collections.addAll(sizes, 0, 1, atomicSize - 1, atomicSize, atomicSize + 1, MAX_SIZE);
			}
			double logOfMax = Math.log(MAX_SIZE + 2);
			while (sizes.size() < MESSAGES) {
				sizes.add((int) (Math.exp(random.nextDouble() * logOfMax) - 1));
			}
			Collections.shuffle(sizes, random);
			return new Script(sender, sizes, random.nextInt());
		}

		int size(int index) {
			return this.sizes.get(index);
		}

		int seed(int index) {
			return this.salt + index * 0x9E3779B9;
		}

		byte[] message(int index) {
			return LibcpgPeer.pattern(size(index), seed(index));
		}

		/** Returns the number of the first message, from one on, that these bytes are. */
		int find(byte[] actual, int from) {
			return IntStream.range(from, Math.min(from + 2 * AHEAD, MESSAGES))
				.filter((i) -> size(i) == actual.length && Arrays.equals(message(i), actual))
				.findFirst()
				.orElse(-1);
		}

		/** Describes bytes that should have been the message with this number. */
		String describe(int index, byte[] actual) {
			String others = IntStream.range(0, this.sizes.size())
				.filter((i) -> size(i) == actual.length && Arrays.equals(message(i), actual))
				.mapToObj(Integer::toString)
				.reduce((one, two) -> one + " or " + two)
				.orElse("none");
			return "message %d of %s should have %d bytes, but %d bytes came, different from byte %d on, equal to message %s of it; seed %d"
				.formatted(index, this.sender, size(index), actual.length, Arrays.mismatch(message(index), actual),
						others, SEED);
		}

	}

	/**
	 * The messages that a daemon has logged as dropped since this was made.
	 */
	private static final class Drops {

		/**
		 * Service 2 is CPG, request 2 a message, 1 says that its sender awaits no answer.
		 */
		private static final String LINE = "cs_ipcs_msg_process() (2:2 - 1)";

		private final CorosyncNode node;

		private final long before;

		Drops(CorosyncNode node) {
			this.node = node;
			this.before = lines();
		}

		int count() {
			return (int) (lines() - this.before);
		}

		private long lines() {
			return this.node.log().lines().filter((line) -> line.contains(LINE)).count();
		}

	}

	/**
	 * Compares each message with the script of its sender, and keeps none: together they
	 * are larger than the heap. A message that is not the next one of its sender is a
	 * later one, and those in between are missing.
	 */
	private static final class Receiver implements CpgListener {

		private final CompletableFuture<List<Script>> scripts = new CompletableFuture<>();

		private final int[] next = new int[2];

		private final List<String> order = new ArrayList<>();

		private final List<String> sizesAndChecksums = new ArrayList<>();

		private volatile @Nullable String wrong;

		private volatile int count;

		private final NavigableSet<Integer> missingOfOurs = new TreeSet<>();

		void expect(Script ours, Script theirs) {
			this.scripts.complete(List.of(ours, theirs));
		}

		@Override
		public void delivered(CpgMessage message) {
			if (this.wrong != null) {
				return;
			}
			List<Script> scripts = this.scripts.join();
			int sender = message.local() ? 0 : 1;
			Script script = scripts.get(sender);
			CpgAddress address = message.sender();
			if (!script.sender().equals(address.toString())) {
				this.wrong = "%s came from a stranger, seed %d".formatted(message, SEED);
				return;
			}
			int next = this.next[sender];
			if (next == MESSAGES) {
				this.wrong = "%s is one too many, seed %d".formatted(message, SEED);
				return;
			}
			byte[] payload = message.payload();
			int index = script.find(payload, next);
			if (index < 0) {
				this.wrong = script.describe(next, payload);
				return;
			}
			if (sender == 0) {
				IntStream.range(next, index).forEach(this.missingOfOurs::add);
			}
			this.next[sender] = index + 1;
			this.order.add("message %d of %s".formatted(index, address));
			this.sizesAndChecksums.add(address + " " + payload.length + " " + LibcpgPeer.checksum(payload));
			this.count = this.order.size();
		}

		@Override
		public void closed(@Nullable CorosyncException cause) {
			if (cause != null && this.wrong == null) {
				this.wrong = "the connection ended: " + cause;
			}
		}

		@Nullable String wrong() {
			return this.wrong;
		}

		int count() {
			return this.count;
		}

		/** Like the lists below, to be read once all messages have arrived. */
		NavigableSet<Integer> missingOfOurs() {
			NavigableSet<Integer> missing = new TreeSet<>(this.missingOfOurs);
			IntStream.range(this.next[0], MESSAGES).forEach(missing::add);
			return missing;
		}

		List<String> order() {
			return this.order;
		}

		List<String> sizesAndChecksums() {
			return this.sizesAndChecksums;
		}

	}

}
