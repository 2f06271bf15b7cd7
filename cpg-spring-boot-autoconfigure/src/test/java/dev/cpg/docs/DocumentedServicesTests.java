package dev.cpg.docs;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import dev.cpg.boot.autoconfigure.CpgProperties;
import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgOverflow;
import dev.cpg.spring.CpgGroup;
import dev.cpg.spring.CpgGroup.State;
import dev.cpg.spring.CpgOperations;
import dev.cpg.spring.CpgTemplate;
import dev.cpg.spring.message.CpgMessageMapper;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncNode;
import dev.cpg.test.CorosyncTest;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.RandomValuePropertySource;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.awaitility.Awaitility.await;

/**
 * The code that the documents show, on real daemons.
 */
@CorosyncTest(nodes = 2)
@ExtendWith(OutputCaptureExtension.class)
@Timeout(90)
class DocumentedServicesTests {

	private static final AtomicInteger GROUPS = new AtomicInteger();

	private static final Duration LONG = Duration.ofSeconds(10);

	private final String groupName = "--cpg.group=documented-" + GROUPS.incrementAndGet();

	@Test
	void theServiceOfTheReadmeIsNotified(CorosyncCluster cluster, CapturedOutput output) {
		try (ConfigurableApplicationContext one = start(cluster.node(1), List.of(Orders.class), yaml("basic"));
				ConfigurableApplicationContext two = start(cluster.node(2), List.of(Orders.class), yaml("basic"))) {
			assertThat(one.getBean(CpgGroup.class).getName()).isEqualTo("orders");
			assertThat(two.getBean(Orders.class).place(new Order(1, "tea"))).succeedsWithin(LONG);
			await().untilAsserted(() -> assertThat(output).contains("joined [2/22 JOIN], left [], now [1/11, 2/22]"));
			await().untilAsserted(
					() -> assertThat(output.getAll().split("2/22 placed Order\\[id=1, item=tea]", -1)).hasSize(3));
		}
	}

	@Test
	void listenersGetTheEventsThatTheyDeclare(CorosyncCluster cluster) {
		String note = "--cpg.messages.types.note=" + Note.class.getName();
		try (ConfigurableApplicationContext one = start(cluster.node(1), List.of(Listeners.class), this.groupName)) {
			List<String> heard = one.getBean(Listeners.class).heard;
			try (ConfigurableApplicationContext two = start(cluster.node(2), List.of(), this.groupName, note)) {
				send(two, new Order(1, "tea"), Map.of("shop", "north"));
				send(one, new Order(2, "tea"), Map.of());
				send(two, "a text", Map.of());
				send(two, new Note("x"), Map.of());
				assertThat(two.getBean(CpgOperations.class).multicast("raw")).succeedsWithin(LONG);
				await().untilAsserted(() -> assertThat(heard).contains("raw: raw"));
			}
			await().untilAsserted(() -> assertThat(heard).contains("2/22 left: LEAVE"));
			assertThat(heard).contains("connected as 1/11", "1/11 joined: JOIN", "the first in the list",
					"nodes [1, 2]", "now [1/11, 2/22]", "2/22 said a text", "unknown note: {\"text\":\"x\"}",
					"of another member: 1", "of the shop on node 2: 1", "of another member, by itself: 1");
			assertThat(heard).anyMatch((line) -> line.startsWith("2/22 sent Order[id=1, item=tea] with {"))
				.containsSubsequence("order 1", "order 2")
				.doesNotContain("of another member: 2", "of another member, by itself: 2")
				.noneMatch((line) -> line.startsWith("in the audit log"));
			assertThat(one.getBean(Listeners.class).now()).startsWith("JOINED on ring ").endsWith("with [1/11]");
		}
	}

	@Test
	void exceptionsOfListenersGoToTheErrorHandler(CorosyncCluster cluster) {
		try (ConfigurableApplicationContext one = start(cluster.node(1),
				List.of(ErrorsConfiguration.class, Listeners.class), this.groupName)) {
			send(one, new Order(7, ""), Map.of());
			ErrorsConfiguration errors = one.getBean(ErrorsConfiguration.class);
			await().untilAsserted(() -> assertThat(errors.failures).singleElement()
				.asString()
				.endsWith(": java.lang.IllegalArgumentException: nothing ordered"));
			await().untilAsserted(() -> assertThat(one.getBean(Listeners.class).heard).contains("order 7"));
		}
	}

