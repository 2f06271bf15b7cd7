package dev.cpg.spring.message;

import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CsError;
import dev.cpg.spring.message.CpgMessageMapper.Problem;
import dev.cpg.spring.message.CpgMessageMapper.Reading;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.ByteArrayMessageConverter;
import org.springframework.messaging.converter.JacksonJsonMessageConverter;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.converter.StringMessageConverter;
import org.springframework.messaging.support.MessageBuilder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class CpgMessageMapperTests {

	private static final CpgMessageConverters CONVERTERS = CpgMessageConverters.of(new ByteArrayMessageConverter(),
			new StringMessageConverter(), new JacksonJsonMessageConverter());

	private final CpgMessageMapper mapper = new CpgMessageMapper(new CpgMessageTypes(Map.of("order", Order.class)),
			CONVERTERS);

	@Test
	void messagesBetweenStartersAreNobodysAndNoProblem() {
		byte[] message = ControlMessage.head(ControlMessage.ELECTION);
		assertThat(this.mapper.read(message))
			.extracting(CpgMessageMapper.Reading::payload, CpgMessageMapper.Reading::problem)
			.containsOnlyNulls();
	}

	@Test
	void objectsTextsAndBytesComeBackAsTheyWere() {
		assertThat(read(this.mapper.write(new Order(7, "tea"), Map.of()))).isEqualTo(
				new Reading(new Order(7, "tea"), "order", Map.of("contentType", "application/json"), null, null));
		assertThat(read(this.mapper.write("Köln", Map.of())))
			.isEqualTo(new Reading("Köln", "string", Map.of("contentType", "text/plain;charset=UTF-8"), null, null));
		byte[] bytes = { 1, 2 };
		assertThat(read(this.mapper.write(bytes, Map.of()))).satisfies((reading) -> {
			assertThat(reading.payload()).isEqualTo(bytes);
			assertThat(reading.typeName()).isNull();
			assertThat(reading.headers()).isEqualTo(Map.of("contentType", "application/octet-stream"));
			assertThat(reading.problem()).isNull();
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "image/png", "application/json", "text/plain", "no type at all" })
	void bytesMayBeOfAnyContentType(String contentType) throws Exception {
		byte[] bytes = "{\"id\":7}".getBytes(StandardCharsets.UTF_8);
		byte[] message = this.mapper.write(bytes, Map.of("contentType", contentType));
		assertThat(Envelope.read(message)).usingRecursiveComparison()
			.isEqualTo(new Envelope(contentType, "", "", Map.of(), bytes));
		Reading reading = read(message);
		assertThat(reading.payload()).isEqualTo(bytes);
		assertThat(reading.headers()).isEqualTo(Map.of("contentType", contentType));
		assertThat(reading.problem()).isNull();
	}

	@Test
	void equalPayloadsAreDifferentMessagesAndNobodySeesTheNumber() {
		Set<String> messages = new HashSet<>();
		CpgMessageMapper other = new CpgMessageMapper(new CpgMessageTypes(Map.of()), null);
		byte[] payload = { 1 };
		for (int i = 0; i < 1000; i++) {
			for (CpgMessageMapper mapper : List.of(this.mapper, other)) {
				byte[] message = mapper.write(payload, Map.of("k", "v"));
				messages.add(HexFormat.of().formatHex(message));
				assertThat(read(message).headers())
					.isEqualTo(Map.of("k", "v", "contentType", "application/octet-stream"));
			}
		}
		assertThat(messages).hasSize(2000);
	}

	@Test
	void aNumberThatAnOlderMemberPassedOnIsReplaced() {
		byte[] message = this.mapper.write("hello", Map.of(Envelope.NUMBER, "1"));
		assertThat(message).isNotEqualTo(this.mapper.write("hello", Map.of(Envelope.NUMBER, "1")));
		assertThat(read(message).headers()).doesNotContainKey(Envelope.NUMBER);
	}

	@Test
	void headersArriveAsTexts() {
		UUID uuid = new UUID(1, 2);
		Reading reading = read(this.mapper.write("hello", Map.of("correlationId", uuid, "traceparent",
				"00-4bf9-00f0-01", "count", 3, "urgent", true, "unit", TimeUnit.DAYS, "id", "mine", "timestamp", 5)));
		assertThat(reading.headers()).isEqualTo(Map.of("contentType", "text/plain;charset=UTF-8", "correlationId",
				uuid.toString(), "traceparent", "00-4bf9-00f0-01", "count", "3", "urgent", "true", "unit", "DAYS", "id",
				"mine", "timestamp", "5"));
	}

	@Test
	void aMessageWithoutAnEnvelopeIsItsBytes() {
		byte[] raw = "{\"id\":7}".getBytes(StandardCharsets.UTF_8);
		assertThat(read(raw)).isEqualTo(new Reading(raw, null, Map.of(), null, null));
	}

	@ParameterizedTest
	@ValueSource(strings = { "customer", "java.lang.Runtime", "dev.cpg.spring.message.CpgMessageMapperTests$Order" })
	void aTypeThatIsNotAllowedIsBytesWithItsName(String name) {
		byte[] message = new Envelope("application/json", name, "", Map.of("k", "v"), new byte[] { 1, 2 }).write();
		assertThat(read(message)).satisfies((reading) -> {
			assertThat(reading.payload()).isEqualTo(new byte[] { 1, 2 });
			assertThat(reading.typeName()).isEqualTo(name);
			assertThat(reading.headers()).isEqualTo(Map.of("contentType", "application/json", "k", "v"));
			assertThat(reading.problem()).isEqualTo(Problem.TYPE_NOT_ALLOWED);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "{", "[1]", "null", "{\"id\":\"x\"}", "\0" })
	void brokenJsonIsBytesWithItsName(String json) {
		byte[] payload = json.getBytes(StandardCharsets.UTF_8);
		assertFailed("application/json", payload);
	}

	@Test
	void veryDeepJsonIsBytesWithItsName() {
		assertFailed("application/json", "{\"item\":".repeat(1_000_000).getBytes(StandardCharsets.UTF_8));
	}

	@ParameterizedTest
	@ValueSource(strings = { "text/plain", "no type at all", "*/*", "text/plain;charset=none", "application/x-java" })
	void aContentTypeThatNoConverterTakesIsBytesWithTheTypesName(String contentType) {
		assertFailed(contentType, new byte[] { 1 });
	}

	private void assertFailed(String contentType, byte[] payload) {
		assertThat(read(new Envelope(contentType, "order", "", Map.of(), payload).write())).satisfies((reading) -> {
			assertThat(reading.payload()).isEqualTo(payload);
			assertThat(reading.typeName()).isEqualTo("order");
			assertThat(reading.problem()).isEqualTo(Problem.CONVERSION_FAILED);
		});
	}

	@Test
	void newerAndMalformedEnvelopesHaveNoPayload() {
		byte[] message = this.mapper.write("hello", Map.of());
		message[8] = 3;
		assertThat(read(message).problem()).isEqualTo(Problem.NEWER_VERSION);
		assertThat(read(message).payload()).isNull();
		message[8] = 1;
		message[10] = (byte) 0xff;
		assertThat(read(message).problem()).isEqualTo(Problem.MALFORMED);
		assertThat(read(message).payload()).isNull();
	}

	@Test
	void damagedMessagesAreReadWithoutAnException() {
		Random random = new Random(7);
		for (int i = 0; i < 20_000; i++) {
			byte[] message = this.mapper.write(new Order(7, "tea"), Map.of("shop", "Köln"));
			for (int j = random.nextInt(3); j >= 0; j--) {
				message[8 + random.nextInt(message.length - 8)] = (byte) random.nextInt(256);
			}
			if (message[8] == ControlMessage.VERSION) {
				continue;
			}
			Reading reading = read(message);
			assertThat(reading.payload() != null || reading.problem() != null).isTrue();
		}
	}

	@Test
	void whatCannotBeSentIsRefusedWithTheReason() {
		assertRefused(new Unnamed(1), Map.of(), "annotate it with @CpgMessageType");
		assertRefused(new Order(1, "tea"), Map.of("contentType", "text/plain"), "No converter takes it as text/plain");
		assertRefused("hello", Map.of("key", new Object()), "'key' is neither a text nor a number");
		assertRefused("hello", Map.of("key", "x".repeat(8193)), "at most 8192");
	}

	private void assertRefused(Object payload, Map<String, Object> headers, String why) {
		assertThatExceptionOfType(CorosyncException.class).isThrownBy(() -> this.mapper.write(payload, headers))
			.withMessageContaining(why)
			.satisfies((ex) -> assertThat(ex.error()).isEqualTo(CsError.INVALID_PARAM));
	}

	@Test
	void withoutConvertersPayloadsAreBytes() {
		CpgMessageMapper bare = new CpgMessageMapper(new CpgMessageTypes(Map.of("order", Order.class)), null);
		assertThat(bare.read(bare.write(new byte[] { 1 }, Map.of())).payload()).isEqualTo(new byte[] { 1 });
		assertThatExceptionOfType(CorosyncException.class).isThrownBy(() -> bare.write("hello", Map.of()))
			.withMessageContaining("spring-messaging must be on the class path");
		Reading reading = bare.read(this.mapper.write(new Order(7, "tea"), Map.of()));
		assertThat(reading.payload()).isInstanceOf(byte[].class);
		assertThat(reading.typeName()).isEqualTo("order");
		assertThat(reading.problem()).isEqualTo(Problem.CONVERSION_FAILED);
	}

	@Test
	void theApplicationsConverterSeesAllPayloadsAndMaySetHeaders() {
		CpgMessageMapper sealing = new CpgMessageMapper(new CpgMessageTypes(Map.of()),
				CpgMessageConverters.of(new SealingConverter()));
		byte[] message = sealing.write(new byte[] { 1, 2 }, Map.of());
		assertThat(read(message).payload()).isEqualTo(new byte[] { ~1, ~2 });
		assertThat(sealing.read(message).payload()).isEqualTo(new byte[] { 1, 2 });
		assertThat(sealing.read(message).headers()).containsEntry("key", "blue");
	}

	@Test
	void theApplicationsConverterBeforeThatOfBytesMayTakeThoseOfItsContentType() {
		CpgMessageMapper sealing = new CpgMessageMapper(new CpgMessageTypes(Map.of()),
				CpgMessageConverters.of(new SealingConverter(), new ByteArrayMessageConverter()));
		byte[] message = sealing.write(new byte[] { 1, 2 }, Map.of("contentType", "application/json"));
		assertThat(read(message).payload()).isEqualTo(new byte[] { ~1, ~2 });
		assertThat(sealing.read(message).payload()).isEqualTo(new byte[] { 1, 2 });
	}

	@Test
	void anErrorOfAConverterIsAFailureOfItsMessage() {
		CpgMessageMapper failing = new CpgMessageMapper(new CpgMessageTypes(Map.of()),
				CpgMessageConverters.of(new FailingConverter()));
		Reading reading = failing.read(this.mapper.write("hello", Map.of()));
		assertThat(reading.problem()).isEqualTo(Problem.CONVERSION_FAILED);
		assertThat(reading.detail()).contains("StackOverflowError");
	}

	@Test
	void namesAreOfTheListOrTheAnnotationAndInherited() {
		assertThat(new CpgMessageTypes(Map.of("other", Placed.class)).nameOf(Placed.class)).isEqualTo("other");
		CpgMessageTypes types = new CpgMessageTypes(
				Map.of("event", Event.class, "a", Order.class, "b", Order.class, "number", Number.class));
		assertThat(types.nameOf(Placed.class)).isEqualTo("event");
		assertThat(types.nameOf(Paid.class)).isEqualTo("paid");
		assertThat(types.nameOf(Integer.class)).isEqualTo("number");
		assertThatIllegalArgumentException().isThrownBy(() -> types.nameOf(Order.class))
			.withMessageContaining("has the names");
	}

	@Test
	void namesThatCannotBeSentAreRefused() {
		for (String name : new String[] { "", " ", "string", "ä".repeat(128) }) {
			assertThatIllegalArgumentException().isThrownBy(() -> new CpgMessageTypes(Map.of(name, Order.class)));
		}
		assertThatIllegalArgumentException().isThrownBy(() -> new CpgMessageTypes(Map.of("order", int.class)));
	}

	@Test
	void typesThatCannotSelectListenersAreRefused() {
		for (Class<?> type : List.of(Page.class, Map.class, RawSupplier.class)) {
			assertThatIllegalArgumentException().isThrownBy(() -> new CpgMessageTypes(Map.of("page", type)))
				.withMessageContaining("must not be generic, as " + type);
		}
		assertRefused(new Page<>(List.of("tea")), Map.of(), "must not be generic");
		assertThat(new CpgMessageTypes(Map.of("orders", Orders.class)).typeOf("orders")).isEqualTo(Orders.class);
	}

	@Test
	void whatAConverterMakesIsRefusedAsWellIfItIsGeneric() {
		CpgMessageMapper mapper = new CpgMessageMapper(new CpgMessageTypes(Map.of("orders", Paged.class)),
				CpgMessageConverters.of(new PagingConverter()));
		Reading reading = mapper.read(this.mapper.write("hello", Map.of()));
		assertThat(reading.problem()).isEqualTo(Problem.CONVERSION_FAILED);
		reading = mapper.read(new Envelope("", "orders", "", Map.of(), new byte[0]).write());
		assertThat(reading.problem()).isEqualTo(Problem.CONVERSION_FAILED);
		assertThat(reading.detail()).contains("Page is generic");
		assertThat(reading.payload()).isInstanceOf(byte[].class);
	}

	@Test
	void theHeadersOfAReceivedMessageMayBePassedOn() {
		Reading first = read(this.mapper.write(new Order(7, "tea"), Map.of("correlationId", "c", "shop", "Köln")));
		assertThat(read(this.mapper.write(new Order(7, "tea"), first.headers()))).isEqualTo(first);
	}

	private Reading read(byte[] message) {
		return this.mapper.read(message);
	}

	record Order(int id, String item) {
	}

	record Unnamed(int id) {
	}

	interface Paged {

	}

	@CpgMessageType("page")
	record Page<T>(List<T> items) implements Paged {
	}

	static final class Orders extends ArrayList<Order> {

		@Serial
		private static final long serialVersionUID = 1L;

	}

	@SuppressWarnings("rawtypes")
	record RawSupplier(int id) implements Supplier {

		@Override
		public Object get() {
			return this.id;
		}

	}

	static final class PagingConverter implements MessageConverter {

		@Override
		public Object fromMessage(Message<?> message, Class<?> targetClass) {
			return new Page<>(List.of());
		}

		@Override
		public @Nullable Message<?> toMessage(Object payload, @Nullable MessageHeaders headers) {
			return null;
		}

	}

	@CpgMessageType("event")
	interface Event {

	}

	record Placed(int id) implements Event {
	}

	@CpgMessageType("paid")
	record Paid(int id) implements Event {
	}

	static final class SealingConverter implements MessageConverter {

		@Override
		public Object fromMessage(Message<?> message, Class<?> targetClass) {
			assertThat(message.getHeaders()).containsEntry("key", "blue");
			return flip((byte[]) message.getPayload());
		}

		@Override
		public Message<?> toMessage(Object payload, @Nullable MessageHeaders headers) {
			return MessageBuilder.withPayload(flip((byte[]) payload)).setHeader("key", "blue").build();
		}

		private static byte[] flip(byte[] bytes) {
			byte[] flipped = bytes.clone();
			for (int i = 0; i < flipped.length; i++) {
				flipped[i] = (byte) ~flipped[i];
			}
			return flipped;
		}

	}

	static final class FailingConverter implements MessageConverter {

		@Override
		public Object fromMessage(Message<?> message, Class<?> targetClass) {
			throw new StackOverflowError();
		}

		@Override
		public @Nullable Message<?> toMessage(Object payload, @Nullable MessageHeaders headers) {
			return null;
		}

	}

}
