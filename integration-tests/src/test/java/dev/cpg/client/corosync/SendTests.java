package dev.cpg.client.corosync;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncTest;
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

}
