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

	private static final RingId RING = QuorumFrames.RING;

	@Test
	void theCountOfAQuorumEventDecidesAndNotItsSize() {
		// The daemon's size has room for one node more than there is.
		TestFrame event = QuorumFrames.quorum(1, 1, 3).resized(64);
		assertThat(QuorumProtocol.readQuorum(event)).isEqualTo(new CpgQuorum(true, true, RING, List.of(1L, 3L)));
	}

	@Test
	void aRingMayBeWithoutQuorum() {
		assertThat(QuorumProtocol.readQuorum(QuorumFrames.quorum(0, 2)).quorate()).isFalse();
	}

	@Test
	void aNodeListHasItsMembersFirstAndIsNeverQuorate() {
		assertThat(QuorumProtocol.readNodeList(QuorumFrames.nodeList()))
			.isEqualTo(new CpgQuorum(false, false, RING, List.of(1L, 2L)));
	}

	@ParameterizedTest
	@ValueSource(ints = { Integer.MIN_VALUE, -1, 3, 0x4000_0001, Integer.MAX_VALUE })
	void aCountThatAQuorumEventDoesNotHaveIsRefused(int count) {
		TestFrame event = QuorumFrames.quorum(1, 1, 3).with(48, count);
		assertMalformed(() -> QuorumProtocol.readQuorum(event));
	}

	@ParameterizedTest
	@ValueSource(ints = { Integer.MIN_VALUE, -1, 5, 0x4000_0001, Integer.MAX_VALUE })
	void aCountThatANodeListDoesNotHaveIsRefused(int count) {
		for (int field : new int[] { 40, 48, 56 }) {
			TestFrame event = QuorumFrames.nodeList().with(field, count);
			assertMalformed(() -> QuorumProtocol.readNodeList(event));
		}
	}

	@Test
	void listsThatFitEachButNotTogetherAreRefused() {
		assertMalformed(() -> QuorumProtocol.readNodeList(QuorumFrames.nodeList().with(40, 4)));
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 24, 51 })
	void aFrameThatIsCutShortIsRefused(int length) {
		assertMalformed(() -> QuorumProtocol.readQuorum(QuorumFrames.quorum(1, 1, 3).resized(length)));
		assertMalformed(() -> QuorumProtocol.readNodeList(QuorumFrames.nodeList().resized(length)));
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

}
