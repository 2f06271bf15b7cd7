package dev.cpg.client.internal.cpg.protocol;

import java.util.List;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgReason;
import dev.cpg.client.CsError;
import dev.cpg.client.RingId;
import dev.cpg.client.internal.ipc.memory.FrameHeader;
import dev.cpg.client.internal.ipc.memory.TestFrame;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class CpgEventsTests {

	@Test
	void aConfigurationChangeHasTheMembersThenTheLeftThenTheJoined() {
		TestFrame frame = new TestFrame(184 + 4 * 24);
		frame.putInt(160, 2);
		frame.putInt(168, 1);
		frame.putInt(176, 1);
		putAddress(frame, 0, 1, 10, 0);
		putAddress(frame, 1, 2, 20, 0);
		putAddress(frame, 2, 3, -1, 3);
		putAddress(frame, 3, 2, 20, 1);
		CpgEvents.ConfigurationChange change = CpgEvents.readConfigurationChange(frame);
		assertThat(change.members()).containsExactly(new CpgAddress(1, 10), new CpgAddress(2, 20));
		assertThat(change.left()).containsExactly(new CpgMember(new CpgAddress(3, 0xFFFF_FFFFL), CpgReason.NODEDOWN));
		assertThat(change.joined()).containsExactly(new CpgMember(new CpgAddress(2, 20), CpgReason.JOIN));
	}

	@Test
	void aTotemConfigurationHasTheRingAndItsNodes() {
		TestFrame frame = new TestFrame(44 + 8);
		frame.putInt(24, 1);
		frame.putLong(32, 0x1_0000_0002L);
		frame.putInt(40, 2);
		frame.putInt(44, 1);
		frame.putInt(48, -1);
		CpgEvents.TotemConfiguration totem = CpgEvents.readTotemConfiguration(frame);
		assertThat(totem.ring()).isEqualTo(new RingId(1, 0x1_0000_0002L));
		assertThat(totem.nodeIds()).isEqualTo(List.of(1L, 0xFFFF_FFFFL));
	}

	@Test
	void countsThatDoNotFitTheirFrameAreRefused() {
		for (int count : new int[] { -1, Integer.MIN_VALUE, 3, 385, Integer.MAX_VALUE }) {
			for (int field : new int[] { 160, 168, 176 }) {
				TestFrame change = new TestFrame(184 + 2 * 24);
				change.putInt(field, count);
				assertMalformed(() -> CpgEvents.readConfigurationChange(change));
			}
			TestFrame totem = new TestFrame(44 + 2 * 4);
			totem.putInt(40, count);
			assertMalformed(() -> CpgEvents.readTotemConfiguration(totem));
		}
	}

	@Test
	void lengthsThatASenderChoseAreReadAsTheyAre() {
		for (int length : new int[] { -1, Integer.MIN_VALUE, 3, Integer.MAX_VALUE }) {
			TestFrame deliver = new TestFrame(184 + 2).with(160, length);
			assertThat(CpgEvents.messageLength(deliver)).isEqualTo(Integer.toUnsignedLong(length));
			TestFrame fragment = new TestFrame(200 + 2).with(160, length).with(168, length).with(192, length);
			assertThat(CpgEvents.readFragment(fragment)).isEqualTo(new CpgEvents.Fragment(0, 0, length,
					Integer.toUnsignedLong(length), Integer.toUnsignedLong(length)));
		}
	}

	@Test
	void framesShorterThanTheirHeaderSaysAreRefused() {
		assertMalformed(() -> CpgEvents.requireDelivery(new TestFrame(184 + 2).with(8, 184 + 3)));
		assertMalformed(() -> CpgEvents.readFragment(new TestFrame(200 + 2).with(8, 200 + 3)));
	}

	@Test
	void theLengthOfTheFrameIsTheOnlyLimitOfACountOfProcesses() {
		TestFrame change = new TestFrame(184 + 1200 * 24).with(160, 600).with(168, 300).with(176, 300);
		assertThat(CpgEvents.readConfigurationChange(change).members()).hasSize(600);
	}

	@Test
	void aFrameHasRoomForTheJoinOfThe43000thMember() {
		TestFrame change = new TestFrame(1 << 20).with(160, 43_000).with(176, 1);
		assertThat(CpgEvents.readConfigurationChange(change).members()).hasSize(43_000);
	}

	@Test
	void countsThatFitAloneButNotTogetherAreRefused() {
		TestFrame change = new TestFrame(184 + 2 * 24);
		change.putInt(160, 2);
		change.putInt(168, 1);
		assertMalformed(() -> CpgEvents.readConfigurationChange(change));
	}

	@Test
	void framesShorterThanTheirFixedPartAreRefused() {
		assertMalformed(() -> FrameHeader.id(new TestFrame(23)));
		assertMalformed(() -> FrameHeader.error(new TestFrame(0)));
		assertMalformed(() -> CpgEvents.readConfigurationChange(new TestFrame(183)));
		assertMalformed(() -> CpgEvents.readTotemConfiguration(new TestFrame(43)));
		assertMalformed(() -> CpgEvents.requireDelivery(new TestFrame(183)));
	}

	private static void assertMalformed(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
		assertThatExceptionOfType(CorosyncException.class).isThrownBy(call)
			.satisfies((ex) -> assertThat(ex.error()).isEqualTo(CsError.MESSAGE_ERROR));
	}

	private static void putAddress(TestFrame frame, int index, int nodeId, int pid, int reason) {
		frame.putInt(184 + index * 24, nodeId);
		frame.putInt(184 + index * 24 + 8, pid);
		frame.putInt(184 + index * 24 + 16, reason);
	}

}