	@Test
	void anAsynchronousListenerOnOneThreadKeepsTheOrder(CorosyncCluster cluster) {
		try (ConfigurableApplicationContext one = start(cluster.node(1),
				List.of(AsyncConfiguration.class, AsyncListener.class), this.groupName)) {
			for (int i = 0; i < 5; i++) {
				send(one, new Order(i, "tea"), Map.of());
			}
			await().untilAsserted(
					() -> assertThat(one.getBean(AsyncListener.class).done()).containsExactly("0 by orderWorker-1",
							"1 by orderWorker-1", "2 by orderWorker-1", "3 by orderWorker-1", "4 by orderWorker-1"));
		}
	}

	@Test
	void sendingReportsItsOutcome(CorosyncCluster cluster) {
		try (ConfigurableApplicationContext one = start(cluster.node(1), List.of(Sender.class, Listeners.class),
				this.groupName)) {
			Sender sender = one.getBean(Sender.class);
			assertThat(sender.raw("raw")).succeedsWithin(LONG);
			assertThat(sender.typed(new Order(1, "tea"))).succeedsWithin(LONG);
			assertThat(sender.outcome(new Order(2, "tea"))).succeedsWithin(LONG).isEqualTo(true);
			assertThat(sender.notes).singleElement().asString().startsWith("delivered to [1/11] on ring 1.");
			await().untilAsserted(() -> assertThat(one.getBean(Listeners.class).heard).contains("raw: raw")
				.anyMatch((line) -> line.contains("correlationId=") && line.contains("shop=north")));
			cluster.node(1).kill();
			await().until(() -> one.getBean(CpgGroup.class).getState() == State.DISCONNECTED);
			assertThat(sender.outcome(new Order(3, "tea"))).succeedsWithin(LONG).isEqualTo(false);
			assertThat(sender.notes).endsWith("not sent: no member at the moment");
		}
	}

	@Test
	void aSecondTemplateIsAvailable(CorosyncCluster cluster) {
		try (ConfigurableApplicationContext one = start(cluster.node(1), List.of(UrgentConfiguration.class),
				this.groupName)) {
			CpgTemplate first = one.getBean(CpgTemplate.class);
			CpgTemplate urgent = BeanFactoryAnnotationUtils.qualifiedBeanOfType(one.getBeanFactory(), CpgTemplate.class,
					"urgent");
			assertThat(urgent).isNotSameAs(first);
			CpgTemplate impatient = one.getBean(UrgentConfiguration.class).impatient(first);
			assertThat(List.of(first, urgent, impatient))
				.allSatisfy((template) -> assertThat(template.multicast("hello")).succeedsWithin(LONG));
			cluster.node(1).pause();
			assertThat(urgent.multicast("too late")).failsWithin(Duration.ofSeconds(5))
				.withThrowableThat()
				.withCauseInstanceOf(CorosyncException.class);
			cluster.node(1).resume();
		}
	}

	@Test
	void additionalGroupsHaveTheirOwnBeans(CorosyncCluster cluster) {
		try (ConfigurableApplicationContext one = start(cluster.node(1), List.of(Audit.class, Listeners.class),
				yaml("groups"))) {
			assertThat(one.getBean(CpgGroup.class).getName()).isEqualTo("orders");
			Audit audit = one.getBean(Audit.class);
			assertThat(audit.note("seen")).succeedsWithin(LONG);
			assertThat(audit.status()).startsWith("audit-log: JOINED, ");
			List<String> heard = one.getBean(Listeners.class).heard;
			await().untilAsserted(() -> assertThat(heard).contains("1/11 said seen"));
			send(one, new Order(1, "tea"), Map.of());
			assertThat(BeanFactoryAnnotationUtils.qualifiedBeanOfType(one.getBeanFactory(), CpgTemplate.class, "audit")
				.convertAndMulticast(new Order(2, "tea"))).succeedsWithin(LONG);
			await().untilAsserted(() -> assertThat(heard).contains("order 1", "in the audit log: 2"));
			assertThat(heard).doesNotContain("in the audit log: 1");
		}
	}

