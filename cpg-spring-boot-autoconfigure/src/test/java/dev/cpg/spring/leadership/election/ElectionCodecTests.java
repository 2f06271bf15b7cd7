package dev.cpg.spring.leadership.election;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgReason;
import dev.cpg.client.CpgTotemConfiguration;
import dev.cpg.client.CpgView;
import dev.cpg.client.RingId;
import dev.cpg.spring.leadership.election.ElectionMessage.Claim;
import dev.cpg.spring.leadership.election.ElectionMessage.Renew;
import dev.cpg.spring.leadership.election.ElectionMessage.RoleState;
import dev.cpg.spring.leadership.election.ElectionMessage.State;
import dev.cpg.spring.leadership.election.ElectionMessage.Suspect;
import dev.cpg.spring.leadership.election.ElectionMessage.Yield;
import dev.cpg.spring.message.ControlMessage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

class ElectionCodecTests {

	private static final CpgAddress SELF = new CpgAddress(1, 10);

	private static final CpgAddress OTHER = new CpgAddress(0xFFFF_FFFFL, 0xFFFF_FFFEL);

	static List<ElectionMessage> messages() {
		return List.of(
				new State(1, 2, 3, 4, -5, 6, true, false, true, 1,
						Map.of("billing", new RoleState(-1, true, false, true, 1L << 51, 77), "m\u00fcll",
								new RoleState(5, false, true, false, 0, 0))),
				new State(-1, -2, -3, 4, 5, 6, false, true, false, 255, Map.of()), new Claim(1, 2, "billing", 3),
				new Renew(1, Long.MAX_VALUE), new Yield(1, "billing", 7, true), new Yield(1, "x", 7, false),
				new Suspect(1, 2, OTHER, 3));
	}

	@ParameterizedTest
	@MethodSource("messages")
	void aMessageIsReadAsItWasWritten(ElectionMessage message) {
		byte[] bytes = ElectionCodec.write(message);
		assertThat(ControlMessage.is(ControlMessage.ELECTION, ByteBuffer.wrap(bytes))).isTrue();
		assertThat(ElectionCodec.read(ByteBuffer.wrap(bytes))).isEqualTo(message);
	}

	@ParameterizedTest
	@MethodSource("messages")
	void whatLaterVersionsAddIsNotLookedAt(ElectionMessage message) {
		byte[] bytes = ElectionCodec.write(message);
		assertThat(ElectionCodec.read(ByteBuffer.wrap(Arrays.copyOf(bytes, bytes.length + 9)))).isEqualTo(message);
	}

	@ParameterizedTest
	@MethodSource("messages")
	void aMessageThatIsCutIsRefused(ElectionMessage message) {
		byte[] bytes = ElectionCodec.write(message);
		for (int length = ControlMessage.HEAD_LENGTH; length < bytes.length; length++) {
			assertThat(ElectionCodec.read(ByteBuffer.wrap(bytes, 0, length))).as("%d bytes", length).isNull();
		}
	}

	@Test
	void aMessageOfAnotherVersionIsRefused() {
		byte[] bytes = ElectionCodec.write(new Renew(1, 2));
		bytes[ControlMessage.HEAD_LENGTH]++;
		assertThat(ElectionCodec.read(ByteBuffer.wrap(bytes))).isNull();
	}

	@Test
	void aRoleThatIsThereTwiceIsRefused() {
		byte[] bytes = ElectionCodec.write(new State(1, 2, 3, 4, 5, 6, true, true, true, 1, Map.of("a",
				new RoleState(0, false, false, false, 0, 0), "b", new RoleState(0, false, false, false, 0, 0))));
		for (int i = 0; i < bytes.length; i++) {
			bytes[i] = (bytes[i] == 'b') ? (byte) 'a' : bytes[i];
		}
		assertThat(ElectionCodec.read(ByteBuffer.wrap(bytes))).isNull();
	}

	/** The example of docs/envelope.md. */
	@Test
	void theBytesAreThoseOfTheDocument() {
		assertThat(HexFormat.of()
			.formatHex(ElectionCodec.write(new Claim(0x0123456789abcdefL, 0xfe, "billing", 0x2a00801L))))
			.isEqualTo("894350470d0a1a0a" + "02" + "01" + "01" + "02" + "0123456789abcdef" + "00000000000000fe"
					+ "0000000002a00801" + "07" + "62696c6c696e67");
	}

	@Test
	void noBytesMakeAnElectionThrow() {
		Random random = new Random(4711);
		List<byte[]> good = messages().stream().map(ElectionCodec::write).toList();
		TestActions actions = new TestActions();
		Election election = joined(actions);
		long read = 0;
		for (int i = 0; i < 50_000; i++) {
			byte[] bytes = good.get(random.nextInt(good.size())).clone();
			int changes = random.nextInt(4);
			for (int j = 0; j < changes; j++) {
				bytes[10 + random.nextInt(bytes.length - 10)] = (byte) random.nextInt(256);
			}
			int length = random.nextInt(4) == 0 ? 10 + random.nextInt(bytes.length - 9) : bytes.length;
			assertThat(election.delivered(random.nextBoolean() ? SELF : OTHER, ByteBuffer.wrap(bytes, 0, length)))
				.isTrue();
			read++;
		}
		assertThat(election.refused()).isBetween(read / 10, read - 1);
	}

	@Test
	void bytesOfRandomAreRefused() {
		Random random = new Random(4712);
		TestActions actions = new TestActions();
		Election election = joined(actions);
		for (int i = 0; i < 20_000; i++) {
			byte[] bytes = new byte[10 + random.nextInt(300)];
			random.nextBytes(bytes);
			System.arraycopy(ControlMessage.head(ControlMessage.ELECTION), 0, bytes, 0, 10);
			assertThat(election.delivered(OTHER, ByteBuffer.wrap(bytes))).isTrue();
		}
		assertThat(election.refused()).isGreaterThan(19_900);
	}

	@Test
	void anythingElseIsNotOfTheElection() {
		Election election = joined(new TestActions());
		assertThat(election.delivered(OTHER, ByteBuffer.wrap(new byte[0]))).isFalse();
		assertThat(election.delivered(OTHER, ByteBuffer.wrap(new byte[500]))).isFalse();
		assertThat(election.delivered(OTHER, ByteBuffer.wrap(ControlMessage.head(2)))).isFalse();
		assertThat(election.refused()).isZero();
	}

	private static Election joined(TestActions actions) {
		Election election = new Election(TestActions.settings("billing"), new TestClock(), actions, 1);
		RingId ring = new RingId(1, 4);
		CpgView view = new CpgView(ring, List.of(SELF, OTHER));
		election.connected(SELF);
		election.configurationChanged(new CpgConfigurationChange(CpgGroupName.of("grp"), view, List.of(),
				List.of(new CpgMember(SELF, CpgReason.JOIN))));
		election.totemChanged(new CpgTotemConfiguration(view, List.of(1L, 2L)));
		return election;
	}

}
