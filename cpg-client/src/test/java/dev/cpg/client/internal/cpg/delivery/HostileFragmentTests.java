package dev.cpg.client.internal.cpg.delivery;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

import dev.cpg.client.CorosyncSetting;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgReason;
import dev.cpg.client.corosync.Fuzzing;
import dev.cpg.client.internal.cpg.protocol.CpgEvents;
import dev.cpg.client.internal.cpg.protocol.FragmentType;
import dev.cpg.client.internal.ipc.memory.FrameReader;
import dev.cpg.client.internal.ipc.memory.TestFrame;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Fragments of peers that mean no good. What they cost is bounded by what was sent, and
 * by a maximum.
 */
class HostileFragmentTests {

	private static final int MAX = 1 << 20;

	private static final long CAPACITY = 4L * MAX;

	private static final CpgAddress LOCAL = new CpgAddress(1, 4711);

	private static final int FRAGMENTS = 20_000;

	private static final byte[] DATA = new byte[100];

	private static final FrameReader FRAME = new TestFrame(CpgEvents.FRAGMENT + DATA.length);

	private final DroppedMessages dropped = new DroppedMessages(() -> null, CorosyncSetting::toString);

	private final Reassembler reassembly = new Reassembler(LOCAL, MAX, CAPACITY, this.dropped);

	@Test
	void aMessageThatClaimsToBeOverLongCostsNothing() {
		add(sender(1), FragmentType.FIRST, MAX, DATA);
		long allocated = allocatedBy((i) -> add(sender(1), FragmentType.FIRST, Integer.MAX_VALUE, DATA));
		assertThat(allocated).isLessThan(FRAGMENTS * 2_000L);
		assertThat(this.dropped.count()).isEqualTo(FRAGMENTS);
	}

	@Test
	void aMessageThatNeverEndsCostsNoMoreThanItClaims() {
		add(sender(1), FragmentType.FIRST, MAX, DATA);
		long allocated = allocatedBy((i) -> add(sender(1), FragmentType.MIDDLE, MAX, DATA));
		assertThat(allocated).isLessThan(4L * MAX + FRAGMENTS * 500L);
		assertThat(this.dropped.count()).isOne();
	}

	@Test
	void emptyFragmentsWithoutEndCostNothing() {
		add(sender(1), FragmentType.FIRST, MAX, DATA);
		long allocated = allocatedBy((i) -> add(sender(1), FragmentType.MIDDLE, MAX, new byte[0]));
		assertThat(allocated).isLessThan(FRAGMENTS * 500L);
	}

	@Test
	void sendersThatAreNoMembersCostNoMoreThanMembersWould() {
		long allocated = allocatedBy((i) -> add(sender(i), FragmentType.FIRST, MAX, new byte[0]));
		assertThat(allocated).isLessThan(128L * 64 * 1024 + FRAGMENTS * 2_000L);
	}

	@Test
	void messagesOfManySendersComeTogetherThoughTheyInterleave() {
		for (int i = 0; i < 128; i++) {
			assertThat(add(sender(i), FragmentType.FIRST, 200, DATA)).isNull();
		}
		for (int i = 0; i < 128; i++) {
			assertThat(add(sender(i), FragmentType.LAST, 200, DATA)).hasSize(200);
		}
		assertThat(this.dropped.count()).isZero();
	}

	@Test
	void aFragmentOfAnotherLengthDropsTheMessageAndNotTheNextOne() {
		add(sender(1), FragmentType.FIRST, 300, DATA);
		assertThat(add(sender(1), FragmentType.MIDDLE, 301, DATA)).isNull();
		assertThat(add(sender(1), FragmentType.LAST, 300, DATA)).isNull();
		assertThat(this.dropped.count()).isOne();
		add(sender(1), FragmentType.FIRST, 200, DATA);
		assertThat(add(sender(1), FragmentType.LAST, 200, DATA)).hasSize(200);
	}

	@Test
	void aFloodOfTinyFirstFragmentsKeepsNoMessageFromComingTogether() {
		for (int round = 0; round < 10; round++) {
			assertThat(add(sender(1), FragmentType.FIRST, MAX, new byte[MAX / 2])).isNull();
			for (int i = 2; i < 2000; i++) {
				add(sender(i), FragmentType.FIRST, MAX, new byte[1]);
			}
			assertThat(add(sender(1), FragmentType.LAST, MAX, new byte[MAX / 2])).hasSize(MAX);
		}
		assertThat(this.dropped.count()).isZero();
	}

	@Test
	void whatUnfinishedMessagesOfAllSendersTakeIsBounded() {
		for (int i = 0; i < 1000; i++) {
			add(sender(i), FragmentType.FIRST, MAX, new byte[MAX / 4]);
			add(sender(i), FragmentType.MIDDLE, MAX, new byte[MAX / 4]);
			assertThat(this.reassembly.bytes()).isBetween(1L, CAPACITY);
		}
		assertThat(this.dropped.count()).isEqualTo(1000 - 3);
		this.reassembly
			.left(IntStream.range(0, 1000).mapToObj((i) -> new CpgMember(sender(i), CpgReason.LEAVE)).toList());
		assertThat(this.reassembly.bytes()).isZero();
	}