	@Test
	void otherConvertersReplaceTheDefaultOnes(CorosyncCluster cluster) {
		try (ConfigurableApplicationContext one = start(cluster.node(1),
				List.of(ConvertersConfiguration.class, Listeners.class), this.groupName)) {
			send(one, new Order(1, "tea"), Map.of());
			await().untilAsserted(() -> assertThat(one.getBean(Listeners.class).heard).contains("order 1"));
			assertThat(one.getBean(CpgMessageMapper.class)
				.write("{}".getBytes(StandardCharsets.UTF_8), Map.of("contentType", "application/json")))
				.asString(StandardCharsets.UTF_8)
				.endsWith("{}");
		}
	}

	@Test
	void readinessFollowsTheMembership(CorosyncCluster cluster) {
		try (ConfigurableApplicationContext one = start(cluster.node(1), List.of(), yaml("health"), this.groupName)) {
			assertThat(status(one, "readiness")).isEqualTo(Status.UP);
			cluster.node(1).kill();
			await().untilAsserted(() -> assertThat(status(one, "readiness")).isEqualTo(Status.DOWN));
			assertThat(status(one, "liveness")).isEqualTo(Status.UP);
			cluster.node(1).start();
			await().atMost(Duration.ofSeconds(30))
				.untilAsserted(() -> assertThat(status(one, "readiness")).isEqualTo(Status.UP));
		}
	}

	@Test
	void aReadinessGroupThatNamesAMissingMembershipIsRefusedUnlessValidationIsOff(CorosyncCluster cluster) {
		String[] arguments = { yaml("health"), "--cpg.enabled=false",
				"--management.endpoint.health.validate-group-membership=false" };
		assertThatException().isThrownBy(() -> start(cluster.node(1), List.of(), arguments[0], arguments[1]).close())
			.withMessageContaining("'cpg'");
		try (ConfigurableApplicationContext one = start(cluster.node(1), List.of(), arguments)) {
			assertThat(status(one, "readiness")).isEqualTo(Status.UP);
		}
	}

	private static Status status(ConfigurableApplicationContext context, String group) {
		return Objects.requireNonNull(context.getBean(HealthEndpoint.class).healthForPath(group)).getStatus();
	}

	@Test
	void sendsAndDeliveriesAreObservedWithTheApplicationsTags(CorosyncCluster cluster) {
		try (ConfigurableApplicationContext one = start(cluster.node(1),
				List.of(ObservationConfiguration.class, Recorder.class), yaml("observation"), this.groupName)) {
			send(one, new Order(1, "tea"), Map.of());
			await().untilAsserted(() -> assertThat(one.getBean(Recorder.class).stopped)
				.anyMatch((line) -> line.startsWith("cpg.template ") && line.contains("payload=Order"))
				.anyMatch((line) -> line.startsWith("cpg.listener ")));
		}
	}

	@Test
	void settingsForSlowListenersApply(CorosyncCluster cluster) {
		try (ConfigurableApplicationContext one = start(cluster.node(1), List.of(), yaml("tuning"), this.groupName)) {
			CpgProperties properties = one.getBean(CpgProperties.class);
			assertThat(properties.getDelivery().getQueueCapacity()).isEqualTo(DataSize.ofMegabytes(256));
			assertThat(properties.getDelivery().getOverflow()).isEqualTo(CpgOverflow.LEAVE);
			assertThat(one.getBean(CpgGroup.class).getState()).isEqualTo(State.JOINED);
		}
	}

	@Test
	void servicesInContainersHaveDifferentMemberIds(CorosyncCluster cluster) {
		List<String> arguments = List.of(yaml("containers"), this.groupName);
		try (ConfigurableApplicationContext one = startAsAnyone(cluster.node(1), List.of(), arguments);
				ConfigurableApplicationContext two = startAsAnyone(cluster.node(1), List.of(), arguments)) {
			assertThat(two.getBean(CpgGroup.class).getMembers()).hasSize(2);
			await().untilAsserted(() -> assertThat(one.getBean(CpgGroup.class).getMembers()).hasSize(2));
		}
	}

