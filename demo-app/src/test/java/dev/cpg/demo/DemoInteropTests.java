package dev.cpg.demo;

import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;

import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncTest;
import dev.cpg.test.LibcpgPeer;
import dev.cpg.test.LibcpgTest;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The demo, as a process of its own, and a C program that uses libcpg, in one group on
 * one daemon.
 */
@CorosyncTest(nodes = 1)
@LibcpgTest
@Timeout(120)
class DemoInteropTests {

	private static final Duration LIMIT = Duration.ofSeconds(40);

	private static final String GROUP = "interop";

	/**
	 * The note "hello from Java": 70 bytes of header with its type and number, and 26
	 * bytes of JSON.
	 */
	private static final int NOTE_SIZE = 96;

	private final HttpClient http = HttpClient.newHttpClient();

	private final JsonMapper json = JsonMapper.builder().build();

	private final CorosyncCluster cluster;

	private String address = "";

	DemoInteropTests(CorosyncCluster cluster) {
		this.cluster = cluster;
	}

	@Test
	void theDemoAndAProgramInCSeeEachOthersJoinsMessagesAndLeaves() throws Exception {
		seeEachOther();
	}

	/**
	 * Boot refuses to start an application in this way that was not processed.
	 */
	@Test
	void theDemoProcessedAheadOfTimeDoesTheSame() throws Exception {
		seeEachOther("-Dspring.aot.enabled=true");
	}

	private void seeEachOther(String... jvmOptions) throws Exception {
		try (LibcpgPeer watcher = LibcpgPeer.start(this.cluster.node(1))) {
			watcher.join(GROUP);
			Process demo = startDemo(jvmOptions);
			try {
				String local = get("/api/group").path("local").asString();
				awaitEvent(watcher, "joined=" + local + ":JOIN");
				LibcpgPeer peer = LibcpgPeer.start(this.cluster.node(1));
				peer.join(GROUP);
				awaitChange(peer.member(), "JOINED", "JOIN");
				peer.send("hello from C", () -> hasMessage(peer.member(), "hello from C", true));
				post("hello from Java");
				awaitMessage(local, "hello from Java", false);
				awaitEvent(peer, "deliver " + local + " " + NOTE_SIZE + " ");
				peer.leave();
				awaitChange(peer.member(), "LEFT", "LEAVE");
				peer.close();
				LibcpgPeer killed = LibcpgPeer.start(this.cluster.node(1));
				killed.join(GROUP);
				awaitChange(killed.member(), "JOINED", "JOIN");
				killed.kill();
				awaitChange(killed.member(), "LEFT", "PROCDOWN");
				demo.destroy();
				assertThat(demo.waitFor(30, TimeUnit.SECONDS)).as("the demo ends").isTrue();
				awaitEvent(watcher, "left=" + local + ":LEAVE");
			}
			finally {
				demo.destroyForcibly().waitFor();
			}
		}
	}

	@Test
	void aDemoThatIsKilledIsReportedAsProcdown() throws Exception {
		try (LibcpgPeer watcher = LibcpgPeer.start(this.cluster.node(1))) {
			watcher.join(GROUP);
			Process demo = startDemo();
			try {
				String local = get("/api/group").path("local").asString();
				awaitEvent(watcher, "joined=" + local + ":JOIN");
				demo.destroyForcibly();
				awaitEvent(watcher, "left=" + local + ":PROCDOWN");
			}
			finally {
				demo.destroyForcibly().waitFor();
			}
		}
	}

	private Process startDemo(String... jvmOptions) throws Exception {
		int port = freePort();
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(List.of(jvmOptions));
		command.addAll(List.of("-cp", System.getProperty("java.class.path"), DemoApplication.class.getName(),
				"--server.port=" + port, "--cpg.group=" + GROUP,
				"--cpg.corosync.socket-directory=" + this.cluster.node(1).socketDirectory()));
		Process demo = new ProcessBuilder(command).inheritIO().start();
		this.address = "http://127.0.0.1:" + port;
		Awaitility.await("the demo to be a member").atMost(LIMIT).ignoreExceptions().until(() -> {
			assertThat(demo.isAlive()).isTrue();
			return get("/api/group").path("connected").asBoolean();
		});
		return demo;
	}

	private static int freePort() throws Exception {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

	private void awaitChange(String member, String type, String reason) {
		Awaitility.await("the demo to report %s %s %s".formatted(member, type, reason))
			.atMost(LIMIT)
			.until(() -> StreamSupport.stream(get("/api/changes").spliterator(), false)
				.anyMatch((change) -> change.path("member").asString("").equals(member)
						&& change.path("type").asString().equalsIgnoreCase(type)
						&& change.path("reason").asString("").equals(reason)));
	}

	private void awaitMessage(String sender, String text, boolean raw) {
		Awaitility.await("the demo to report " + text).atMost(LIMIT).until(() -> hasMessage(sender, text, raw));
	}

	private boolean hasMessage(String sender, String text, boolean raw) {
		return StreamSupport.stream(get("/api/messages").spliterator(), false)
			.anyMatch((message) -> message.path("sender").asString().equals(sender)
					&& message.path("text").asString("").equals(text) && message.path("raw").asBoolean() == raw);
	}

	private static void awaitEvent(LibcpgPeer peer, String part) {
		Awaitility.await("libcpg to report " + part)
			.atMost(LIMIT)
			.until(() -> peer.events().stream().anyMatch((event) -> event.contains(part)));
	}

	private JsonNode get(String path) {
		return this.json.readTree(send(HttpRequest.newBuilder(URI.create(this.address + path)).build()).body());
	}

	private void post(String text) {
		HttpRequest request = HttpRequest.newBuilder(URI.create(this.address + "/api/messages"))
			.header("Content-Type", "application/json")
			.POST(BodyPublishers.ofString("{\"text\":\"" + text + "\"}"))
			.build();
		assertThat(send(request).statusCode()).isEqualTo(200);
	}

	private HttpResponse<String> send(HttpRequest request) {
		return this.http.sendAsync(request, BodyHandlers.ofString()).join();
	}

}
