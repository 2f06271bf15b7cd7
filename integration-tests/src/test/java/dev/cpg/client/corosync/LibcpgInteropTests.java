package dev.cpg.client.corosync;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgReason;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncTest;
import dev.cpg.test.LibcpgPeer;
import dev.cpg.test.LibcpgTest;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A C program that uses libcpg and this client, in one group on one daemon.
 */
@CorosyncTest(nodes = 1)
@LibcpgTest
@Timeout(120)
class LibcpgInteropTests {

	private final CpgGroupName group = Member.newGroup();

	private final CorosyncCluster cluster;

	LibcpgInteropTests(CorosyncCluster cluster) {
		this.cluster = cluster;
	}

	@Test
	void eachSideSeesTheJoinAndTheLeaveOfTheOther() {
		try (LibcpgPeer peer = LibcpgPeer.start(this.cluster.node(1));
				Member member = Member.join(this.cluster.node(1), this.group)) {
			CpgAddress peerAddress = address(peer);
			peer.join(this.group.toString());
			member.awaitChange(peerAddress, CpgReason.JOIN);
			assertThat(member.connection().view().members()).containsExactlyInAnyOrder(member.address(), peerAddress);
			peer.leave();
			member.awaitChange(peerAddress, CpgReason.LEAVE);
		}
		try (LibcpgPeer peer = LibcpgPeer.start(this.cluster.node(1))) {
			peer.join(this.group.toString());
			Member member = Member.join(this.cluster.node(1), this.group);
			awaitEvent(peer, "joined=" + member.address() + ":JOIN");
			member.connection().leave(Member.LIMIT);
			awaitEvent(peer, "left=" + member.address() + ":LEAVE");
			member.close();
		}
	}

	@Test
	void eachSideSeesTheDeathOfTheOther() {
		try (Member member = Member.join(this.cluster.node(1), this.group)) {
			LibcpgPeer killed = LibcpgPeer.start(this.cluster.node(1));
			killed.join(this.group.toString());
			CpgAddress peerAddress = address(killed);
			member.awaitChange(peerAddress, CpgReason.JOIN);
			killed.kill();
			member.awaitChange(peerAddress, CpgReason.PROCDOWN);
		}
		try (LibcpgPeer peer = LibcpgPeer.start(this.cluster.node(1))) {
			peer.join(this.group.toString());
			Member ending = Member.join(this.cluster.node(1), this.group);
			awaitEvent(peer, "joined=" + ending.address() + ":JOIN");
			ending.close();
			awaitEvent(peer, "left=" + ending.address() + ":PROCDOWN");
		}
	}

	@Test
	void messagesArriveAsTheyWereSentBothWays() throws Exception {
		int[] sizes = { 0, 1, 3, 4, 1000, 65_537, 1_000_000 };
		try (LibcpgPeer peer = LibcpgPeer.start(this.cluster.node(1));
				Member member = Member.join(this.cluster.node(1), this.group)) {
			peer.join(this.group.toString());
			member.awaitChange(address(peer), CpgReason.JOIN);
			peer.send("from C", () -> member.messages().contains("from C"));
			member.send("from Java").get(10, TimeUnit.SECONDS);
			awaitEvent(peer, "from Java");
			Awaitility.await().atMost(Member.LIMIT).until(() -> member.messages().contains("from Java"));
			assertThat(member.messages()).containsOnly("from C", "from Java");
			for (int size : sizes) {
				byte[] theirs = LibcpgPeer.pattern(size, size + 1);
				peer.send(size, size + 1,
						() -> fromPeer(member, peer).anyMatch((message) -> Arrays.equals(message, theirs)));
				byte[] ours = LibcpgPeer.pattern(size, size + 2);
				member.connection().multicast(ours).get(20, TimeUnit.SECONDS);
				awaitEvent(peer, "deliver " + member.address() + " " + size + " " + LibcpgPeer.checksum(ours));
			}
			// Each arrived once, except for those that had to be sent again.
			List<String> expected = Stream
				.concat(Stream.of("from C".getBytes(StandardCharsets.UTF_8)),
						IntStream.of(sizes).mapToObj((size) -> LibcpgPeer.pattern(size, size + 1)))
				.map(LibcpgInteropTests::sizeAndChecksum)
				.toList();
			assertThat(fromPeer(member, peer).map(LibcpgInteropTests::sizeAndChecksum).distinct()).isEqualTo(expected);
		}
	}

	private static Stream<byte[]> fromPeer(Member member, LibcpgPeer peer) {
		CpgAddress sender = address(peer);
		return member.events(CpgMessage.class)
			.stream()
			.filter((message) -> message.sender().equals(sender))
			.map(CpgMessage::payload);
	}

	private static String sizeAndChecksum(byte[] message) {
		return message.length + " " + LibcpgPeer.checksum(message);
	}

	private static CpgAddress address(LibcpgPeer peer) {
		String member = peer.member();
		int slash = member.indexOf('/');
		return new CpgAddress(Long.parseLong(member.substring(0, slash)), Long.parseLong(member.substring(slash + 1)));
	}

	private static void awaitEvent(LibcpgPeer peer, String part) {
		Awaitility.await("libcpg to report " + part)
			.atMost(Duration.ofSeconds(20))
			.until(() -> peer.events().stream().anyMatch((event) -> event.contains(part)));
	}

}