	@Test
	void thePodHasTheHostsNetworkAndMemoryAndItsOwnUserAndMemberId() {
		JsonNode daemonSet = JsonMapper.shared()
			.valueToTree(new Yaml().load(String.join("\n", Document.lines(Document.ROOT
				.resolve("cpg-spring-boot-autoconfigure/src/test/resources/dev/cpg/docs/kubernetes.yaml")))));
		JsonNode pod = daemonSet.at("/spec/template/spec");
		assertThat(pod.path("hostNetwork").asBoolean(false)).isTrue();
		assertThat(pod.path("hostIPC").asBoolean(false)).isTrue();
		String docker = String.join("\n", Document.lines(Document.ROOT.resolve("docs/deployment.md")));
		assertThat(pod.at("/securityContext/runAsUser").asInt(0)).as("a number, which the kubelet wants").isPositive();
		assertThat(docker).contains("--user " + pod.at("/securityContext/runAsUser").asInt() + " ");
		JsonNode environment = pod.at("/containers/0/env");
		assertThat(environment.valueStream().map((variable) -> variable.path("name").asString("")))
			.containsExactly("CPG_MEMBERID");
		String memberId = environment.at("/0/value").asString("");
		assertThat(List.of(memberIdOf(memberId), memberIdOf(memberId))).as("of two pods").doesNotHaveDuplicates();
	}

