package dev.cpg.spring.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

import dev.cpg.spring.message.CpgMessageMapper.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class EnvelopeTests {

	private static final Envelope ORDER = new Envelope("application/json", "order", "c-7",
			new LinkedHashMap<>(Map.of("shop", "Köln")), "{\"id\":1}".getBytes(StandardCharsets.UTF_8));

	/** What docs/envelope.md shows. */
	private static final String ORDER_BYTES = "89435047 0d0a1a0a 01 00 002d"
			+ "0010 6170706c69636174696f6e2f6a736f6e 0005 6f72646572 0003 632d37"
			+ "0001 0004 73686f70 0005 4bc3b66c6e 7b226964223a317d";

	private static final String NUMBERED_ORDER_BYTES = "89435047 0d0a1a0a 01 00 004b"
			+ "0010 6170706c69636174696f6e2f6a736f6e 0005 6f72646572 0003 632d37"
			+ "0002 0004 73686f70 0005 4bc3b66c6e 000a 6370672d6e756d626572"
			+ "0010 30303030303030303030303030306666 7b226964223a317d";

	@Test
	void isWrittenAsDocumentedByteByByte() {
		assertThat(ORDER.write()).isEqualTo(bytes(ORDER_BYTES));
	}

	@Test
	void theNumberIsAHeaderThatReadersDoNotShow() throws Exception {
		byte[] message = ORDER.write("00000000000000ff");
		assertThat(message).isEqualTo(bytes(NUMBERED_ORDER_BYTES));
		assertSame(Envelope.read(message), ORDER);
	}

	@Test
	void theNumberHasTheRoomOfOneHeader() throws Exception {
		Map<String, String> headers = new LinkedHashMap<>();
		for (int i = 0; i < Envelope.MAX_HEADERS - 1; i++) {
			headers.put("h" + i, "");
		}
		assertNumbered(headers);
		headers.put(Envelope.NUMBER, "one that was passed on");
		assertNumbered(headers);
		headers.put("one more", "");
		assertNoRoomForNumber(headers, "It has 64 headers, a message takes at most 63 besides its number");
	}

	@Test
	void theNumberHasRoomInTheHead() throws Exception {
		Map<String, String> headers = new LinkedHashMap<>();
		for (int i = 0; i < 7; i++) {
			headers.put("h" + i, "x".repeat(Envelope.MAX_HEADER_VALUE_LENGTH));
		}
		headers.put("h7", "x".repeat(Envelope.MAX_HEADER_VALUE_LENGTH - 87));
		assertNumbered(headers);
		headers.put("h7", "x".repeat(Envelope.MAX_HEADER_VALUE_LENGTH - 86));
		assertNoRoomForNumber(headers, "its number among them, have 65536 bytes, a message takes at most 65535");
	}

	private static void assertNumbered(Map<String, String> headers) throws EnvelopeException {
		Envelope envelope = new Envelope("", "", "", headers, new byte[0]);
		byte[] message = envelope.write("00000000000000ff");
		assertThat(new String(message, StandardCharsets.US_ASCII)).endsWith("cpg-number\0\u001000000000000000ff");
		Map<String, String> shown = new LinkedHashMap<>(headers);
		shown.remove(Envelope.NUMBER);
		assertSame(Envelope.read(message), new Envelope("", "", "", shown, new byte[0]));
	}

	private static void assertNoRoomForNumber(Map<String, String> headers, String why) {
		Envelope envelope = new Envelope("", "", "", headers, new byte[0]);
		assertThatIllegalArgumentException().isThrownBy(() -> envelope.write("00000000000000ff"))
			.withMessageContaining(why);
	}

	@Test
	void whatIsWrittenIsRead() throws Exception {
		assertSame(Envelope.read(ORDER.write()), ORDER);
		Envelope bare = new Envelope("", "", "", Map.of(), new byte[0]);
		assertSame(Envelope.read(bare.write()), bare);
		Map<String, String> headers = new LinkedHashMap<>();
		for (int i = 0; i < Envelope.MAX_HEADERS; i++) {
			headers.put("h" + i, "x".repeat(800));
		}
		headers.put("h0", "x".repeat(Envelope.MAX_HEADER_VALUE_LENGTH));
		Envelope full = new Envelope("a".repeat(255), "b".repeat(255), "c".repeat(255), headers, new byte[100_000]);
		assertSame(Envelope.read(full.write()), full);
	}

	private static void assertSame(Envelope read, Envelope written) {
		assertThat(read).usingRecursiveComparison().isEqualTo(written);
		assertThat(read.headers()).containsExactlyEntriesOf(written.headers());
	}

	@Test
	void whatDoesNotBeginWithTheMagicIsRaw() {
		byte[] message = ORDER.write();
		assertThat(Envelope.isEnvelope(message)).isTrue();
		for (int i = 0; i < 8; i++) {
			byte[] changed = message.clone();
			changed[i]++;
			assertThat(Envelope.isEnvelope(changed)).isFalse();
			assertThat(Envelope.isEnvelope(Arrays.copyOf(message, i))).isFalse();
		}
	}

	@Test
	void aNewerVersionIsKnownAsSuchWhateverFollows() {
		for (int version = 2; version < 256; version++) {
			byte[] message = Arrays.copyOf(ORDER.write(), 9);
			message[8] = (byte) version;
			assertNotRead(message, Problem.NEWER_VERSION, "it has version " + version);
		}
	}

	@Test
	void flagsAreNotLookedAt() throws Exception {
		byte[] message = ORDER.write();
		message[9] = (byte) 0xff;
		assertSame(Envelope.read(message), ORDER);
	}

	@Test
	void whatEndsBeforeItsPayloadIsMalformed() throws Exception {
		byte[] message = ORDER.write();
		int payload = message.length - ORDER.payload().length;
		for (int length = 8; length < payload; length++) {
			assertNotRead(Arrays.copyOf(message, length), Problem.MALFORMED, "it ends");
		}
		assertThat(Envelope.read(Arrays.copyOf(message, payload)).payload()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', textBlock = """
			00 00 0008 0000 0000 0000 0000                         ; no version 0
			01 00 0007 0000 0000 0000 00                           ; ends before its number of headers
			01 00 0009 0000 0000 0000 0000 00                      ; longer than what is in it
			01 00 0008 0007 0000 0000 0000                         ; ends within its content type
			01 00 0008 0000 ffff 0000 0000                         ; type name has more than 255 bytes
			01 00 000a 0002 c328 0000 0000 0000                    ; content type is not UTF-8
			01 00 000c 0000 0000 0000 0001 0000 0000               ; header's name is empty
			01 00 0012 0000 0000 0000 0002 0001 61 0000 0001 61 0000 ; there twice
			01 00 0008 0000 0000 0000 0041                         ; more than 64 headers
			01 00 0008 0000 0000 0000 0001                         ; ends before its header name
			01 00 000d 0000 0000 0000 0001 0001 61 2001            ; header value has more than 8192 bytes
			01 00 0017 0000 0000 0000 0001 000b 636f6e74656e7454797065 0000 ; reserved
			""")
	void whatBreaksARuleIsMalformed(String bytes, String why) {
		assertNotRead(bytes("89435047 0d0a1a0a" + bytes), Problem.MALFORMED, why);
	}

	private static void assertNotRead(byte[] message, Problem problem, String why) {
		assertThatExceptionOfType(EnvelopeException.class).isThrownBy(() -> Envelope.read(message))
			.satisfies((ex) -> assertThat(ex.problem()).isEqualTo(problem))
			.satisfies((ex) -> assertThat(ex.why()).contains(why))
			.satisfies((ex) -> assertThat(ex.getStackTrace()).isEmpty());
	}

	@Test
	void whatIsTooLongIsNotWritten() {
		assertNotWritten("ä".repeat(128), "", "", Map.of(), "content type has 256 bytes");
		assertNotWritten("", "x".repeat(256), "", Map.of(), "type's name has 256");
		assertNotWritten("", "", "x".repeat(256), Map.of(), "correlation id has 256");
		assertNotWritten("", "", "", Map.of("x".repeat(256), ""), "header's name has 256");
		assertNotWritten("", "", "", Map.of("k", "x".repeat(8193)), "'k' has 8193");
		assertNotWritten("", "", "", Map.of("", "x"), "name must not be ''");
		assertNotWritten("", "", "", Map.of("k", "\ud800"), "not valid Unicode");
		Map<String, String> many = new LinkedHashMap<>();
		for (int i = 0; i < 65; i++) {
			many.put("h" + i, "x".repeat(1024));
		}
		assertNotWritten("", "", "", many, "at most 64");
		many.remove("h0");
		assertNotWritten("", "", "", many, "at most 65535");
	}

	private static void assertNotWritten(String contentType, String typeName, String correlationId,
			Map<String, String> headers, String why) {
		Envelope envelope = new Envelope(contentType, typeName, correlationId, headers, new byte[0]);
		assertThatIllegalArgumentException().isThrownBy(envelope::write).withMessageContaining(why);
	}

	@Test
	void damagedEnvelopesAreReadWithoutAnyOtherException() {
		Random random = new Random(20261122);
		int good = 0;
		int malformed = 0;
		int newer = 0;
		for (int i = 0; i < 20_000; i++) {
			try {
				Envelope envelope = Envelope.read(damaged(ORDER.write(), random));
				good++;
				assertThat(envelope.headers().size()).isLessThanOrEqualTo(Envelope.MAX_HEADERS);
			}
			catch (EnvelopeException ex) {
				malformed += (ex.problem() == Problem.MALFORMED) ? 1 : 0;
				newer += (ex.problem() == Problem.NEWER_VERSION) ? 1 : 0;
			}
		}
		assertThat(good + malformed + newer).isEqualTo(20_000);
		assertThat(good).isGreaterThan(100);
		assertThat(malformed).isGreaterThan(100);
		assertThat(newer).isGreaterThan(100);
	}

	/** All but the magic: without that it would not be read. */
	private static byte[] damaged(byte[] message, Random random) {
		byte[] damaged = message;
		for (int i = random.nextInt(4); i >= 0; i--) {
			int at = 8 + random.nextInt(damaged.length - 8 + 1);
			if (at == damaged.length || random.nextInt(4) == 0) {
				damaged = Arrays.copyOf(damaged, Math.max(9, at + random.nextInt(5)));
			}
			else if (random.nextBoolean()) {
				damaged[at] ^= (byte) (1 << random.nextInt(8));
			}
			else {
				damaged[at] = (byte) random.nextInt(256);
			}
		}
		return damaged;
	}

	private static byte[] bytes(String hex) {
		return HexFormat.of().parseHex(hex.replace(" ", ""));
	}

}
