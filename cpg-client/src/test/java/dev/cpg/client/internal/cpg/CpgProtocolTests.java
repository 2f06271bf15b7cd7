package dev.cpg.client.internal.cpg;

import java.nio.charset.StandardCharsets;
import java.util.List;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgReason;
import dev.cpg.client.CsError;
import dev.cpg.client.RingId;
import dev.cpg.client.internal.ipc.Request;
import dev.cpg.client.internal.ipc.memory.FrameHeader;
import dev.cpg.client.internal.ipc.memory.TestFrame;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class CpgProtocolTests {

	@Test
	void aJoinIsLaidOutAsTheDaemonReadsIt() {
		TestFrame frame = new TestFrame(168);
		Request<?> join = CpgProtocol.join(CpgGroupName.of("orders"), 0xFFFF_FFFEL);
		assertThat(join.length()).isEqualTo(168);
		join.writer().accept(frame);
		assertThat(frame.getLong(0)).isZero();
		assertThat(frame.getLong(8)).isEqualTo(168);
		assertThat(frame.getLong(16)).isEqualTo(6);
		byte[] name = new byte[6];
		frame.getBytes(24, name);
		assertThat(name).asString(StandardCharsets.UTF_8).isEqualTo("orders");
		assertThat(frame.getUnsignedInt(152)).isEqualTo(0xFFFF_FFFEL);
		assertThat(frame.getInt(160)).isOne();
	}

	@Test
	void aMulticastIsLaidOutAsTheDaemonReadsIt() {
		TestFrame frame = new TestFrame(43);
		CpgProtocol.writeMulticastHeader(frame, 3);
		frame.putBytes(CpgProtocol.MULTICAST_HEADER, new byte[] { 7, 8, 9 }, 0, 3);
		assertThat(frame.getInt(0)).isEqualTo(2);
		assertThat(frame.getInt(8)).isEqualTo(43);
		assertThat(frame.getInt(24)).isEqualTo(2);
		assertThat(frame.getInt(32)).isEqualTo(3);
		byte[] message = new byte[3];
		frame.getBytes(40, message);
		assertThat(message).containsExactly(7, 8, 9);
	}

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
		CpgProtocol.ConfigurationChange change = CpgProtocol.readConfigurationChange(frame);
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
		CpgProtocol.TotemConfiguration totem = CpgProtocol.readTotemConfiguration(frame);
		assertThat(totem.ring()).isEqualTo(new RingId(1, 0x1_0000_0002L));
		assertThat(totem.nodeIds()).isEqualTo(List.of(1L, 0xFFFF_FFFFL));
	}

	@Test
	void countsThatDoNotFitTheirFrameAreRefused() {
		for (int count : new int[] { -1, Integer.MIN_VALUE, 3, 385, Integer.MAX_VALUE }) {
			for (int field : new int[] { 160, 168, 176 }) {
				TestFrame change = new TestFrame(184 + 2 * 24);
				change.putInt(field, count);
				assertMalformed(() -> CpgProtocol.readConfigurationChange(change));
			}
			TestFrame totem = new TestFrame(44 + 2 * 4);
			totem.putInt(40, count);
			assertMalformed(() -> CpgProtocol.readTotemConfiguration(totem));
		}
	}

	@Test
	void lengthsThatASenderChoseAreReadAsTheyAre() {
		for (int length : new int[] { -1, Integer.MIN_VALUE, 3, Integer.MAX_VALUE }) {
			TestFrame deliver = new TestFrame(184 + 2).with(160, length);
			assertThat(CpgProtocol.deliverLength(deliver)).isEqualTo(Integer.toUnsignedLong(length));
			TestFrame fragment = new TestFrame(200 + 2).with(160, length).with(168, length).with(192, length);
			assertThat(CpgProtocol.readFragment(fragment)).isEqualTo(new CpgProtocol.Fragment(0, 0, length,
					Integer.toUnsignedLong(length), Integer.toUnsignedLong(length)));
		}
	}

	@Test
	void framesShorterThanTheirHeaderSaysAreRefused() {
		assertMalformed(() -> CpgProtocol.deliverNodeId(new TestFrame(184 + 2).with(8, 184 + 3)));
		assertMalformed(() -> CpgProtocol.readFragment(new TestFrame(200 + 2).with(8, 200 + 3)));
	}

	@Test
	void theLengthOfTheFrameIsTheOnlyLimitOfACountOfProcesses() {
		TestFrame change = new TestFrame(184 + 1200 * 24).with(160, 600).with(168, 300).with(176, 300);
		assertThat(CpgProtocol.readConfigurationChange(change).members()).hasSize(600);
	}

	@Test
	void aFrameHasRoomForTheJoinOfThe43000thMember() {
		TestFrame change = new TestFrame(1 << 20).with(160, 43_000).with(176, 1);
		assertThat(CpgProtocol.readConfigurationChange(change).members()).hasSize(43_000);
	}

	@Test
	void countsThatFitAloneButNotTogetherAreRefused() {
		TestFrame change = new TestFrame(184 + 2 * 24);
		change.putInt(160, 2);
		change.putInt(168, 1);
		assertMalformed(() -> CpgProtocol.readConfigurationChange(change));
	}

	@Test
	void framesShorterThanTheirFixedPartAreRefused() {
		assertMalformed(() -> FrameHeader.id(new TestFrame(23)));
		assertMalformed(() -> FrameHeader.error(new TestFrame(0)));
		assertMalformed(() -> CpgProtocol.readLocalNode(new TestFrame(27)));
		assertMalformed(() -> CpgProtocol.readConfigurationChange(new TestFrame(183)));
		assertMalformed(() -> CpgProtocol.readTotemConfiguration(new TestFrame(43)));
		assertMalformed(() -> CpgProtocol.deliverNodeId(new TestFrame(183)));
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
