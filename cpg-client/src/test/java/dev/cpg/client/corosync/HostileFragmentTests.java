package dev.cpg.client.corosync;

import java.util.function.IntFunction;

import dev.cpg.client.CpgAddress;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Fragments of peers that mean no good. What they cost is bounded by what was sent, and
 * by a maximum.
 */
class HostileFragmentTests {

	private static final int MAX = 1 << 20;

	private static final int FRAGMENTS = 20_000;

	private static final byte[] DATA = new byte[100];

	private static final Frame FRAME = new TestFrame(CpgProtocol.FRAGMENT + DATA.length);

	private final Reassembly reassembly = new Reassembly(MAX);

	@Test
	void aMessageThatClaimsToBeOverLongCostsNothing() {
		add(sender(1), CpgProtocol.FIRST, MAX, DATA);
		long allocated = allocatedBy((i) -> add(sender(1), CpgProtocol.FIRST, Integer.MAX_VALUE, DATA));
		assertThat(allocated).isLessThan(FRAGMENTS * 2_000L);
		assertThat(this.reassembly.dropped()).isEqualTo(FRAGMENTS);
	}

	@Test
	void aMessageThatNeverEndsCostsNoMoreThanItClaims() {
		add(sender(1), CpgProtocol.FIRST, MAX, DATA);
		long allocated = allocatedBy((i) -> add(sender(1), CpgProtocol.MIDDLE, MAX, DATA));
		assertThat(allocated).isLessThan(4L * MAX + FRAGMENTS * 500L);
		assertThat(this.reassembly.dropped()).isOne();
	}

	@Test
	void emptyFragmentsWithoutEndCostNothing() {
		add(sender(1), CpgProtocol.FIRST, MAX, DATA);
		long allocated = allocatedBy((i) -> add(sender(1), CpgProtocol.MIDDLE, MAX, new byte[0]));
		assertThat(allocated).isLessThan(FRAGMENTS * 500L);
	}

	@Test
	void sendersThatAreNoMembersCostNoMoreThanMembersWould() {
		long allocated = allocatedBy((i) -> add(sender(i), CpgProtocol.FIRST, MAX, new byte[0]));
		assertThat(allocated).isLessThan(128L * 64 * 1024 + FRAGMENTS * 2_000L);
	}

	@Test
	void messagesOfManySendersComeTogetherThoughTheyInterleave() {
		for (int i = 0; i < 128; i++) {
			assertThat(add(sender(i), CpgProtocol.FIRST, 200, DATA)).isNull();
		}
		for (int i = 0; i < 128; i++) {
			assertThat(add(sender(i), CpgProtocol.LAST, 200, DATA)).hasSize(200);
		}
		assertThat(this.reassembly.dropped()).isZero();
	}

	@Test
	void aFragmentOfAnotherLengthDropsTheMessageAndNotTheNextOne() {
		add(sender(1), CpgProtocol.FIRST, 300, DATA);
		assertThat(add(sender(1), CpgProtocol.MIDDLE, 301, DATA)).isNull();
		assertThat(add(sender(1), CpgProtocol.LAST, 300, DATA)).isNull();
		assertThat(this.reassembly.dropped()).isOne();
		add(sender(1), CpgProtocol.FIRST, 200, DATA);
		assertThat(add(sender(1), CpgProtocol.LAST, 200, DATA)).hasSize(200);
	}

	private byte @Nullable [] add(CpgAddress sender, int type, int wholeLength, byte[] data) {
		return this.reassembly.add(sender,
				new CpgProtocol.Fragment(sender.nodeId(), sender.pid(), type, wholeLength, data.length), FRAME);
	}

	private static CpgAddress sender(int pid) {
		return new CpgAddress(2, pid);
	}

	private static long allocatedBy(IntFunction<byte @Nullable []> call) {
		long before = Fuzzing.allocated();
		for (int i = 0; i < FRAGMENTS; i++) {
			assertThat(call.apply(i)).isNull();
		}
		return Fuzzing.allocated() - before;
	}

}
