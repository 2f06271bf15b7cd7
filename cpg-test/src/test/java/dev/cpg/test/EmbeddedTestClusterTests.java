package dev.cpg.test;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgListener;
import dev.cpg.client.CpgSendException;
import dev.cpg.client.CpgView;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

class EmbeddedTestClusterTests {

	private static final Duration LIMIT = Duration.ofSeconds(30);

	private final EmbeddedTestCluster cluster = EmbeddedTestCluster.start(3);

	@AfterEach
	void close() {
		this.cluster.close();
	}

	@Test
	void aRestoredClusterIsOneRingOfAllNodes() {
		CpgConnection one = join(this.cluster.node(1));
		this.cluster.node(2).kill();
		this.cluster.partition(Set.of(1), Set.of(3));
		this.cluster.node(3).pause();
		this.cluster.restore();
		assertThat(this.cluster.nodes()).allMatch((node) -> node.isRunning() && !node.isPaused());
		join(this.cluster.node(2));
		join(this.cluster.node(3));
		await().atMost(LIMIT).until(() -> one.view().members().size() == 3);
	}

	@Test
	void restoringTakesBackThatMessagesAreDropped() {
		CpgConnection one = join(this.cluster.node(1));
		this.cluster.node(1).dropNext(2);
		CompletableFuture<CpgView> dropped = one.multicast(new byte[] { 1 });
		assertThat(dropped).failsWithin(LIMIT).withThrowableThat().withCauseInstanceOf(CpgSendException.class);
		this.cluster.restore();
		assertThat(one.multicast(new byte[] { 2 })).succeedsWithin(LIMIT);
	}

	@Test
	void aCutIsBetweenNodesThatExist() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.cluster.cut(2, 2))
			.withMessage("Node 2 cannot be cut off from itself");
		assertThatIllegalArgumentException().isThrownBy(() -> this.cluster.cut(1, 4))
			.withMessage("There is no node 4, the nodes are 1 to 3");
		assertThatIllegalArgumentException().isThrownBy(() -> this.cluster.partition(Set.of(4)))
			.withMessage("There is no node 4, the nodes are 1 to 3");
	}

	private static CpgConnection join(TestNode node) {
		CpgConnection connection = node.connector().connect(new CpgListener() {
		});
		connection.join(CpgGroupName.of("restored"), LIMIT);
		return connection;
	}

}
