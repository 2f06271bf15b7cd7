package dev.cpg.docs.embedded;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgListener;
import dev.cpg.client.CpgSendException;
import dev.cpg.client.CpgView;
import dev.cpg.embedded.EmbeddedCluster;
import dev.cpg.embedded.EmbeddedNode;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

// snippet:split
class SplitTests {

	static final CpgGroupName GROUP = CpgGroupName.of("orders");

	static final Duration LIMIT = Duration.ofSeconds(10);

	@Test
	void bothSidesOfASplitGoOn() {
		try (EmbeddedCluster cluster = EmbeddedCluster.start(3)) {
			CpgConnection one = join(cluster.node(1));
			CpgConnection three = join(cluster.node(3));
			await().until(() -> one.view().members().size() == 2);

			cluster.partition(Set.of(1, 2), Set.of(3));
			await().until(() -> one.view().members().size() == 1 && three.view().members().size() == 1);
			assertThat(three.multicast(new byte[] { 1 })).succeedsWithin(LIMIT);

			cluster.heal();
			await().until(() -> one.view().members().size() == 2);
		}
	}

	@Test
	void aLostMessageIsReported() {
		try (EmbeddedCluster cluster = EmbeddedCluster.builder().nodes(2).seed(7).start()) {
			CpgConnection member = join(cluster.node(1));
			cluster.node(1).dropNext();
			CompletableFuture<CpgView> sent = member.multicast(new byte[] { 1 });
			cluster.settle();
			assertThat(sent).failsWithin(Duration.ZERO)
				.withThrowableThat()
				.havingCause()
				.isInstanceOf(CpgSendException.class);
		}
	}

	private static CpgConnection join(EmbeddedNode node) {
		CpgConnection connection = node.connector().connect(new CpgListener() {
		});
		connection.join(GROUP, LIMIT);
		return connection;
	}

}
// end:split
