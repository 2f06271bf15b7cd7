package dev.cpg.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CorosyncConnectException;
import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgQuorumState;
import dev.cpg.client.CpgReason;
import dev.cpg.client.CpgSendException;
import dev.cpg.client.CpgTotemConfiguration;
import dev.cpg.client.CsError;
import dev.cpg.demo.browser.Browsers;
import dev.cpg.spring.CpgOperations;
import dev.cpg.spring.event.CpgConfigurationChangeEvent;
import dev.cpg.spring.event.CpgConnectedEvent;
import dev.cpg.spring.event.CpgDeliverEvent;
import dev.cpg.spring.event.CpgDisconnectedEvent;
import dev.cpg.spring.event.CpgQuorumChangeEvent;
import dev.cpg.spring.event.CpgTotemConfigurationChangeEvent;
import dev.cpg.spring.leadership.CpgLeaderChangeEvent;
import dev.cpg.spring.leadership.CpgLeaderChangeEvent.Vacancy;
import dev.cpg.spring.leadership.CpgLeadershipGrantedEvent;
import dev.cpg.spring.leadership.CpgLeadershipRevokedEvent;
import dev.cpg.spring.leadership.CpgLeadershipRevokedEvent.Reason;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mockito.BDDMockito;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;

/**
 * Tests for the web page's server side, over HTTP, with a group that the test controls.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "cpg.enabled=false")
@Timeout(60)
class DemoApplicationTests {

	private static final CpgGroupName GROUP = CpgGroupName.of("orders");

	private final HttpClient http = HttpClient.newHttpClient();

	private final JsonMapper json = JsonMapper.builder().build();

	@LocalServerPort
	private int port;

	@Autowired
	private ApplicationEventPublisher publisher;

	@Autowired
	private StubGroup group;

	@Autowired
	private Browsers browsers;

	@MockitoBean
	private CpgOperations operations;

	@BeforeEach
	void joinTheGroup() {
		this.group.join();
		given(this.operations.convertAndMulticast(any())).willReturn(CompletableFuture.completedFuture(StubGroup.VIEW));
	}

	@AfterEach
	void awaitNoBrowsers() {
		await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
			deliver("is anybody there?");
			assertThat(this.browsers.count()).isZero();
		});
	}

	@Test
	void thePageLoadsNothingFromElsewhere() throws Exception {
		for (String file : files("html", "js", "css")) {
			HttpResponse<String> response = get(file);
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(response.headers().firstValue("Content-Security-Policy"))
				.hasValueSatisfying((policy) -> assertThat(policy).contains("default-src 'none'"));
			assertThat(response.body().replace("http://www.w3.org/2000/svg", "")).doesNotContain("http:", "https:",
					"//cdn");
		}
	}

	@Test
	void noPageCanShowItInAFrame() throws Exception {
		for (String path : new String[] { "/", "/api/group", "/actuator/health", "/no-such-page" }) {
			HttpResponse<String> response = get(path);
			assertThat(response.headers().firstValue("Content-Security-Policy")).as(path)
				.hasValueSatisfying((policy) -> assertThat(policy).contains("frame-ancestors 'none'"));
			assertThat(response.headers().firstValue("X-Frame-Options")).as(path).hasValue("DENY");
		}
	}

	@Test
	void requestsForOtherHostNamesAreRefused() throws Exception {
		for (String path : new String[] { "/", "/api/group", "/actuator/health" }) {
			assertThat(statusOf("GET " + path, "Host: attacker.example:" + this.port)).as(path).isEqualTo(403);
			assertThat(statusOf("GET " + path, "Host: [::1]:" + this.port)).as(path).isEqualTo(200);
		}
		assertThat(statusOf("GET /api/events", "Host: attacker.example")).isEqualTo(403);
		assertThat(statusOf("POST /api/messages", "Host: attacker.example", "Content-Length: 0")).isEqualTo(403);
	}

	@Test
	void aPageOfAnotherSiteCannotPost() throws Exception {
		HttpRequest.Builder post = HttpRequest.newBuilder(uri("/api/messages"))
			.header("Content-Type", "application/json")
			.POST(BodyPublishers.ofString("{\"text\":\"hello\"}"));
		assertThat(this.http.send(post.copy().header("Origin", "http://attacker.example").build(),
				BodyHandlers.ofString()))
			.satisfies((response) -> assertThat(response.statusCode()).isEqualTo(403));
		BDDMockito.then(this.operations).shouldHaveNoInteractions();
		assertThat(this.http.send(post.copy().header("Origin", "http://127.0.0.1:" + this.port).build(),
				BodyHandlers.ofString()))
			.satisfies((response) -> assertThat(response.statusCode()).isEqualTo(200));
	}

	@Test
	void contentOfMessagesIsNeverParsedAsHtml() throws Exception {
		for (String file : files("js")) {
			assertThat(get(file).body()).as(file)
				.doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(");
		}
	}

	@Test
	void onCorosyncThereIsNothingOfTheClusterInsideTheJvm() throws Exception {
		assertThat(getJson("/api/mode").path("mode").asString()).isEqualTo("corosync");
		assertThat(get("/api/cluster").statusCode()).isEqualTo(404);
	}

	@Test
	void theGroupIsReported() throws Exception {
		JsonNode status = getJson("/api/group");
		assertThat(status.path("group").asString()).isEqualTo("orders");
		assertThat(status.path("connected").asBoolean()).isTrue();
		assertThat(status.path("local").asString()).isEqualTo("1/100");
		assertThat(status.at("/members/1/name").asString()).startsWith("oven/");
		assertThat(status.at("/nodeNames/2").asString()).as("for members that are gone").isEqualTo("oven");
		assertThat(status.path("ring").path("id").asString()).isEqualTo("1.1c");
		assertThat(status.path("ring").path("nodes")).hasSize(3);
		assertThat(status.path("members")).hasSize(2);
		assertThat(status.at("/members/0/local").asBoolean()).isTrue();
		assertThat(status.at("/members/1/address").asString()).isEqualTo("2/200");
		assertThat(status.at("/members/1/local").asBoolean()).isFalse();
	}

	@Test
	void withoutAConnectionThereAreNoMembers() throws Exception {
		this.group.disconnect(daemonGone());
		JsonNode status = getJson("/api/group");
		assertThat(status.path("connected").asBoolean()).isFalse();
		assertThat(status.path("members")).isEmpty();
		assertThat(status.path("ring").isNull()).isTrue();
		assertThat(status.path("reason").asString()).contains("Corosync is gone");
	}

	@Test
	void theLastMessagesAreKeptInTheirOrder() throws Exception {
		for (int i = 1; i <= 250; i++) {
			deliver("message " + i);
		}
		JsonNode messages = getJson("/api/messages");
		assertThat(messages).hasSize(History.MAX_MESSAGES);
		assertThat(messages.at("/0/text").asString()).isEqualTo("message 51");
		assertThat(messages.at("/199/text").asString()).isEqualTo("message 250");
		assertThat(messages.at("/199/sender").asString()).isEqualTo("2/200");
	}

	@Test
	void notesAndRawMessagesAreKeptInOneOrderAndMarked() throws Exception {
		deliver("from C");
		deliver(new Note("from a service"));
		List<JsonNode> messages = getJson("/api/messages").valueStream().toList();
		assertThat(messages.subList(messages.size() - 2, messages.size()))
			.extracting((message) -> message.path("text").asString(), (message) -> message.path("raw").asBoolean(),
					(message) -> message.path("type").asString(""))
			.containsExactly(tuple("from C", true, ""), tuple("from a service", false, "note"));
	}

	@Test
	void changesShowWhoJoinedAndLeftAndWhy() throws Exception {
		this.publisher.publishEvent(new CpgConnectedEvent(this, "orders", StubGroup.LOCAL));
		change(new CpgMember(StubGroup.LOCAL, CpgReason.JOIN), null);
		this.publisher.publishEvent(new CpgTotemConfigurationChangeEvent(this, "orders",
				new CpgTotemConfiguration(StubGroup.VIEW, List.of(1L, 2L))));
		change(null, new CpgMember(StubGroup.OTHER, CpgReason.PROCDOWN));
		List<JsonNode> changes = getJson("/api/changes").valueStream().toList();
		List<JsonNode> last = changes.subList(changes.size() - 4, changes.size());
		assertThat(last).extracting((change) -> change.path("type").asString())
			.containsExactly("CONNECTED", "JOINED", "RING", "LEFT");
		assertThat(last.get(2).path("detail").asString()).isEqualTo("nodes 1, 2");
		assertThat(last.get(3).path("member").asString()).isEqualTo("2/200");
		assertThat(last.get(3).path("reason").asString()).isEqualTo("PROCDOWN");
		for (int i = 0; i < 150; i++) {
			change(new CpgMember(StubGroup.OTHER, CpgReason.JOIN), null);
		}
		assertThat(getJson("/api/changes")).hasSize(History.MAX_CHANGES);
	}

	@Test
	void quorumLeaderAndTokenAreReportedWithTheirChanges() throws Exception {
		this.publisher.publishEvent(new CpgQuorumChangeEvent(this, "orders", StubGroup.VIEW, CpgQuorumState.QUORATE,
				CpgQuorumState.UNKNOWN));
		this.publisher
			.publishEvent(CpgLeaderChangeEvent.elected(this, "orders", StubGroup.VIEW, "demo", StubGroup.LOCAL, 4711));
		this.publisher.publishEvent(new CpgLeadershipGrantedEvent(this, "orders", StubGroup.VIEW, "demo", 4711));
		JsonNode leading = getJson("/api/group");
		assertThat(leading.at("/lead/leader").asString()).isEqualTo("1/100");
		assertThat(leading.at("/lead/token").asLong()).isEqualTo(4711);
		assertThat(leading.path("leading").asBoolean()).isTrue();
		this.publisher
			.publishEvent(new CpgLeadershipRevokedEvent(this, "orders", StubGroup.VIEW, "demo", 4711, Reason.QUORUM));
		for (Vacancy vacancy : List.of(Vacancy.INQUORATE, Vacancy.ELECTING)) {
			this.publisher.publishEvent(CpgLeaderChangeEvent.vacant(this, "orders", StubGroup.VIEW, "demo", vacancy));
		}
		assertThat(getJson("/api/group").at("/lead/vacancy").asString()).isEqualTo("ELECTING");
		assertThat(getJson("/api/group").path("leading").asBoolean()).isFalse();
		List<JsonNode> changes = getJson("/api/changes").valueStream().toList();
		assertThat(changes.subList(changes.size() - 5, changes.size()))
			.extracting((change) -> change.path("type").asString(), (change) -> change.path("reason").asString(""),
					(change) -> change.path("detail").asString(""))
			.containsExactly(tuple("QUORUM", "QUORATE", ""), tuple("LEADER", "", "token 4711"),
					tuple("GRANTED", "", "token 4711"), tuple("REVOKED", "QUORUM", "token 4711"),
					tuple("LEADER", "INQUORATE", ""));
	}

	@Test
	void aTextIsSentAsANoteAndItsDeliveryIsReported() throws Exception {
		HttpResponse<String> response = post("application/json", "{\"text\":\"grüße <b>\"}");
		assertThat(response.statusCode()).isEqualTo(200);
		JsonNode delivered = this.json.readTree(response.body());
		assertThat(delivered.path("ring").asString()).isEqualTo("1.1c");
		assertThat(delivered.path("members").asInt()).isEqualTo(2);
		assertThat(BDDMockito.mockingDetails(this.operations).getInvocations()).singleElement()
			.satisfies((invocation) -> assertThat(invocation.<Object>getArgument(0)).isEqualTo(new Note("grüße <b>")));
	}

	@Test
	void lostUnknownAndUnsentMessagesAreDistinguished() throws Exception {
		fail(new CpgSendException(CpgSendException.Outcome.LOST, CsError.INTERRUPT, "It was dropped", null));
		assertThat(post("application/json", "{\"text\":\"a\"}")).satisfies(isProblem(503, "lost"));
		fail(new CpgSendException(CpgSendException.Outcome.UNKNOWN, CsError.TIMEOUT, "It was not seen", null));
		assertThat(post("application/json", "{\"text\":\"a\"}")).satisfies(isProblem(504, "unknown"));
		fail(new CorosyncException(CsError.NOT_EXIST, "Not a member"));
		assertThat(post("application/json", "{\"text\":\"a\"}")).satisfies(isProblem(503, "not-sent"));
		fail(new CorosyncException(CsError.TOO_BIG, "Too large"));
		assertThat(post("application/json", "{\"text\":\"a\"}")).satisfies(isProblem(413, "not-sent"));
	}

	@Test
	void aTextThatCannotBeSentIsRefused() throws Exception {
		assertThat(post("application/json", "{}").statusCode()).isEqualTo(400);
		assertThat(post("application/json", "{\"text\":\"\"}").statusCode()).isEqualTo(400);
		assertThat(post("application/json", "{\"text\":\"" + "a".repeat(65_537) + "\"}").statusCode()).isEqualTo(413);
		BDDMockito.then(this.operations).shouldHaveNoInteractions();
	}

	@Test
	void pagesOfOtherSitesCannotSend() throws Exception {
		for (String type : new String[] { "text/plain", "application/x-www-form-urlencoded" }) {
			assertThat(post(type, "{\"text\":\"a\"}").statusCode()).isEqualTo(415);
		}
		BDDMockito.then(this.operations).shouldHaveNoInteractions();
	}

	@Test
	void aBrowserGetsASnapshotAndThenTheEvents() throws Exception {
		deliver("before");
		try (Stream stream = new Stream()) {
			JsonNode snapshot = stream.next("snapshot");
			assertThat(snapshot.at("/group/members")).hasSize(2);
			JsonNode messages = snapshot.path("messages");
			assertThat(messages.path(messages.size() - 1).path("text").asString()).isEqualTo("before");
			assertThat(messages.path(messages.size() - 1).path("id")).isEqualTo(snapshot.path("messageTotal"));
			deliver("<script>after</script>");
			assertThat(stream.next("message").path("text").asString()).isEqualTo("<script>after</script>");
			change(null, new CpgMember(StubGroup.OTHER, CpgReason.NODEDOWN));
			assertThat(stream.next("change").path("reason").asString()).isEqualTo("NODEDOWN");
			assertThat(stream.next("group").path("members")).hasSize(2);
		}
	}

	@Test
	void aBrowserIsNotifiedAtOnceWhenTheDaemonDies() throws Exception {
		try (Stream stream = new Stream()) {
			stream.next("snapshot");
			this.group.disconnect(daemonGone());
			this.publisher.publishEvent(new CpgDisconnectedEvent(this, "orders", daemonGone()));
			assertThat(stream.next("change").path("type").asString()).isEqualTo("DISCONNECTED");
			JsonNode status = stream.next("group");
			assertThat(status.path("connected").asBoolean()).isFalse();
			assertThat(status.path("members")).isEmpty();
		}
	}

	@Test
	void aBrowserSeesFailuresThatAreNotEvents() throws Exception {
		try (Stream stream = new Stream()) {
			stream.next("snapshot");
			this.group.disconnect(daemonGone());
			assertThat(stream.next("group").path("reason").asString()).contains("Corosync is gone");
		}
	}

	@Test
	void aBrowserThatLeavesIsForgotten() throws Exception {
		try (Stream stream = new Stream()) {
			stream.next("snapshot");
			assertThat(this.browsers.count()).isEqualTo(1);
		}
		awaitNoBrowsers();
	}

	@Test
	void aBrowserThatReadsNothingDelaysNobodyAndIsDropped() throws Exception {
		try (Socket stuck = new Socket()) {
			stuck.setReceiveBufferSize(4096);
			stuck.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.port));
			stuck.getOutputStream()
				.write("GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
			await().until(() -> this.browsers.count() == 1);
			String large = "x".repeat(4000);
			long started = System.nanoTime();
			int sent = 0;
			while (this.browsers.count() == 1 && sent < 20_000) {
				deliver(large);
				sent++;
			}
			assertThat(this.browsers.count()).as("browsers after %d messages", sent).isZero();
			assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(10));
			try (Stream quick = new Stream()) {
				quick.next("snapshot");
				deliver("still on time");
				assertThat(quick.next("message").path("text").asString()).isEqualTo("still on time");
			}
		}
	}

	@Test
	void theNumberOfBrowsersIsLimited() throws Exception {
		List<Stream> streams = new ArrayList<>();
		try {
			for (int i = 0; i < Browsers.MAX_BROWSERS; i++) {
				streams.add(new Stream());
			}
			assertThat(get("/api/events").statusCode()).isEqualTo(503);
			assertThat(this.browsers.count()).isEqualTo(Browsers.MAX_BROWSERS);
		}
		finally {
			for (Stream stream : streams) {
				stream.close();
			}
		}
	}

	private static List<String> files(String... types) throws IOException {
		List<String> files = new ArrayList<>();
		for (String type : types) {
			for (Resource file : new PathMatchingResourcePatternResolver()
				.getResources("classpath:static/**/*." + type)) {
				String url = file.getURL().toString();
				files.add(url.substring(url.lastIndexOf("/static/") + "/static".length()));
			}
		}
		assertThat(files).hasSizeGreaterThanOrEqualTo(types.length);
		return files;
	}

	private void deliver(String text) {
		byte[] payload = text.getBytes(StandardCharsets.UTF_8);
		CpgMessage message = new CpgMessage(GROUP, StubGroup.VIEW, StubGroup.OTHER, false, payload);
		this.publisher.publishEvent(new CpgDeliverEvent<>(this, message, payload));
	}

	private void deliver(Note note) {
		CpgMessage message = new CpgMessage(GROUP, StubGroup.VIEW, StubGroup.OTHER, false, new byte[50]);
		this.publisher.publishEvent(new CpgDeliverEvent<>(this, message, note, "note", Map.of()));
	}

	private void change(@Nullable CpgMember joined, @Nullable CpgMember left) {
		this.publisher
			.publishEvent(new CpgConfigurationChangeEvent(this, new CpgConfigurationChange(GROUP, StubGroup.VIEW,
					(left != null) ? List.of(left) : List.of(), (joined != null) ? List.of(joined) : List.of())));
	}

	private void fail(CorosyncException failure) {
		given(this.operations.convertAndMulticast(any())).willReturn(CompletableFuture.failedFuture(failure));
	}

	private static CorosyncConnectException daemonGone() {
		return new CorosyncConnectException(CorosyncConnectException.Reason.NOT_RUNNING, CsError.LIBRARY,
				"Corosync is gone", null);
	}

	private Consumer<HttpResponse<String>> isProblem(int status, String outcome) {
		return (response) -> {
			assertThat(response.statusCode()).isEqualTo(status);
			JsonNode problem = this.json.readTree(response.body());
			assertThat(problem.path("outcome").asString()).isEqualTo(outcome);
			assertThat(problem.path("detail").asString()).isNotEmpty();
		};
	}

	/** Sends a host of the test's choice, which an HTTP client does not allow. */
	private int statusOf(String request, String... headers) throws IOException {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			String text = request + " HTTP/1.1\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
			socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
			BufferedReader reader = new BufferedReader(
					new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
			return Integer.parseInt(reader.readLine().split(" ", 3)[1]);
		}
	}

	private URI uri(String path) {
		return URI.create("http://127.0.0.1:" + this.port + path);
	}

	private HttpResponse<String> get(String path) throws IOException, InterruptedException {
		return this.http.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
	}

	private JsonNode getJson(String path) throws IOException, InterruptedException {
		HttpResponse<String> response = get(path);
		assertThat(response.statusCode()).isEqualTo(200);
		return this.json.readTree(response.body());
	}

	private HttpResponse<String> post(String type, String body) throws IOException, InterruptedException {
		return this.http.send(HttpRequest.newBuilder(uri("/api/messages"))
			.header("Content-Type", type)
			.POST(BodyPublishers.ofString(body))
			.build(), BodyHandlers.ofString());
	}

	/**
	 * Reads events as a browser's EventSource does.
	 */
	private final class Stream implements AutoCloseable {

		private final InputStream body;

		private final BufferedReader lines;

		Stream() throws IOException, InterruptedException {
			HttpResponse<InputStream> response = DemoApplicationTests.this.http
				.send(HttpRequest.newBuilder(uri("/api/events")).build(), BodyHandlers.ofInputStream());
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(response.headers().firstValue("Content-Type"))
				.hasValueSatisfying((type) -> assertThat(type).startsWith("text/event-stream"));
			this.body = response.body();
			this.lines = new BufferedReader(new InputStreamReader(this.body, StandardCharsets.UTF_8));
		}

		JsonNode next(String name) throws IOException {
			@Nullable String event = null;
			for (String line = this.lines.readLine(); line != null; line = this.lines.readLine()) {
				if (line.startsWith("event:")) {
					event = line.substring("event:".length()).trim();
				}
				else if (line.startsWith("data:")) {
					assertThat(event).isEqualTo(name);
					return DemoApplicationTests.this.json.readTree(line.substring("data:".length()));
				}
			}
			throw new AssertionError("The stream ended before an event '" + name + "'");
		}

		@Override
		public void close() throws IOException {
			this.body.close();
		}

	}

	@TestConfiguration(proxyBeanMethods = false)
	static class GroupConfiguration {

		@Bean
		StubGroup group() {
			return new StubGroup();
		}

	}

}