	@Test
	void theOldestUnfinishedMessageIsDroppedAndItsRestIsPassedOver() {
		for (int i = 1; i <= 5; i++) {
			add(sender(i), FragmentType.FIRST, MAX, new byte[MAX / 2]);
		}
		assertThat(this.dropped.count()).isEqualTo(2);
		assertThat(add(sender(1), FragmentType.LAST, MAX, new byte[MAX / 2])).isNull();
		assertThat(add(sender(2), FragmentType.LAST, MAX, new byte[MAX / 2])).isNull();
		for (int i = 3; i <= 5; i++) {
			assertThat(add(sender(i), FragmentType.LAST, MAX, new byte[MAX / 2])).hasSize(MAX);
		}
		assertThat(this.dropped.count()).isEqualTo(2);
		add(sender(1), FragmentType.FIRST, MAX, new byte[MAX / 2]);
		assertThat(add(sender(1), FragmentType.LAST, MAX, new byte[MAX / 2])).hasSize(MAX);
	}

	@Test
	void membersThatJoinedAtDifferentTimesPutTheSameMessagesTogether() {
		Random random = new Random(20_261_129);
		for (int run = 0; run < 50; run++) {
			int early = 100;
			Reassembler all = new Reassembler(LOCAL, MAX, CAPACITY,
					new DroppedMessages(() -> null, CorosyncSetting::toString));
			Reassembler late = new Reassembler(LOCAL, MAX, CAPACITY,
					new DroppedMessages(() -> null, CorosyncSetting::toString));
			Map<CpgAddress, Integer> left = new HashMap<>();
			Set<CpgAddress> beganSince = new HashSet<>();
			for (int step = 0; step < 500; step++) {
				CpgAddress sender = sender(random.nextInt(30));
				int parts = left.getOrDefault(sender, 0);
				int type = (parts == 0) ? FragmentType.FIRST : (parts == 1) ? FragmentType.LAST : FragmentType.MIDDLE;
				left.put(sender, (parts == 0) ? 3 : parts - 1);
				byte[] fragment = new byte[MAX / 4];
				byte[] atAll = add(all, sender, type, MAX, fragment);
				if (step < early) {
					continue;
				}
				if (type == FragmentType.FIRST) {
					beganSince.add(sender);
				}
				byte[] atLate = add(late, sender, type, MAX, fragment);
				if (type == FragmentType.LAST && beganSince.contains(sender)) {
					assertThat(atLate == null).as("run %d, step %d", run, step).isEqualTo(atAll == null);
				}
			}
		}
	}

	@Test
	void thisMembersOwnMessageStaysWhateverOthersSend() {
		add(LOCAL, FragmentType.FIRST, MAX, new byte[MAX / 2]);
		for (int i = 0; i < 100; i++) {
			add(sender(i), FragmentType.FIRST, MAX, new byte[MAX / 2]);
		}
		assertThat(this.reassembly.bytes()).isBetween(CAPACITY / 2, CAPACITY + MAX + 256);
		assertThat(add(LOCAL, FragmentType.LAST, MAX, new byte[MAX / 2])).hasSize(MAX);
	}

	@Test
	void theRoomThatIsKeptForTheNextMessageIsKeptOnce() {
		for (int i = 0; i < 100; i++) {
			add(sender(1000), FragmentType.FIRST, 200, DATA);
			add(sender(1000), FragmentType.LAST, 200, DATA);
			this.reassembly.recycle(new byte[MAX]);
			add(sender(i), FragmentType.FIRST, MAX, new byte[1]);
		}
		long allocated = allocatedBy((i) -> add(sender(i % 100), FragmentType.FIRST, MAX, new byte[1]));
		assertThat(allocated).isLessThan(FRAGMENTS * 2_000L);
	}

	@Test
	void aMessageThatBeganBeforeTheJoinIsCountedOnceAtItsEnd() {
		assertThat(add(sender(1), FragmentType.MIDDLE, 300, DATA)).isNull();
		assertThat(this.dropped.count()).as("it may begin again").isZero();
		assertThat(add(sender(1), FragmentType.LAST, 300, DATA)).isNull();
		assertThat(this.dropped.count()).isOne();
		add(sender(1), FragmentType.FIRST, 200, DATA);
		assertThat(add(sender(1), FragmentType.LAST, 200, DATA)).hasSize(200);
		assertThat(this.dropped.count()).isOne();
	}

	@Test
	void aMessageThatWasDroppedIsNotCountedAgainAtItsEnd() {
		add(sender(1), FragmentType.FIRST, MAX + 1L, DATA);
		add(sender(1), FragmentType.MIDDLE, MAX + 1L, DATA);
		add(sender(1), FragmentType.LAST, MAX + 1L, DATA);
		assertThat(this.dropped.count()).isOne();
	}

	private byte @Nullable [] add(CpgAddress sender, int type, long wholeLength, byte[] data) {
		return add(this.reassembly, sender, type, wholeLength, data);
	}

	private static byte @Nullable [] add(Reassembler reassembly, CpgAddress sender, int type, long wholeLength,
			byte[] data) {
		FrameReader frame = (data.length == DATA.length) ? FRAME : new TestFrame(CpgEvents.FRAGMENT + data.length);
		return reassembly.add(sender,
				new CpgEvents.Fragment(sender.nodeId(), sender.pid(), type, wholeLength, data.length), frame);
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
