package dev.cpg.behaviour;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgListener;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgView;
import dev.cpg.test.TestCluster;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Messages that go in fragments while members join and leave. A join may be ordered
 * before the first fragment, after the last, or between them. What is ordered between
 * them may also have the daemon break the message off, and then all of it is sent again.
 */
abstract class FragmentBehaviour extends Behaviour {

	/**
	 * Two fragments of nearly equal size: two of five joins are ordered between them.
	 * After a short second fragment it would be one in a hundred.
	 */
	private static final int LENGTH = 2_000_000;

	/** Each message's future. */
	private final Map<Integer, CompletableFuture<CpgView>> sends = new ConcurrentHashMap<>();

	private final int joins;

	private final int joinsBetween;

	private volatile boolean enough;

	/**
	 * Creates it.
	 * @param joins the most joins that are tried
	 * @param joinsBetween how many of them have to be ordered between fragments; no more
	 * are tried then
	 */
	FragmentBehaviour(TestCluster cluster, int joins, int joinsBetween) {
		super(cluster);
		this.joins = joins;
		this.joinsBetween = joinsBetween;
	}

	/**
	 * The one that joins between the fragments is in the view of the last one, and never
	 * gets the message.
	 */
	@Test
	void theOutcomeIsWithoutAMemberThatJoinedBetweenFragmentsAndThatCountsTheMessage() throws Exception {
		try (Numbers sender = new Numbers(this.cluster.node(1).connector(11), this.group)) {
			CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> send(sender.connection));
			long missed = 0;
			for (int join = 1; join <= this.joins && (missed < this.joinsBetween || this.joinsBetween == 0); join++) {
				missed += joinAndLeave(sender, 1000 + join);
			}
			this.enough = true;
			sending.get(Member.LIMIT.toSeconds(), TimeUnit.SECONDS);
			assertThat(missed).as("messages that joiners missed").isGreaterThanOrEqualTo(this.joinsBetween);
		}
		finally {
			this.enough = true;
		}
	}

	private void send(CpgConnection connection) {
		ByteBuffer message = ByteBuffer.allocate(LENGTH);
		for (int number = 0; !this.enough; number++) {
			CompletableFuture<CpgView> send = connection.multicast(message.putInt(0, number).duplicate());
			this.sends.put(number, send);
			send.join();
		}
	}

	/** Returns how many messages a joiner missed though it was in their view. */
	private long joinAndLeave(Numbers sender, long memberId) {
		Numbers joiner = new Numbers(this.cluster.node(2).connector(memberId), this.group);
		try (joiner) {
			Member.await("the joiner to receive two messages").until(() -> joiner.numbers.size() >= 2);
			joiner.connection.leave(Member.LIMIT);
			Member.await("both to see the leave")
				.until(() -> joiner.left.contains(joiner.address) && sender.left.contains(joiner.address));
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

	@Test
	void aChangeOfTheMembersCostsNoMessageAndRepeatsNone() throws Exception {
		try (Numbers receiver = new Numbers(this.cluster.node(2).connector(21), this.group)) {
			Member sender = join(1);
			List<CompletableFuture<CpgView>> sent = new ArrayList<>();
			CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
				for (int i = 0; i < 12; i++) {
					sent.add(sender.connection().multicast(ByteBuffer.allocate(2 * LENGTH).putInt(0, i)));
				}
			});
			for (int joins = 1; joins <= 6; joins++) {
				int delivered = joins;
				join(3).close();
				Member.await("a message").until(() -> receiver.numbers.size() >= delivered);
			}
			sending.get(Member.LIMIT.toSeconds(), TimeUnit.SECONDS);
			for (CompletableFuture<CpgView> send : sent) {
				delivered(send);
			}
			Member.await("all messages").until(() -> receiver.order.size() >= 12);
			assertThat(receiver.order).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
		}
	}

	/** A member that keeps the numbers of the messages and their views. */
	private static final class Numbers implements CpgListener, AutoCloseable {

		private final Map<Integer, CpgView> numbers = new ConcurrentHashMap<>();

		private final List<Integer> order = new CopyOnWriteArrayList<>();

		private final Set<CpgAddress> left = ConcurrentHashMap.newKeySet();

		private final CpgConnection connection;

		private final CpgAddress address;

		Numbers(CpgConnector connector, CpgGroupName group) {
			this.connection = connector.connect(this);
			this.address = this.connection.localAddress();
			this.connection.join(group, Member.LIMIT);
		}

		@Override
		public boolean keepsMessages() {
			return false;
		}

		@Override
		public void delivered(CpgMessage message) {
			this.order.add(message.buffer().getInt());
			this.numbers.put(message.buffer().getInt(), message.view());
		}

		@Override
		public void configurationChanged(CpgConfigurationChange change) {
			change.left().forEach((member) -> this.left.add(member.address()));
		}

		@Override
		public void close() {
			this.connection.close();
		}

	}

}
