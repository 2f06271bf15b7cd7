package dev.cpg.client.internal.cpg.protocol;

import java.nio.charset.StandardCharsets;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CsError;
import dev.cpg.client.internal.ipc.Request;
import dev.cpg.client.internal.ipc.memory.TestFrame;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class CpgRequestsTests {

	@Test
	void aJoinIsLaidOutAsTheDaemonReadsIt() {
		TestFrame frame = new TestFrame(168);
		Request<?> join = CpgRequests.join(CpgGroupName.of("orders"), 0xFFFF_FFFEL);
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
		CpgRequests.writeMulticastHeader(frame, 3);
		frame.putBytes(CpgRequests.MULTICAST_HEADER, new byte[] { 7, 8, 9 }, 0, 3);
		assertThat(frame.getInt(0)).isEqualTo(2);
		assertThat(frame.getInt(8)).isEqualTo(43);
		assertThat(frame.getInt(24)).isEqualTo(2);
		assertThat(frame.getInt(32)).isEqualTo(3);
		byte[] message = new byte[3];
		frame.getBytes(40, message);
		assertThat(message).containsExactly(7, 8, 9);
	}

	@Test
	void aResponseShorterThanItsFixedPartIsRefused() {
		assertThatExceptionOfType(CorosyncException.class)
			.isThrownBy(() -> CpgRequests.readLocalNode(new TestFrame(27)))
			.satisfies((ex) -> assertThat(ex.error()).isEqualTo(CsError.MESSAGE_ERROR));
	}

}
