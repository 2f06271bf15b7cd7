package dev.cpg.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Set;

import dev.cpg.test.TestCluster;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a load balancer and an operator see of three services on three nodes by HTTP when
 * one node is cut off, and each service is to be ready only with the quorum.
 */
abstract class QuorumReadinessCases {

	private final HttpClient http = HttpClient.newHttpClient();

	private final JsonMapper json = JsonMapper.builder().build();

	/** Returns the cluster of three nodes. */
	abstract TestCluster cluster();

	/** Puts a service on a node. */
	abstract SpringApplicationBuilder onNode(SpringApplicationBuilder service, int nodeId);

	@Test
	void theLesserSideIsNotReadyAndSaysWhyAndTheOtherStaysReady() {
		try (ConfigurableApplicationContext one = start(1);
				ConfigurableApplicationContext two = start(2);
				ConfigurableApplicationContext three = start(3)) {
			eventually(() -> assertReady(one, 3));
			eventually(() -> assertReady(two, 3));
			eventually(() -> assertReady(three, 3));
			cluster().partition(Set.of(1, 2), Set.of(3));
			eventually(() -> assertThat(get(three, "/health/readiness").statusCode()).isEqualTo(503));
			eventually(() -> assertThat(page(three, "/cpg").at("/ring/quorum").asString()).isEqualTo("INQUORATE"));
			assertThat(page(three, "/cpg").at("/members")).hasSize(1);
			assertThat(page(three, "/health/readiness").at("/components/cpg/details/reason").asString())
				.startsWith("The ring is not quorate");
			assertThat(get(three, "/health/liveness").statusCode()).isEqualTo(200);
			eventually(() -> assertReady(one, 2));
			eventually(() -> assertReady(two, 2));
			cluster().heal();
			eventually(() -> assertReady(one, 3));
			eventually(() -> assertReady(two, 3));
			eventually(() -> assertReady(three, 3));
		}
		catch (IOException | InterruptedException ex) {
			throw new AssertionError(ex);
		}
	}

	private ConfigurableApplicationContext start(int nodeId) {
		return onNode(new SpringApplicationBuilder(Service.class), nodeId).run("--server.port=0",
				"--cpg.member-id=" + nodeId, "--cpg.health.require-quorum=true",
				"--management.endpoint.health.probes.enabled=true",
				"--management.endpoint.health.group.readiness.include=readinessState,cpg",
				"--spring.main.banner-mode=off");
	}

	private void assertReady(ConfigurableApplicationContext service, int nodes)
			throws IOException, InterruptedException {
		JsonNode ring = page(service, "/cpg").path("ring");
		assertThat(ring.path("nodes")).hasSize(nodes);
		assertThat(ring.path("quorum").asString()).isEqualTo("QUORATE");
		assertThat(get(service, "/health/readiness").statusCode()).isEqualTo(200);
	}

	private JsonNode page(ConfigurableApplicationContext service, String path)
			throws IOException, InterruptedException {
		return this.json.readTree(get(service, path).body());
	}

	private HttpResponse<String> get(ConfigurableApplicationContext service, String path)
			throws IOException, InterruptedException {
		String port = service.getEnvironment().getProperty("local.server.port");
		return this.http.send(
				HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/actuator" + path)).build(),
				BodyHandlers.ofString());
	}

	private static void eventually(ThrowingRunnable assertion) {
		await().atMost(Duration.ofSeconds(30)).untilAsserted(assertion);
	}

	/** No configuration that the demo's scan would find. */
	@EnableAutoConfiguration
	static class Service {

	}

}
