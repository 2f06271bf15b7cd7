package dev.cpg.boot.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;

import dev.cpg.boot.autoconfigure.scanned.Shipment;
import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.spring.CpgOperations;
import dev.cpg.spring.event.CpgDeliverEvent;
import dev.cpg.spring.message.CpgMessageMapper;
import dev.cpg.spring.message.CpgMessageMapper.Problem;
import dev.cpg.spring.message.CpgMessageMapper.Reading;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What typed messages promise whatever is sent and whatever is received.
 */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(60)
class CpgMessageContractTests {

	private final Listeners listeners = new Listeners();

	@AutoClose
	private final MeteredService service = new MeteredService();

	private final SimpleMeterRegistry meters = this.service.meters();

	private final ApplicationContextRunner runner = this.service.runner(this.listeners,
			"cpg.messages.types.order=" + Order.class.getName(), "cpg.messages.types.node=" + Node.class.getName());

	@Test
	void whatACallerDoesToTheFutureIsNotLoggedAsASendThatFailed(CapturedOutput output) {
		List<Consumer<CompletableFuture<CpgView>>> callers = List.of((sent) -> sent.cancel(true),
				// As orTimeout does.
				(sent) -> sent.completeExceptionally(new TimeoutException()));
		callers.forEach((caller) -> this.runner
			.run((context) -> caller.accept(context.getBean(CpgOperations.class).convertAndMulticast("text"))));
		assertThat(output).doesNotContain("was not sent");
	}

