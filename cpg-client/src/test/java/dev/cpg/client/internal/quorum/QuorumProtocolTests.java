package dev.cpg.client.internal.quorum;

import java.util.List;
import java.util.function.Supplier;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgQuorum;
import dev.cpg.client.CsError;
import dev.cpg.client.RingId;
import dev.cpg.client.internal.ipc.memory.TestFrame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What the daemon's quorum service says, as it is on the wire, and frames that contradict
 * themselves.
 */
class QuorumProtocolTests {

	private static final RingId RING = new RingId(0xFFFF_FFFFL, 0x1_0000_0013L);

	@Test
	void theCountOfAQuorumEventDecidesAndNotItsSize() {
		// The daemon's size has room for one node more than there is.
		TestFrame event = quorumEvent(1, 1, 3).resized(64);
		assertThat(QuorumProtocol.readQuorum(event)).isEqualTo(new CpgQuorum(true, true, RING, List.of(1L, 3L)));
	}

	@Test
	void aRingMayBeWithoutQuorum() {
		assertThat(QuorumProtocol.readQuorum(quorumEvent(0, 2)).quorate()).isFalse();
	}

	@Test
	void aNodeListHasItsMembersFirstAndIsNeverQuorate() {
		assertThat(QuorumProtocol.readNodeList(nodeList()))
			.isEqualTo(new CpgQuorum(false, false, RING, List.of(1L, 2L)));
	}

	@ParameterizedTest
	@ValueSource(ints = { Integer.MIN_VALUE, -1, 3, 0x4000_0001, Integer.MAX_VALUE })
	void aCountThatAQuorumEventDoesNotHaveIsRefused(int count) {
		TestFrame event = quorumEvent(1, 1, 3).with(48, count);
		assertMalformed(() -> QuorumProtocol.readQuorum(event));
	}

	@ParameterizedTest
	@ValueSource(ints = { Integer.MIN_VALUE, -1, 5, 0x4000_0001, Integer.MAX_VALUE })
	void aCountThatANodeListDoesNotHaveIsRefused(int count) {
		for (int field : new int[] { 40, 48, 56 }) {
			TestFrame event = nodeList().with(field, count);
			assertMalformed(() -> QuorumProtocol.readNodeList(event));
		}
	}

	@Test
	void listsThatFitEachButNotTogetherAreRefused() {
		assertMalformed(() -> QuorumProtocol.readNodeList(nodeList().with(40, 4)));
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 24, 51 })
	void aFrameThatIsCutShortIsRefused(int length) {
		assertMalformed(() -> QuorumProtocol.readQuorum(quorumEvent(1, 1, 3).resized(length)));
		assertMalformed(() -> QuorumProtocol.readNodeList(nodeList().resized(length)));
	}

	@Test
	void typeZeroIsNoProvider() {
		TestFrame response = new TestFrame(32);
		assertThat(QuorumProtocol.model().reader().apply(response)).isFalse();
		assertThat(QuorumProtocol.model().reader().apply(response.with(24, 1))).isTrue();
		assertMalformed(() -> QuorumProtocol.model().reader().apply(new TestFrame(31)));
	}

	@Test
	void withoutAProviderNothingIsQuorate() {
		assertThat(new CpgQuorum(false, true, RingId.NONE, List.of()).quorate()).isFalse();
	}

	private static void assertMalformed(Supplier<?> read) {
		assertThatExceptionOfType(CorosyncException.class).isThrownBy(read::get)
			.satisfies((ex) -> assertThat(ex.error()).isEqualTo(CsError.MESSAGE_ERROR));
	}

	private static TestFrame quorumEvent(int quorate, int... nodes) {
		TestFrame event = new TestFrame(52 + nodes.length * Integer.BYTES).with(0, QuorumProtocol.QUORUM)
			.with(24, quorate)
			.with(48, nodes.length);
		putRing(event, 32);
		for (int i = 0; i < nodes.length; i++) {
			event.with(52 + i * Integer.BYTES, nodes[i]);
		}
		return event;
	}

	/** Nodes 1 and 2, of which 2 has joined and 3 has left. */
	private static TestFrame nodeList() {
		TestFrame event = new TestFrame(76).with(0, QuorumProtocol.NODE_LIST).with(40, 2).with(48, 1).with(56, 1);
		putRing(event, 24);
		return event.with(60, 1).with(64, 2).with(68, 2).with(72, 3);
	}

	private static void putRing(TestFrame event, int offset) {
		event.with(offset, (int) RING.nodeId());
		event.putLong(offset + 8, RING.sequence());
	}

}
