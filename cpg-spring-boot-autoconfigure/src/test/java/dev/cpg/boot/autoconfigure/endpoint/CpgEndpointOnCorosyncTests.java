package dev.cpg.boot.autoconfigure.endpoint;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import dev.cpg.boot.autoconfigure.CpgAutoConfiguration;
import dev.cpg.client.CpgView;
import dev.cpg.spring.CpgOperations;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncNode;
import dev.cpg.test.CorosyncTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@CorosyncTest
@Timeout(60)
class CpgEndpointOnCorosyncTests {

	@Test
	void showsWhoIsThereWhoWentAndWhatWasSaid(CorosyncCluster cluster) {
		service(cluster.node(1), 11).run((context) -> {
			service(cluster.node(1), 12).run((other) -> assertThat(json(other).get("members")).hasSize(2));
			CpgView view = context.getBean(CpgOperations.class).multicast("hello").join();
			await().until(() -> json(context).at("/counters/sent/delivered").asInt() == 1);
			JsonNode json = json(context);
			assertThat(json.at("/members").toString()).matches(
					"\\[\\{\"name\":\"node1/11\",\"node\":1,\"pid\":11,\"since\":\"[-0-9]+T[:.0-9]+Z\",\"local\":true,\"suspect\":false,\"hung\":false}]");
			assertThat(json.at("/ring/id").asString()).isEqualTo(view.ring().toString());
			assertThat(json.at("/ring/nodes").toString()).isEqualTo("[1]");
			assertThat(json.get("changes")
				.valueStream()
				.map((change) -> change.at("/left/0/reason").asString("") + change.at("/joined/0/reason").asString("")))
				.containsExactly("LEAVE", "JOIN", "JOIN", "");
			assertThat(json.at("/counters/delivered").asInt()).isEqualTo(1);
			assertThat(json.at("/counters/changes").asInt()).isEqualTo(3);
		});
	}

	@Test
	void showsAnOutageOfTheDaemonWithItsCause(CorosyncCluster cluster) {
		service(cluster.node(1), 11).run((context) -> {
			cluster.node(1).kill();
			await().until(() -> json(context).get("state").asString().equals("DISCONNECTED"));
			cluster.node(1).start();
			await().atMost(Duration.ofSeconds(30)).until(() -> json(context).get("state").asString().equals("JOINED"));
			List<JsonNode> changes = json(context).get("changes").valueStream().toList();
			assertThat(changes).extracting((change) -> change.get("kind").asString())
				.containsExactly("MEMBERS", "CONNECTED", "DISCONNECTED", "MEMBERS", "CONNECTED");
			assertThat(changes.get(2).get("reason").asString()).contains("the daemon stopped, or died");
		});
	}

	@Test
	void showsWhoCannotReadBatchesAndHowManyThereWere(CorosyncCluster cluster) {
		service(cluster.node(1), 11).withPropertyValues("cpg.batching.enabled=true").run((context) -> {
			await().until(() -> json(context).at("/batching/inUse").asBoolean());
			assertThat(json(context).at("/batching/unable")).isEmpty();
			service(cluster.node(1), 12).run((other) -> {
				await().until(() -> !json(context).at("/batching/inUse").asBoolean());
				assertThat(json(context).at("/batching/enabled").asBoolean()).isTrue();
				assertThat(json(context).at("/batching/unable").toString())
					.isEqualTo("[{\"name\":\"node1/12\",\"node\":1,\"pid\":12}]");
				assertThat(json(other).at("/batching/enabled").asBoolean()).isFalse();
			});
			CpgOperations operations = context.getBean(CpgOperations.class);
			await().until(() -> {
				List<CompletableFuture<CpgView>> sends = IntStream.range(0, 100)
					.mapToObj((i) -> operations.multicast("number " + i))
					.toList();
				sends.forEach(CompletableFuture::join);
				return json(context).at("/batching/sentMessages").asLong() > json(context).at("/batching/sent")
					.asLong();
			});
			JsonNode batching = json(context).get("batching");
			assertThat(batching.get("deliveredMessages").asLong()).isEqualTo(batching.get("sentMessages").asLong());
			cluster.node(1).kill();
			await().until(() -> json(context).get("state").asString().equals("DISCONNECTED"));
			cluster.node(1).start();
			await().atMost(Duration.ofSeconds(30)).until(() -> json(context).at("/batching/inUse").asBoolean());
			assertThat(json(context).at("/batching/sent").asLong()).as("batches of all connections")
				.isEqualTo(batching.get("sent").asLong());
		});
	}

	private static ApplicationContextRunner service(CorosyncNode node, int memberId) {
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(CpgAutoConfiguration.class, CpgEndpointAutoConfiguration.class))
			.withPropertyValues("cpg.group=orders", "cpg.corosync.socket-directory=" + node.socketDirectory(),
					"cpg.member-id=" + memberId, "management.endpoints.web.exposure.include=cpg");
	}

	private static JsonNode json(ApplicationContext context) {
		return JsonMapper.shared().valueToTree(context.getBean(CpgEndpoint.class).cpg());
	}

}