	/** The mistakes of a caller that the compiler would not let it make. */
	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	@SuppressWarnings({ "NullAway", "unchecked" })
	void noArgumentMakesACallThrow(boolean observed) {
		ApplicationContextRunner runner = observed
				? this.runner.withBean(ObservationRegistry.class, ObservationRegistry::create) : this.runner;
		runner.run((context) -> {
			CpgOperations template = context.getBean(CpgOperations.class);
			Map<String, Object> nullValue = new HashMap<>();
			nullValue.put("shop", null);
			Map<String, Object> nullName = new HashMap<>();
			nullName.put(null, "north");
			Node ring = new Node();
			ring.next = ring;
			List<Function<CpgOperations, CompletableFuture<CpgView>>> calls = List.of(
					(operations) -> operations.multicast(nothing(byte[].class)),
					(operations) -> operations.multicast(nothing(String.class)),
					(operations) -> operations.convertAndMulticast(nothing(Object.class)),
					(operations) -> operations.convertAndMulticast(nothing(Object.class), Map.of()),
					(operations) -> operations.convertAndMulticast("text", nothing(Map.class)),
					(operations) -> operations.convertAndMulticast("text", nullValue),
					(operations) -> operations.convertAndMulticast("text", nullName),
					(operations) -> operations.convertAndMulticast("text", Map.of("shop", new Object())),
					(operations) -> operations.convertAndMulticast("text", Map.of("", "north")),
					(operations) -> operations.convertAndMulticast("text", Map.of("shop", "\ud800")),
					(operations) -> operations.convertAndMulticast(new Unnamed(1)),
					(operations) -> operations.convertAndMulticast(List.of(1)),
					(operations) -> operations.convertAndMulticast((Runnable) () -> {
					}), (operations) -> operations.convertAndMulticast(new Object() {
					}), (operations) -> operations.convertAndMulticast(ring),
					(operations) -> operations.convertAndMulticast(deep()));
			for (int i = 0; i < calls.size(); i++) {
				assertFailed(calls.get(i).apply(template), CsError.INVALID_PARAM, "call " + i);
			}
			assertThat(this.meters.get("cpg.messages.sent").tag("outcome", "rejected").counter().count())
				.isEqualTo(calls.size());
			context.close();
			assertFailed(template.convertAndMulticast("text"), CsError.NOT_EXIST, "after the end");
			assertFailed(template.multicast("text"), CsError.NOT_EXIST, "after the end");
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void whatAnOlderMemberDoesNotSendHasItsDefaultValue(boolean mapperOfTheApplication) {
		ApplicationContextRunner runner = mapperOfTheApplication
				? this.runner.withBean(JsonMapper.class, () -> JsonMapper.builder().build()) : this.runner;
		runner.run((context) -> {
			CpgMessageMapper mapper = context.getBean(CpgMessageMapper.class);
			for (String json : List.of("{\"id\":7}", "{\"id\":7,\"newest\":{\"a\":[1]}}",
					"{\"id\":7,\"count\":null}")) {
				Reading reading = mapper.read(order(mapper, json));
				assertThat(reading.problem()).as(json + " " + reading.detail()).isNull();
				assertThat(reading.payload()).isEqualTo(new Order(7, null, 0, 0, 0, false, '\0', (byte) 0, null));
			}
		});
	}

	@Test
	void whatIsNoOrderIsStillNone() {
		this.runner.run((context) -> {
			CpgMessageMapper mapper = context.getBean(CpgMessageMapper.class);
			for (String json : List.of("null", "7", "[]", "{\"id\":\"x\"}", "{\"id\":{}}", "{\"id\":")) {
				assertThat(mapper.read(order(mapper, json)).problem()).as(json).isEqualTo(Problem.CONVERSION_FAILED);
			}
		});
	}

	/** A message with another payload, as only members of other versions write it. */
	private static byte[] order(CpgMessageMapper mapper, String json) {
		byte[] message = mapper.write(new Order(0, null, 0, 0, 0, false, '\0', (byte) 0, null), Map.of());
		int payload = new String(message, StandardCharsets.ISO_8859_1).indexOf("{\"id\"");
		byte[] head = Arrays.copyOf(message, payload + json.length());
		System.arraycopy(json.getBytes(StandardCharsets.UTF_8), 0, head, payload, json.length());
		return head;
	}

	@Test
	void theWarningOfATypeThatThisServiceSendsNamesThePropertyToSet(CapturedOutput output) {
		this.runner.run((context) -> {
			var unused = context.getBean(CpgOperations.class).convertAndMulticast(new Shipment("here"));
			await().untilAsserted(() -> assertThat(this.listeners.heard).containsExactly("bytes of shipment"));
			assertThat(output).contains("cpg.messages.types.shipment=" + Shipment.class.getName());
		});
		this.listeners.heard.clear();
		this.runner.withPropertyValues("cpg.messages.types.shipment=" + Shipment.class.getName()).run((context) -> {
			var unused = context.getBean(CpgOperations.class).convertAndMulticast(new Shipment("here"));
			await().untilAsserted(() -> assertThat(this.listeners.heard).containsExactly("shipment"));
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "shipment", "Order-Placed", "orders.eu", "a_b", "ä" })
	void theWarningOfAnUnknownTypeNamesAPropertyThatWorks(String name, CapturedOutput output) {
		List<String> message = new ArrayList<>();
		this.runner.withPropertyValues("cpg.messages.types[%s]=%s".formatted(name, Shipment.class.getName()))
			.run((context) -> {
				CpgMessageMapper mapper = context.getBean(CpgMessageMapper.class);
				message.add(new String(mapper.write(new Shipment("here"), Map.of()), StandardCharsets.ISO_8859_1));
			});
		byte[] bytes = message.get(0).getBytes(StandardCharsets.ISO_8859_1);
		this.runner.run((context) -> {
			this.service.node().join("orders").send(bytes).join();
			await().untilAsserted(() -> assertThat(this.listeners.heard).containsExactly("bytes of " + name));
		});
		this.listeners.heard.clear();
		String advice = output.toString().replaceAll("(?s).*here, set (\\S+)=CLASS.*", "$1");
		this.runner.withPropertyValues(advice + "=" + Shipment.class.getName()).run((context) -> {
			this.service.node().join("orders").send(bytes).join();
			await().untilAsserted(() -> assertThat(this.listeners.heard).containsExactly("shipment"));
		});
	}

	@Test
	void aTypedMessageThatIsTooLargeIsNeitherSentNorConverted(CapturedOutput output) {
		String text = "x".repeat(101);
		byte[] large = write(text);
		this.runner.withPropertyValues("cpg.messages.max-size=100B").run((context) -> {
			CpgOperations template = context.getBean(CpgOperations.class);
			assertFailed(template.convertAndMulticast(text), CsError.TOO_BIG, "too large");
			assertFailed(template.convertAndMulticast(new byte[101]), CsError.TOO_BIG, "too large");
			this.service.node().join("orders").send(large).join();
			var unusedText = template.convertAndMulticast("x".repeat(100));
			var unusedRaw = template.multicast(new byte[101]);
			await().untilAsserted(
					() -> assertThat(this.listeners.heard).containsExactly("bytes of string", "text", "bytes of null"));
			assertThat(this.meters.get("cpg.messages.unconverted").tag("reason", "too_large").counter().count())
				.isEqualTo(1);
			assertThat(output)
				.contains("its payload has 101 bytes, and at most 100 are converted (cpg.messages.max-size)");
		});
	}

	@Test
	void withoutALimitOfTheirOwnTypedMessagesAreAsLargeAsOthers() {
		String text = "x".repeat(2_000_000);
		byte[] large = write(text);
		this.runner.run((context) -> {
			this.service.node().join("orders").send(large).join();
			await().untilAsserted(() -> assertThat(this.listeners.heard).containsExactly("text"));
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "0B", "-1B", "2GB" })
	void aLimitThatCannotWorkIsRefused(String limit) {
		this.runner.withPropertyValues("cpg.messages.max-size=" + limit)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("cpg.messages.max-size")
				.hasMessageContaining("It must be between 1B and 1GB."));
	}

	private byte[] write(String text) {
		List<byte[]> message = new ArrayList<>();
		this.runner
			.run((context) -> message.add(context.getBean(CpgMessageMapper.class).write(text, Collections.emptyMap())));
		return message.get(0);
	}

	private static void assertFailed(CompletableFuture<CpgView> future, CsError error, String which) {
		assertThat(future).as(which)
			.failsWithin(Duration.ZERO)
			.withThrowableOfType(ExecutionException.class)
			.havingCause()
			.isInstanceOfSatisfying(CorosyncException.class, (ex) -> assertThat(ex.error()).as(which).isEqualTo(error));
	}

	@SuppressWarnings("NullAway")
	private static <T> T nothing(Class<T> type) {
		return type.cast(null);
	}

	private static Node deep() {
		Node node = new Node();
		for (int i = 0; i < 100_000; i++) {
			Node outer = new Node();
			outer.next = node;
			node = outer;
		}
		return node;
	}

	record Order(int id, @Nullable String item, int count, long total, double price, boolean paid, char kind,
			byte flags, @Nullable List<Integer> parts) {
	}

	record Unnamed(int id) {
	}

	static final class Node {

		@Nullable Node next;

		public @Nullable Node getNext() {
			return this.next;
		}

	}

	static final class Listeners {

		private final List<String> heard = new CopyOnWriteArrayList<>();

		@EventListener
		void on(CpgDeliverEvent<byte[]> event) {
			this.heard.add("bytes of " + event.getTypeName());
		}

		@EventListener
		void on(String text) {
			this.heard.add("text");
		}

		@EventListener
		void on(Shipment shipment) {
			this.heard.add("shipment");
		}

	}

}