	/** The value that Boot reads from the environment variable. */
	private static long memberIdOf(String variable) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources()
			.replace(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, new SystemEnvironmentPropertySource(
					StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, Map.of("CPG_MEMBERID", variable)));
		environment.getPropertySources().addLast(new RandomValuePropertySource());
		return Objects.requireNonNull(Binder.get(environment).bindOrCreate("cpg", CpgProperties.class).getMemberId());
	}

	@Test
	void inARollingRestartTheOthersSeeEachInstanceLeaveAndJoinAndItIsReadyAsAMember(CorosyncCluster cluster) {
		String[] arguments = { yaml("health"), this.groupName };
		try (ConfigurableApplicationContext one = start(cluster.node(1), List.of(Listeners.class), arguments)) {
			List<String> heard = one.getBean(Listeners.class).heard;
			try (ConfigurableApplicationContext two = start(cluster.node(2), List.of(), arguments)) {
				assertThat(status(two, "readiness")).isEqualTo(Status.UP);
				await().untilAsserted(() -> assertThat(heard).contains("2/22 joined: JOIN"));
			}
			await().untilAsserted(() -> assertThat(heard).contains("2/22 left: LEAVE"));
			try (ConfigurableApplicationContext two = start(cluster.node(2), List.of(), arguments)) {
				assertThat(status(two, "readiness")).as("as soon as it has started").isEqualTo(Status.UP);
				assertThat(two.getBean(CpgGroup.class).getMembers()).hasSize(2);
				await().untilAsserted(() -> assertThat(heard).containsSubsequence("2/22 joined: JOIN",
						"2/22 left: LEAVE", "2/22 joined: JOIN"));
				assertThat(heard).noneMatch((line) -> line.startsWith("2/22 left") && !line.endsWith("LEAVE"));
				assertThat(status(one, "readiness")).isEqualTo(Status.UP);
			}
		}
	}

	@Test
	void anInstanceThatCannotJoinStopsARollingRestartAndTheOthersGoOn(CorosyncCluster cluster) {
		String[] arguments = { yaml("health"), this.groupName };
		try (ConfigurableApplicationContext one = start(cluster.node(1), List.of(), arguments)) {
			cluster.node(2).stop();
			try (ConfigurableApplicationContext two = start(cluster.node(2), List.of(), arguments)) {
				assertThat(status(two, "readiness")).isEqualTo(Status.DOWN);
				assertThat(status(two, "liveness")).isEqualTo(Status.UP);
				assertThat(status(one, "readiness")).isEqualTo(Status.UP);
				cluster.node(2).start();
				await().atMost(Duration.ofSeconds(30))
					.untilAsserted(() -> assertThat(status(two, "readiness")).isEqualTo(Status.UP));
				assertThat(two.getBean(CpgGroup.class).getState()).isEqualTo(State.JOINED);
				await().untilAsserted(() -> assertThat(one.getBean(CpgGroup.class).getMembers()).hasSize(2));
			}
		}
	}

	@Test
	void listenersThatSendAnswerOnceAndForwardOnlyLocalEvents(CorosyncCluster cluster) {
		try (ConfigurableApplicationContext one = start(cluster.node(1), List.of(Bridge.class), this.groupName);
				ConfigurableApplicationContext two = start(cluster.node(2), List.of(Bridge.class), this.groupName)) {
			one.publishEvent(new Order(1, "tea"));
			await().untilAsserted(() -> assertThat(one.getBean(Bridge.class).heard).contains("2/22 said got order 1"));
			send(two, "the last", Map.of());
			for (ConfigurableApplicationContext each : List.of(one, two)) {
				await()
					.untilAsserted(() -> assertThat(each.getBean(Bridge.class).heard).contains("2/22 said the last"));
			}
			assertThat(one.getBean(Bridge.class).sent).containsExactly("Order[id=1, item=tea]");
			assertThat(two.getBean(Bridge.class).sent).containsExactly("got order 1");
		}
	}

	@Test
	void readinessCanDependOnOneOfSeveralGroups(CorosyncCluster cluster) {
		try (ConfigurableApplicationContext one = start(cluster.node(1), List.of(), yaml("health-of-a-group"),
				"--cpg.group=orders", "--cpg.groups.audit.group=audit-log",
				"--cpg.groups.audit.corosync.socket-directory=/nowhere")) {
			assertThat(one.getBean(HealthEndpoint.class).health().getStatus()).isEqualTo(Status.DOWN);
			assertThat(status(one, "readiness")).isEqualTo(Status.UP);
			cluster.node(1).stop();
			await().untilAsserted(() -> assertThat(status(one, "readiness")).isEqualTo(Status.DOWN));
		}
		finally {
			cluster.node(1).start();
		}
	}

	private static String yaml(String name) {
		return "--spring.config.import=classpath:dev/cpg/docs/" + name + ".yaml";
	}

	/** Services on node 1 are members as 1/11, those on node 2 as 2/22. */
	private static ConfigurableApplicationContext start(CorosyncNode node, List<Class<?>> sources,
			String... arguments) {
		List<String> all = new ArrayList<>(List.of(arguments));
		all.add("--cpg.member-id=" + 11 * node.nodeId());
		return startAsAnyone(node, sources, all);
	}

	private static ConfigurableApplicationContext startAsAnyone(CorosyncNode node, List<Class<?>> sources,
			List<String> arguments) {
		List<String> all = new ArrayList<>(arguments);
		all.add("--cpg.corosync.socket-directory=" + node.socketDirectory());
		all.add("--cpg.reconnect.max-interval=200ms");
		all.add("--spring.main.banner-mode=off");
		return new SpringApplicationBuilder(Application.class).sources(sources.toArray(Class<?>[]::new))
			.web(WebApplicationType.NONE)
			.run(all.toArray(String[]::new));
	}

	private static void send(ConfigurableApplicationContext context, Object payload, Map<String, Object> headers) {
		assertThat(context.getBean(CpgOperations.class).convertAndMulticast(payload, headers)).succeedsWithin(LONG);
	}

	record Note(String text) {
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	static class Recorder {

		final List<String> stopped = new CopyOnWriteArrayList<>();

		@Bean
		ObservationRegistry observationRegistry() {
			ObservationRegistry registry = ObservationRegistry.create();
			registry.observationConfig().observationHandler(new ObservationHandler<Observation.Context>() {

				@Override
				public void onStop(Observation.Context context) {
					Recorder.this.stopped.add(context.getName() + " " + context.getLowCardinalityKeyValues());
				}

				@Override
				public boolean supportsContext(Observation.Context context) {
					return true;
				}

			});
			return registry;
		}

	}

}
