package dev.cpg.boot.autoconfigure.endpoint;

import java.util.List;

import dev.cpg.boot.autoconfigure.CpgAutoConfiguration;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConnectException.Reason;
import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgReason;
import dev.cpg.fake.FakeConnection;
import dev.cpg.fake.FakeConnector;
import dev.cpg.spring.CpgOperations;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class CpgEndpointAutoConfigurationTests {

	private final FakeConnector connector = new FakeConnector();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(CpgAutoConfiguration.class, CpgEndpointAutoConfiguration.class))
		.withBean(CpgConnector.class, () -> this.connector)
		.withPropertyValues("cpg.group=orders", "management.endpoints.web.exposure.include=cpg",
				"cpg.reconnect.initial-interval=1ms");

	@Test
	void showsTheGroup() {
		this.runner.run((context) -> {
			this.connector.connection().joined(new CpgAddress(2, 200), CpgReason.JOIN);
			await().until(() -> json(context).get("members").size() == 2);
			JsonNode json = json(context);
			assertThat(json.get("group").asString()).isEqualTo("orders");
			assertThat(json.get("state").asString()).isEqualTo("JOINED");
			assertThat(json.get("member").toString()).isEqualTo("{\"name\":\"1/100\",\"node\":1,\"pid\":100}");
			assertThat(json.get("members").get(0).get("local").asBoolean()).isTrue();
			assertThat(json.get("members").get(1).get("node").asLong()).isEqualTo(2);
			assertThat(json.get("members").get(1).get("pid").asLong()).isEqualTo(200);
			assertThat(json.get("members").get(1).get("since").asString()).endsWith("Z");
			assertThat(json.get("ring").toString())
				.isEqualTo("{\"id\":\"1.2f\",\"representative\":1,\"sequence\":47,\"nodes\":[1]}");
		});
	}

	@Test
	void showsChangesWithTheirReasonsTheLatestFirst() {
		this.runner.run((context) -> {
			this.connector.connection().joined(new CpgAddress(2, 200), CpgReason.JOIN);
			this.connector.connection().left(new CpgAddress(2, 200), CpgReason.PROCDOWN);
			await().until(() -> json(context).get("changes").size() == 3);
			JsonNode latest = json(context).get("changes").get(0);
			assertThat(latest.get("left").toString()).isEqualTo("[{\"node\":2,\"pid\":200,\"reason\":\"PROCDOWN\"}]");
			assertThat(latest.get("joined")).isEmpty();
			assertThat(latest.get("members").asInt()).isEqualTo(1);
			assertThat(latest.get("ring").asString()).isEqualTo("1.2f");
		});
	}

	@Test
	void keepsTheLastFiftyChanges() {
		this.runner.run((context) -> {
			for (int i = 0; i < 30; i++) {
				this.connector.connection().joined(new CpgAddress(2, i), CpgReason.JOIN);
				this.connector.connection().left(new CpgAddress(2, i), CpgReason.LEAVE);
			}
			await().until(() -> json(context).at("/counters/changes").asInt() == 61);
			List<JsonNode> changes = json(context).get("changes").valueStream().toList();
			assertThat(changes).hasSize(50);
			assertThat(changes.get(0).at("/left/0/pid").asInt()).isEqualTo(29);
			assertThat(changes.get(49).at("/joined/0/pid").asInt()).isEqualTo(5);
		});
	}

	@Test
	void countsWhatGoesThrough() {
		this.runner.run((context) -> {
			FakeConnection connection = this.connector.connection();
			connection.send().complete(connection.view());
			var unused = context.getBean(CpgOperations.class).multicast("hello");
			await().until(() -> json(context).at("/counters/delivered").asInt() == 1);
			connection.lose("The daemon died");
			await().until(() -> json(context).at("/counters/reconnects").asInt() == 1);
			assertThat(json(context).get("counters").toString())
				.isEqualTo("{\"sent\":{\"delivered\":1,\"lost\":0,\"unknown\":0,\"rejected\":0},\"delivered\":1,"
						+ "\"unconverted\":0,\"dropped\":0,\"changes\":2,\"reconnects\":1,"
						+ "\"deliveryQueueBytes\":1234,\"deliveryLagMillis\":1500}");
		});
	}

	@Test
	void saysWhyThereIsNoMembership() {
		this.connector.refuse(Reason.PERMISSION_DENIED);
		this.runner.run((context) -> {
			JsonNode json = json(context);
			assertThat(json.get("state").asString()).isEqualTo("DISCONNECTED");
			assertThat(json.get("reason").asString()).startsWith("There is no daemon here");
			assertThat(json.get("members")).isEmpty();
			assertThat(json.get("ring").isNull()).isTrue();
		});
	}

	@Test
	void theApplicationsOwnEndpointReplacesThis() {
		this.runner.withBean("cpgEndpoint", OwnEndpoint.class)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(CpgEndpoint.class));
	}

	@Test
	void isNotThereUnlessExposed() {
		this.runner.withPropertyValues("management.endpoints.web.exposure.include=health")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(CpgEndpoint.class)
				.doesNotHaveBean(CpgActivity.class));
	}

	@Test
	void backsOffWithoutAMembership() {
		this.runner.withPropertyValues("cpg.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(CpgEndpoint.class));
	}

	private static JsonNode json(ApplicationContext context) {
		return JsonMapper.shared().valueToTree(context.getBean(CpgEndpoint.class).cpg());
	}

	@Endpoint(id = "cpg")
	static final class OwnEndpoint {

		@ReadOperation
		String read() {
			return "mine";
		}

	}

}
