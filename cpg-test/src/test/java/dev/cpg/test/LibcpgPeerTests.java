package dev.cpg.test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Predicate;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

@CorosyncTest(nodes = 2)
@LibcpgTest
class LibcpgPeerTests {

	@Test
	void peersSeeEachOthersJoinMessagesAndLeave(CorosyncCluster cluster) {
		try (LibcpgPeer one = LibcpgPeer.start(cluster.node(1)); LibcpgPeer two = LibcpgPeer.start(cluster.node(2))) {
			assertThat(one.member()).startsWith("1/");
			assertThat(two.member()).startsWith("2/");
			one.join("orders");
			awaitEvent(one, (event) -> event.startsWith("totem ring=") && event.endsWith(" members=1,2"));
			two.join("orders");
			awaitEvent(one, "confchg group=orders members=%s,%s left= joined=%s:JOIN".formatted(one.member(),
					two.member(), two.member()));
			assertThat(one.command("membership"))
				.isEqualTo("membership members=%s,%s".formatted(one.member(), two.member()));

			String hello = "deliver %s 17 %s hello, all of you".formatted(two.member(),
					LibcpgPeer.checksum("hello, all of you".getBytes(StandardCharsets.UTF_8)));
			two.send("hello, all of you", () -> one.events().contains(hello));
			awaitEvent(two, hello);

			two.leave();
			awaitEvent(one,
					"confchg group=orders members=%s left=%s:LEAVE joined=".formatted(one.member(), two.member()));
		}
	}

	@Test
	void aPatternArrivesAsItIsComputedHereFragmentedOrNot(CorosyncCluster cluster) {
		try (LibcpgPeer one = LibcpgPeer.start(cluster.node(1)); LibcpgPeer two = LibcpgPeer.start(cluster.node(2))) {
			one.join("orders");
			two.join("orders");
			for (int size : new int[] { 1, 1000, 100_000, 2_000_000 }) {
				String checksum = LibcpgPeer.checksum(LibcpgPeer.pattern(size, size));
				String deliver = "deliver %s %d %s".formatted(one.member(), size, checksum);
				one.send(size, size, () -> two.events().stream().anyMatch((event) -> event.startsWith(deliver)));
			}
		}
	}

	@Test
	void aMessageThatDoesNotArriveIsSentAgain(CorosyncCluster cluster) {
		try (LibcpgPeer peer = LibcpgPeer.start(cluster.node(1))) {
			peer.join("orders");
			String again = "deliver " + peer.member() + " 5 ";
			peer.send("again", () -> count(peer, again) >= 2);
		}
	}

	@Test
	void aPeerThatIsKilledIsPROCDOWNToOthers(CorosyncCluster cluster) {
		try (LibcpgPeer one = LibcpgPeer.start(cluster.node(1)); LibcpgPeer two = LibcpgPeer.start(cluster.node(1))) {
			one.join("orders");
			two.join("orders");
			two.kill();
			awaitEvent(one,
					"confchg group=orders members=%s left=%s:PROCDOWN joined=".formatted(one.member(), two.member()));
		}
	}

	@Test
	void aPeerReportsTheEndOfItsDaemon(CorosyncCluster cluster) {
		try (LibcpgPeer peer = LibcpgPeer.start(cluster.node(1))) {
			cluster.node(1).kill();
			awaitEvent(peer, (event) -> event.startsWith("disconnected "));
		}
	}

	@Test
	void aRefusedCommandIsAnErrorWithItsCode(CorosyncCluster cluster) {
		try (LibcpgPeer peer = LibcpgPeer.start(cluster.node(1))) {
			assertThatExceptionOfType(CorosyncClusterException.class).isThrownBy(peer::leave)
				.withMessageContaining("'leave' on node 1 got 'error leave 12'")
				.withMessageContaining("Node 1 (running) logged at last:");
		}
	}

	private static long count(LibcpgPeer peer, String event) {
		return peer.events().stream().filter((line) -> line.startsWith(event)).count();
	}

	private static void awaitEvent(LibcpgPeer peer, String event) {
		awaitEvent(peer, event::equals);
	}

	private static void awaitEvent(LibcpgPeer peer, Predicate<String> event) {
		await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> assertThat(peer.events()).anyMatch(event));
	}

}
