package dev.cpg.behaviour;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgOverflow;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.test.TestCluster;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Connections with limits of their own, on node 2 under the member id 21, and a member on
 * node 1 that exceeds them.
 */
abstract class SettingsBehaviour extends Behaviour {

	private static final int MIB = 1 << 20;

	private static final int CAPACITY = 1_000_000;

	private final CompletableFuture<@Nullable Void> goOn = new CompletableFuture<>();

	SettingsBehaviour(TestCluster cluster) {
		super(cluster);
	}

	/** Returns a connector to node 2, whose connections join under the member id 21. */
	abstract CpgConnector connector(long queueCapacity, CpgOverflow overflow, int maxMessageSize);

	@Test
	void underTheBlockPolicyASlowListenerGetsEveryMessageInTheEnd() throws Exception {
		Member sender = join(1);
		Member slow = slowMember(CpgOverflow.BLOCK);
		sender.awaitMembers(sender, slow);
		flood(sender, 3000);
		Member.await("a full queue").until(() -> slow.connection().statistics().queuedBytes() > 0.95 * CAPACITY);
		// An engine may take the message with which the queue is full.
		assertThat(slow.connection().statistics().queuedBytes()).isLessThan(CAPACITY + 2000);
		assertThat(slow.connection().statistics().lag()).isPositive();
		this.goOn.complete(null);
		slow.awaitMessages(3000);
		Member.await("an empty queue").until(() -> slow.connection().statistics().queuedBytes() == 0);
		assertThat(sender.connection().view().members()).hasSize(2);
	}

	@Test
	void underTheLeavePolicyASlowListenerCostsTheMembership() throws Exception {
		Member sender = join(1);
		Member slow = slowMember(CpgOverflow.LEAVE);
		sender.awaitMembers(sender, slow);
		flood(sender, 3000);
		sender.awaitLine("- 2/21 LEAVE: 1/11");
		assertThat(slow.story()).noneMatch((line) -> line.startsWith("closed"));
		this.goOn.complete(null);
		slow.awaitLine("closed " + CsError.QUEUE_FULL);
		assertThat(slow.deliveries().size()).isBetween(500, 1000);
	}

	private Member slowMember(CpgOverflow overflow) {
		Member slow = add(new Member(connector(CAPACITY, overflow, 16 * MIB))).join(this.group);
		slow.onMessage = (text) -> this.goOn.join();
		return slow;
	}

	private static void flood(Member sender, int messages) throws Exception {
		ByteBuffer message = ByteBuffer.allocate(1000);
		CompletableFuture<CpgView> last = CompletableFuture.completedFuture(CpgView.NONE);
		for (int i = 0; i < messages; i++) {
			last = sender.connection().multicast(message.putInt(0, i).array());
		}
		delivered(last);
	}

	@Test
	void aMessageLargerThanAReceiverTakesIsCountedThereAndTheNextOneArrives() throws Exception {
		Member sender = join(1);
		Member receiver = add(new Member(connector(64 * MIB, CpgOverflow.BLOCK, 2 * MIB))).join(this.group);
		sender.awaitMembers(sender, receiver);
		delivered(sender.connection().multicast(new byte[2 * MIB + 1]));
		delivered(sender.connection().multicast(new byte[2 * MIB]));
		receiver.awaitMessages(1);
		assertThat(receiver.deliveries().get(0).length()).isEqualTo(2 * MIB);
		assertThat(receiver.connection().statistics().droppedMessages()).isOne();
		assertError(CsError.TOO_BIG, () -> receiver.connection().multicast(new byte[2 * MIB + 1]));
	}

}
