package dev.cpg.demo.cluster;

import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

import org.awaitility.core.ThrowingRunnable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What {@code scripts/demo --check} tries in embedded mode: the page is there, and a
 * split has the members on each side receive the messages of their own side only, and a
 * leader on the side with quorum only.
 */
final class ClusterCheck {

	private final int port;

	private final ClusterApi api;

	private ClusterCheck(int port) {
		this.port = port;
		this.api = new ClusterApi(port);
	}

	/**
	 * Checks a service.
	 * @param args the port of the service
	 */
	public static void main(String[] args) throws Exception {
		ClusterCheck check = new ClusterCheck(Integer.parseInt(args[0]));
		within(Duration.ofSeconds(60), check::page);
		System.out.printf("The page is there after %d ms%n", ManagementFactory.getRuntimeMXBean().getUptime());
		check.split();
	}

	private void page() throws Exception {
		HttpResponse<String> page = HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.port + "/")).build(),
					BodyHandlers.ofString());
		assertThat(page.body()).contains("data-testid=\"cluster-view\"");
		assertThat(this.api.get("").path("members")).hasSize(ClusterConfiguration.NODES);
	}

	private void split() throws Exception {
		this.api.act("/reset", "{}");
		String one = this.api.membersOn(1).get(0);
		String two = this.api.membersOn(2).get(0);
		String three = this.api.membersOn(3).get(0);
		long token = this.api.lead(three).path("token").asLong();
		assertThat(this.api.lead(three).path("leader").asString("")).isEqualTo(three);
		this.api.act("/sides", "[[1,2],[3]]");
		within(Duration.ofSeconds(20), () -> {
			assertThat(this.api.viewOf(one)).containsExactly(one, two);
			assertThat(this.api.viewOf(three)).containsExactly(three);
			assertThat(this.api.lead(three).path("vacancy").asString("")).isEqualTo("INQUORATE");
			assertThat(this.api.lead(one).path("token").asLong()).isGreaterThan(token);
			assertThat(this.api.lead(two)).isEqualTo(this.api.lead(one));
		});
		this.api.send(one, "here");
		this.api.send(three, "there");
		this.api.act("/heal", "{}");
		for (String member : List.of(one, two)) {
			within(Duration.ofSeconds(20), () -> assertThat(this.api.lane(member)).containsExactly(three + " NODEDOWN",
					"here", three + " NODEUP"));
		}
		within(Duration.ofSeconds(20),
				() -> assertThat(this.api.lead(three)).isEqualTo(this.api.lead(one)).isEqualTo(this.api.lead(two)));
	}

	private static void within(Duration limit, ThrowingRunnable assertion) {
		await().atMost(limit).ignoreExceptions().untilAsserted(assertion);
	}

}
