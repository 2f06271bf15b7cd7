package dev.cpg.client.internal.cmap;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CsError;
import dev.cpg.client.corosync.FakeTransport;
import dev.cpg.client.internal.ipc.IpcConnection;
import dev.cpg.client.internal.ipc.memory.TestFrame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Values that a real daemon sends only where somebody has set them, or never.
 */
class CmapValueTests {

	private static final String KEY = "a.key";

	private static final int UINT8 = 2;

	private static final int UINT32 = 6;

	private static final int UINT64 = 8;

	private static final int STRING = 11;

	private final FakeTransport transport = new FakeTransport();

	private final IpcConnection connection = IpcConnection.forRequests(this.transport);

	private final CmapClient cmap = new CmapClient(this.connection, Duration.ofSeconds(1));

	@Test
	void numbersAreUnsigned() {
		answer(UINT8, 0xFF);
		assertThat(this.cmap.uint8(KEY)).hasValue(255);
		answer(UINT32, 0xFF, 0xFF, 0xFF, 0xFF);
		assertThat(this.cmap.uint32(KEY)).hasValue(0xFFFF_FFFFL);
	}

	@Test
	void aStringEndsAtItsNul() {
		byte[] text = "Köln\0x".getBytes(StandardCharsets.UTF_8);
		answer(STRING, text);
		assertThat(this.cmap.string(KEY)).contains("Köln");
	}

	@Test
	void aTypeThatNobodyReadsIsAnErrorOfTheKeyAndNotOfTheConnection() {
		answer(UINT64, new byte[8]);
		assertThatExceptionOfType(CorosyncException.class).isThrownBy(() -> this.cmap.uint32(KEY))
			.withMessageContaining("is a type 8 and cannot be read as a u32");
		assertThat(this.connection.isEnded()).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "2,0", "2,2", "6,1", "6,8" })
	void aNumberOfAnotherLengthThanItsTypeHasEndsTheConnection(int type, int length) {
		answer(type, new byte[length]);
		assertThatExceptionOfType(CorosyncException.class).isThrownBy(() -> this.cmap.uint32(KEY))
			.satisfies((ex) -> assertThat(ex.error()).isEqualTo(CsError.MESSAGE_ERROR));
		assertThat(this.connection.isEnded()).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "-1", "9", "2147483647" })
	void aLengthThatTheResponseDoesNotHaveEndsTheConnection(int length) {
		this.transport.answer(response(STRING, new byte[8]).with(24, length));
		assertThatExceptionOfType(CorosyncException.class).isThrownBy(() -> this.cmap.string(KEY))
			.satisfies((ex) -> assertThat(ex.error()).isEqualTo(CsError.MESSAGE_ERROR));
		assertThat(this.connection.isEnded()).isTrue();
	}

	@Test
	void namesOfAnotherTypeAreNone() {
		answer(UINT32, 1, 0, 0, 0);
		answer(UINT32, 0, 0, 0, 0);
		answer(STRING, '1');
		answer(UINT8, 1);
		assertThat(new ClusterNames(this.cmap).read().nodes()).isEmpty();
	}

	private void answer(int type, int... value) {
		byte[] bytes = new byte[value.length];
		for (int i = 0; i < value.length; i++) {
			bytes[i] = (byte) value[i];
		}
		answer(type, bytes);
	}

	private void answer(int type, byte[] value) {
		this.transport.answer(response(type, value));
	}

	private static TestFrame response(int type, byte[] value) {
		TestFrame frame = new TestFrame(40 + value.length).with(0, CmapProtocol.GET)
			.with(8, 40 + value.length)
			.with(16, CsError.OK.code())
			.with(24, value.length)
			.with(32, type);
		frame.putBytes(40, value, 0, value.length);
		return frame;
	}

}
