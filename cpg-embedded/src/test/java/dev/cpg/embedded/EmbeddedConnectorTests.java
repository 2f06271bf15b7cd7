package dev.cpg.embedded;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import dev.cpg.client.CorosyncConnectException;
import dev.cpg.client.CorosyncConnectException.Reason;
import dev.cpg.client.CorosyncException;
import dev.cpg.client.CorosyncSetting;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgLimits;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgOverflow;
import dev.cpg.client.CpgSendException;
import dev.cpg.client.CpgSendException.Outcome;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * The settings of connections, and the bound of what waits for a listener.
 */
@Timeout(60)
class EmbeddedConnectorTests {

	private static final CpgGroupName GROUP = CpgGroupName.of("orders");

	private static final Duration LIMIT = Duration.ofSeconds(20);

	private static final int CAPACITY = 10_000;

	private static final int MESSAGES = 500;

	private final EmbeddedCluster cluster = EmbeddedCluster.builder().nodes(2).maxAtomicMessageSize(1000).start();

	private final Recorder fast = new Recorder();

	private final SlowRecorder slow = new SlowRecorder();

	@AfterEach
	void close() {
		this.slow.goOn.countDown();
		this.cluster.close();
	}

	private CpgConnection join(EmbeddedConnector.Builder connector, Recorder recorder) {
		CpgConnection connection = connector.build().connect(recorder);
		connection.join(GROUP, LIMIT);
		return connection;
	}

	private CpgConnection joinFast() {
		return join(EmbeddedConnector.builder(this.cluster.node(1)), this.fast);
	}

	private EmbeddedConnector.Builder slowConnector(CpgOverflow overflow) {
		return EmbeddedConnector.builder(this.cluster.node(2))
			.deliveryQueueCapacity(CAPACITY)
			.overflow(overflow)
			.settingNames((setting) -> "orders." + setting);
	}

