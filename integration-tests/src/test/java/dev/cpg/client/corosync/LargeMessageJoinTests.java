package dev.cpg.client.corosync;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgListener;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgView;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncNode;
import dev.cpg.test.CorosyncTest;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A join can be ordered between the fragments of a large message: the joiner is in the
 * view of its last fragment and never gets it.
 */
@CorosyncTest(nodes = 2)
@Timeout(180)
class LargeMessageJoinTests {

	/**
	 * Two fragments of nearly equal size: two of five joins are ordered between them.
	 * After a short second fragment it would be one in a hundred.
	 */
	private static final int LENGTH = 2_000_000;

	private static final int ENOUGH_MISSED = 4;

	private static final int MAX_JOINS = 200;

	private final CpgGroupName group = Member.newGroup();

	private final CorosyncCluster cluster;

	/** Each message's future. */
	private final Map<Integer, CompletableFuture<CpgView>> sends = new ConcurrentHashMap<>();

	private volatile boolean enough;

	LargeMessageJoinTests(CorosyncCluster cluster) {
		this.cluster = cluster;
	}

	@Test
	void anOutcomeNamesNoJoinerThatMissesTheMessageAndTheJoinerCountsIt() throws Exception {
		try (Numbers sender = new Numbers(this.cluster.node(1), this.group, 1)) {
			Thread sending = new Thread(() -> send(sender.connection));
			sending.start();
			long missed = 0;
			for (int join = 1; join <= MAX_JOINS && missed < ENOUGH_MISSED; join++) {
				missed += joinAndLeave(sender, 1000 + join);
			}
			this.enough = true;
			sending.join();
			assertThat(missed).as("messages that joiners missed").isGreaterThanOrEqualTo(ENOUGH_MISSED);
		}
	}

	private void send(CpgConnection connection) {
		ByteBuffer message = ByteBuffer.allocate(LENGTH);
		for (int number = 0; !this.enough; number++) {
			this.sends.put(number, connection.multicast(message.putInt(0, number).duplicate()));
		}
	}

	/** Returns how many messages a joiner missed though it was in their view. */
	private long joinAndLeave(Numbers sender, long memberId) {
		Numbers joiner = new Numbers(this.cluster.node(2), this.group, memberId);
		try (joiner) {
			Awaitility.await().atMost(Member.LIMIT).until(() -> joiner.numbers.size() >= 2);
			joiner.connection.leave(Member.LIMIT);
			Awaitility.await().atMost(Member.LIMIT).until(() -> joiner.hasLeft && sender.hasSeenLeave(joiner.address));
			Set<Integer> inView = sender.numbers.entrySet()
				.stream()
				.filter((entry) -> entry.getValue().members().contains(joiner.address))
				.map(Map.Entry::getKey)
				.collect(Collectors.toSet());
			assertThat(inView).containsAll(joiner.numbers.keySet());
			List<Integer> missed = inView.stream().filter((number) -> !joiner.numbers.containsKey(number)).toList();
			for (int number : inView) {
				CompletableFuture<CpgView> send = this.sends.get(number);
				if (send != null) {
					assertThat(send.join().members().contains(joiner.address)).as("message %d", number)
						.isEqualTo(joiner.numbers.containsKey(number));
				}
			}
			assertThat(joiner.connection.statistics().droppedMessages()).as("messages dropped by the joiner")
				.isEqualTo(missed.size());
			return missed.size();
		}
	}

	/** A member that remembers the numbers of the messages and their views. */
	private static final class Numbers implements CpgListener, AutoCloseable {

		private final Map<Integer, CpgView> numbers = new ConcurrentHashMap<>();

		private final Set<CpgAddress> left = ConcurrentHashMap.newKeySet();

		private final CpgConnection connection;

		private final CpgAddress address;

		private volatile boolean hasLeft;

		Numbers(CorosyncNode node, CpgGroupName group, long memberId) {
			this.connection = CorosyncConnector.builder()
				.socketDirectory(node.socketDirectory())
				.datagramSockets(NodeSockets.of(node))
				.memberId(memberId)
				.build()
				.connect(this);
			this.address = this.connection.localAddress();
			this.connection.join(group, Member.LIMIT);
		}

		boolean hasSeenLeave(CpgAddress member) {
			return this.left.contains(member);
		}

		@Override
		public boolean keepsMessages() {
			return false;
		}

		@Override
		public void delivered(CpgMessage message) {
			this.numbers.put(message.buffer().getInt(), message.view());
		}

		@Override
		public void configurationChanged(CpgConfigurationChange change) {
			change.left().forEach((member) -> this.left.add(member.address()));
			this.hasLeft = this.left.contains(this.address);
		}

		@Override
		public void close() {
			this.connection.close();
		}

	}

}
