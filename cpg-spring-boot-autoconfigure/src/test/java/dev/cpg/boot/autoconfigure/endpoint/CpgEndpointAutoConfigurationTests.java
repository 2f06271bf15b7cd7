package dev.cpg.boot.autoconfigure.endpoint;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

import dev.cpg.boot.autoconfigure.CpgAutoConfiguration;
import dev.cpg.boot.autoconfigure.endpoint.CpgDescriptor.RingDescriptor;
import dev.cpg.client.CorosyncConnectException.Reason;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.RingId;
import dev.cpg.fixture.BusyListener;
import dev.cpg.fixture.RingToggle;
import dev.cpg.fixture.ServiceNode;
import dev.cpg.spring.CpgGroup.State;
import dev.cpg.spring.CpgMembership;
import dev.cpg.spring.CpgOperations;
import dev.cpg.test.TestMember;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.InvocationContext;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointHttpMethod;
import org.springframework.boot.actuate.endpoint.web.WebEndpointsSupplier;
import org.springframework.boot.actuate.endpoint.web.WebOperation;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class CpgEndpointAutoConfigurationTests {

	@AutoClose
	private final ServiceNode node = new ServiceNode();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(CpgAutoConfiguration.class, CpgEndpointAutoConfiguration.class))
		.withInitializer(this.node::register)
		.withPropertyValues("cpg.group=orders", "management.endpoints.web.exposure.include=cpg",
				"cpg.reconnect.initial-interval=1ms");

	@Test
	void showsTheGroup() {
		this.runner.run((context) -> {
			CpgAddress other = this.node.join("orders").address();
			await().until(() -> json(context).get("members").size() == 2);
			JsonNode json = json(context);
			assertThat(json.get("group").asString()).isEqualTo("orders");
			assertThat(json.get("state").asString()).isEqualTo("JOINED");
			assertThat(json.get("member").toString()).isEqualTo("{\"name\":\"1/100\",\"node\":1,\"pid\":100}");
			assertThat(json.get("members").get(0).get("local").asBoolean()).isTrue();
			assertThat(json.get("members").get(1).get("node").asLong()).isEqualTo(2);
			assertThat(json.get("members").get(1).get("pid").asLong()).isEqualTo(other.pid());
			assertThat(json.get("members").get(1).get("since").asString()).endsWith("Z");
			RingId ring = this.node.connection().view().ring();
			assertThat(json.get("ring").toString())
				.isEqualTo("{\"id\":\"%s\",\"representative\":1,\"sequence\":%d,\"nodes\":[1,2],\"quorum\":\"QUORATE\"}"
					.formatted(ring, ring.sequence()));
		});
	}

	@Test
	void showsThatThereAreNoBatchesInsideTheJvm() {
		this.runner.withPropertyValues("cpg.batching.enabled=true")
			.run((context) -> assertThat(json(context).get("batching").toString())
				.isEqualTo("{\"enabled\":false,\"inUse\":false,\"unable\":[],\"sent\":0,\"sentMessages\":0,"
						+ "\"delivered\":0,\"deliveredMessages\":0,\"stale\":0}"));
	}

	@Test
	void showsChangesWithTheirReasonsTheLatestFirst() {
		this.runner.run((context) -> {
			TestMember other = this.node.join("orders");
			other.kill();
			await().until(() -> json(context).get("changes").size() == 4);
			JsonNode latest = json(context).get("changes").get(0);
			assertThat(latest.get("kind").asString()).isEqualTo("MEMBERS");
			assertThat(latest.get("left").toString())
				.isEqualTo("[{\"node\":2,\"pid\":%d,\"reason\":\"PROCDOWN\"}]".formatted(other.address().pid()));
			assertThat(latest.get("joined")).isEmpty();
			assertThat(latest.get("members").asInt()).isEqualTo(1);
			assertThat(latest.get("ring").asString()).isEqualTo(this.node.connection().view().ring().toString());
		});
	}

	@Test
	void membersRingAndChangesAreOfOneMoment() {
		this.runner.withPropertyValues("logging.level.dev.cpg=warn").run((context) -> {
			RingToggle toggle = new RingToggle(this.node, "orders");
			CpgEndpoint endpoint = context.getBean(CpgEndpoint.class);
			while (toggle.isRunning()) {
				toggle.again();
				CpgDescriptor shown = endpoint.cpg();
				assertThat(shown.state()).isEqualTo(State.JOINED);
				RingDescriptor ring = Objects.requireNonNull(shown.ring());
				int nodes = toggle.nodes(ring.sequence());
				assertThat(shown.members()).as(ring.id()).hasSize(nodes);
				assertThat(shown.changes().get(0).ring()).isEqualTo(ring.id());
				if (ring.nodes() != null) {
					assertThat(ring.nodes()).as(ring.id()).hasSize(nodes);
				}
			}
		});
	}

	@Test
	void changesIncludeTheEndOfTheConnectionWithItsCauseAndTheReturn() {
		this.runner.run((context) -> {
			this.node.restart();
			await().until(() -> json(context).get("changes").size() == 5);
			List<JsonNode> changes = json(context).get("changes").valueStream().toList();
			assertThat(changes).extracting((change) -> change.get("kind").asString())
				.containsExactly("MEMBERS", "CONNECTED", "DISCONNECTED", "MEMBERS", "CONNECTED");
			JsonNode end = changes.get(2);
			assertThat(end.get("reason").asString())
				.isEqualTo("The daemon of node 1 ended the connection: it was stopped or killed (CS_ERR_LIBRARY)");
			assertThat(end.get("ring").isNull()).isTrue();
			assertThat(end.get("members").asInt()).isZero();
			assertThat(end.get("time").asString()).endsWith("Z");
		});
	}

	@Test
	void aConnectionThatThisServiceEndedHasNoCause() {
		this.runner.run((context) -> {
			context.getBean(CpgMembership.class).stop();
			List<JsonNode> changes = json(context).get("changes").valueStream().toList();
			assertThat(changes).extracting((change) -> change.get("kind").asString())
				.containsExactly("DISCONNECTED", "MEMBERS", "MEMBERS", "CONNECTED");
			assertThat(changes.get(0).get("reason").isNull()).isTrue();
		});
	}

	@Test
	void attemptsThatFailAreNoChanges() {
		this.node.daemon().kill();
		this.runner.run((context) -> {
			await().until(() -> this.node.attempts() > 3);
			assertThat(json(context).get("changes")).isEmpty();
		});
	}

	@Test
	void keepsTheLastFiftyChanges() {
		this.runner.run((context) -> {
			List<TestMember> others = IntStream.range(0, 30).mapToObj((i) -> this.node.join("orders")).toList();
			others.forEach(TestMember::leave);
			await().until(() -> json(context).at("/counters/changes").asInt() == 61);
			List<JsonNode> changes = json(context).get("changes").valueStream().toList();
			assertThat(changes).hasSize(50);
			assertThat(changes.get(0).at("/left/0/pid").asLong()).isEqualTo(others.get(29).address().pid());
			assertThat(changes.get(49).at("/joined/0/pid").asLong()).isEqualTo(others.get(10).address().pid());
		});
	}

	@Test
	void countsWhatGoesThrough() {
		this.runner.run((context) -> {
			context.getBean(CpgOperations.class).multicast("hello").join();
			await().until(() -> json(context).at("/counters/delivered").asInt() == 1);
			this.node.restart();
			await().until(() -> json(context).at("/counters/reconnects").asInt() == 1);
			await().untilAsserted(() -> assertThat(json(context).get("counters").toString())
				.isEqualTo("{\"sent\":{\"delivered\":1,\"lost\":0,\"unknown\":0,\"rejected\":0},\"delivered\":1,"
						+ "\"unconverted\":0,\"dropped\":0,\"changes\":2,\"reconnects\":1,"
						+ "\"deliveryQueueBytes\":0,\"deliveryLagMillis\":0}"));
		});
	}

	@Test
	void showsWhatWaitsForABusyListener() {
		BusyListener busy = new BusyListener();
		this.runner.withBean(BusyListener.class, () -> busy).run((context) -> {
			context.getBean(CpgOperations.class).multicast(new byte[1000]).join();
			await().untilAsserted(
					() -> assertThat(json(context).at("/counters/deliveryLagMillis").asInt()).isGreaterThan(10));
			assertThat(json(context).at("/counters/deliveryQueueBytes").asInt()).isBetween(1000, 2000);
			busy.release();
			await().untilAsserted(() -> assertThat(json(context).at("/counters/deliveryQueueBytes").asInt()).isZero());
		});
	}

	@Test
	void saysWhyThereIsNoMembership() {
		this.node.refuse(Reason.PERMISSION_DENIED);
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

	@Test
	void eachOfSeveralGroupsHasItsPathAndNamesTheOthers() {
		new WebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(CpgAutoConfiguration.class, CpgEndpointAutoConfiguration.class,
					EndpointAutoConfiguration.class, WebEndpointAutoConfiguration.class))
			.withInitializer(this.node::register)
			.withPropertyValues("cpg.group=orders", "management.endpoints.web.exposure.include=cpg",
					"cpg.groups.audit.group=shop/audit", "cpg.groups.prices.fail-fast=true")
			.run((context) -> {
				JsonNode first = get(context, "cpg", null);
				assertThat(first.get("group").asString()).isEqualTo("orders");
				assertThat(otherGroups(first)).containsExactlyInAnyOrder("shop/audit", "prices");
				JsonNode audit = get(context, "cpg/{group}", "shop-audit");
				assertThat(audit.get("group").asString()).isEqualTo("shop/audit");
				assertThat(audit.get("state").asString()).isEqualTo("JOINED");
				assertThat(otherGroups(audit)).containsExactlyInAnyOrder("orders", "prices");
				assertThat(otherGroups(get(context, "cpg/{group}", "prices"))).containsExactlyInAnyOrder("orders",
						"shop/audit");
				assertThat(otherGroups(get(context, "cpg/{group}", "orders"))).isEqualTo(otherGroups(first));
				assertThat(get(context, "cpg/{group}", "nobody").isNull()).as("not found").isTrue();
			});
	}

	@Test
	void whatGoesThroughOneOfSeveralGroupsIsCountedThere() {
		this.runner.withPropertyValues("cpg.groups.audit.group=audit-log").run((context) -> {
			this.node.join("audit-log").send("hello").join();
			CpgEndpoint endpoint = context.getBean(CpgEndpoint.class);
			await().until(() -> json(endpoint.group("audit-log")).at("/counters/changes").asInt() == 2);
			assertThat(json(endpoint.group("audit-log")).at("/counters/delivered").asInt()).isEqualTo(1);
			assertThat(json(endpoint.group("audit-log")).get("members")).hasSize(2);
			assertThat(json(context).at("/counters/delivered").asInt()).isZero();
			assertThat(json(context).get("members")).hasSize(1);
		});
	}

	private static List<String> otherGroups(JsonNode json) {
		return json.get("otherGroups").valueStream().map(JsonNode::asString).toList();
	}

	/** Asks below {@code /actuator} as a request does. */
	private static JsonNode get(ApplicationContext context, String path, @Nullable String group) {
		WebOperation operation = context.getBean(WebEndpointsSupplier.class)
			.getEndpoints()
			.stream()
			.flatMap((endpoint) -> endpoint.getOperations().stream())
			.filter((candidate) -> candidate.getRequestPredicate().getPath().equals(path)
					&& candidate.getRequestPredicate().getHttpMethod() == WebEndpointHttpMethod.GET)
			.findFirst()
			.orElseThrow();
		return json(operation
			.invoke(new InvocationContext(SecurityContext.NONE, (group != null) ? Map.of("group", group) : Map.of())));
	}

	private static JsonNode json(@Nullable Object descriptor) {
		return JsonMapper.shared().valueToTree(descriptor);
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