	private static void flood(CpgConnection connection) {
		CompletableFuture<?>[] sent = new CompletableFuture<?>[MESSAGES];
		for (int i = 0; i < MESSAGES; i++) {
			sent[i] = connection.multicast(bytes("message-%090d".formatted(i)));
		}
		assertThat(CompletableFuture.allOf(sent)).succeedsWithin(LIMIT);
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	@Test
	void underTheLeavePolicyASlowListenerCostsTheMembership() {
		CpgConnection sender = joinFast();
		CpgConnection member = join(slowConnector(CpgOverflow.LEAVE), this.slow);
		flood(sender);
		await().atMost(LIMIT)
			.untilAsserted(() -> assertThat(this.fast.events()).contains("- " + member.localAddress() + " LEAVE"));
		assertThat(member.isOpen()).isFalse();
		assertThat(this.slow.isClosed()).as("notified of the end before the messages").isFalse();
		this.slow.goOn.countDown();
		await().atMost(LIMIT).until(this.slow::isClosed);
		assertThat(this.slow.cause()).isSameAs(member.failure())
			.hasMessageContaining("too slow")
			.hasMessageContaining("orders.deliveryQueueCapacity")
			.isInstanceOfSatisfying(CorosyncException.class, (ex) -> {
				assertThat(ex.error()).isEqualTo(CsError.QUEUE_FULL);
				assertThat(ex.setting()).isEqualTo(CorosyncSetting.DELIVERY_QUEUE_CAPACITY);
			});
		// Each weighs 98 bytes, and 128 more.
		assertThat(this.slow.messages()).hasSizeBetween(30, 50)
			.isEqualTo(this.fast.messages().subList(0, this.slow.messages().size()));
		assertThat(member.statistics().queuedBytes()).isZero();
	}

	@Test
	void underTheBlockPolicyTheDaemonKeepsTheRest() {
		CpgConnection sender = joinFast();
		CpgConnection member = join(slowConnector(CpgOverflow.BLOCK), this.slow);
		flood(sender);
		await().atMost(LIMIT).until(() -> member.statistics().queuedBytes() > CAPACITY);
		assertThat(member.statistics().queuedBytes()).as("one message more than there is room for")
			.isLessThan(CAPACITY + 300);
		assertThat(member.statistics().lag()).isPositive();
		this.slow.goOn.countDown();
		await().atMost(LIMIT).until(() -> this.slow.messages().size() == MESSAGES);
		assertThat(this.slow.messages()).isEqualTo(this.fast.messages());
		await().atMost(LIMIT).until(() -> member.statistics().queuedBytes() == 0);
		assertThat(member.isOpen()).isTrue();
	}

	@Test
	void aMessageThatWaitsInTheDaemonHasNoOutcomeButTheOneThatFillsTheQueueHas() {
		CpgConnection member = join(slowConnector(CpgOverflow.BLOCK), this.slow);
		CompletableFuture<CpgView> first = member.multicast(bytes("first"));
		CompletableFuture<CpgView> filling = member.multicast(new byte[CAPACITY]);
		assertThat(first).succeedsWithin(LIMIT);
		assertThat(filling).succeedsWithin(LIMIT);
		CompletableFuture<CpgView> waiting = member.multicast(bytes("waiting"), Duration.ofMillis(300));
		assertThat(waiting).failsWithin(LIMIT)
			.withThrowableThat()
			.havingCause()
			.isInstanceOfSatisfying(CpgSendException.class,
					(ex) -> assertThat(ex.outcome()).isEqualTo(Outcome.UNKNOWN));
		this.slow.goOn.countDown();
		await().atMost(LIMIT).until(() -> this.slow.messages().contains("waiting"));
	}

	@Test
	void aChangeThatWaitsInTheDaemonIsNotInTheViewYet() {
		CpgConnection member = join(slowConnector(CpgOverflow.BLOCK).deliveryQueueCapacity(1), this.slow);
		assertThat(member.multicast(bytes("first"))).succeedsWithin(LIMIT);
		await().atMost(LIMIT).until(() -> this.slow.calls.get() == 1);
		CpgConnection other = joinFast();
		await().atMost(LIMIT).until(() -> other.view().members().size() == 2);
		assertThat(member.view().members()).containsExactly(member.localAddress());
		this.slow.goOn.countDown();
		await().atMost(LIMIT).until(() -> member.view().members().size() == 2);
	}

	@Test
	void aConnectionThatWaitsForRoomCanBeClosed() {
		CpgConnection member = join(slowConnector(CpgOverflow.BLOCK), this.slow);
		flood(joinFast());
		await().atMost(LIMIT).until(() -> member.statistics().queuedBytes() > CAPACITY);
		member.close();
		await().atMost(LIMIT)
			.untilAsserted(() -> assertThat(this.fast.events()).contains("- " + member.localAddress() + " PROCDOWN"));
		this.slow.goOn.countDown();
		await().atMost(LIMIT).until(this.slow::isClosed);
		assertThat(this.slow.cause()).isNull();
		assertThat(this.slow.messages()).as("those that it had taken").hasSizeBetween(30, 50);
	}

	@Test
	void aMessageThatIsLargerThanAMemberTakesIsDroppedAndCounted() {
		CpgConnection sender = joinFast();
		CpgConnection member = join(EmbeddedConnector.builder(this.cluster.node(2)).maxMessageSize(2000), this.slow);
		this.slow.goOn.countDown();
		assertThat(sender.multicast(new byte[2001])).succeedsWithin(LIMIT);
		assertThat(sender.multicast(bytes("next"))).succeedsWithin(LIMIT);
		await().atMost(LIMIT).until(() -> this.slow.messages().contains("next"));
		assertThat(this.slow.messages()).containsExactly("next");
		assertThat(member.statistics().droppedMessages()).isOne();
		assertThat(member.statistics().reassemblyBytes()).isZero();
	}

	@Test
	void theSettingsAreThoseOfTheConnection() {
		CpgConnection connection = join(EmbeddedConnector.builder(this.cluster.node(1))
			.memberId(7)
			.maxMessageSize(3000)
			.sendTimeout(Duration.ofSeconds(3))
			.settingNames((setting) -> "orders." + setting), this.fast);
		assertThat(connection.localAddress()).isEqualTo(new CpgAddress(1, 7));
		assertThat(connection.limits()).isEqualTo(new CpgLimits(3000, 1000, Duration.ofSeconds(3)));
		assertThatThrownBy(() -> connection.multicast(new byte[3001])).hasMessageContaining("orders.maxMessageSize");
		assertThatThrownBy(() -> join(EmbeddedConnector.builder(this.cluster.node(1)).memberId(7), new Recorder()))
			.hasMessageContaining("memberId");
		EmbeddedConnector.Builder builder = EmbeddedConnector.builder(this.cluster.node(1));
		assertThatIllegalArgumentException().isThrownBy(() -> builder.deliveryQueueCapacity(0));
		assertThatIllegalArgumentException().isThrownBy(() -> builder.maxMessageSize(0));
		assertThatIllegalArgumentException().isThrownBy(() -> builder.memberId(-1));
		assertThatIllegalArgumentException().isThrownBy(() -> builder.sendTimeout(Duration.ZERO));
	}

	@Test
	void aDaemonThatIsPausedAdmitsNobodyWithinTheRequestTimeout() {
		EmbeddedConnector connector = EmbeddedConnector.builder(this.cluster.node(1))
			.requestTimeout(Duration.ofMillis(50))
			.build();
		CpgConnection connection = connector.connect(this.fast);
		this.cluster.node(1).pause();
		assertThatExceptionOfType(CorosyncConnectException.class).isThrownBy(() -> connector.connect(this.fast))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(Reason.TIMEOUT));
		assertThatExceptionOfType(CorosyncException.class).isThrownBy(connection::groups)
			.satisfies((ex) -> assertThat(ex.error()).isEqualTo(CsError.TIMEOUT));
		assertThat(connection.isOpen()).isFalse();
	}

	/** Does not return from the first message before it may. */
	private static final class SlowRecorder extends Recorder {

		private final CountDownLatch goOn = new CountDownLatch(1);

		private final AtomicInteger calls = new AtomicInteger();

		@Override
		public void delivered(CpgMessage message) {
			this.calls.incrementAndGet();
			try {
				this.goOn.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			super.delivered(message);
		}

	}

}
