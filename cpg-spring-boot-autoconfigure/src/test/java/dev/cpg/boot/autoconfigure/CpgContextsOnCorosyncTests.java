package dev.cpg.boot.autoconfigure;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.cpg.client.CpgView;
import dev.cpg.client.RingId;
import dev.cpg.spring.CpgGroup;
import dev.cpg.spring.CpgGroup.State;
import dev.cpg.spring.CpgMembership;
import dev.cpg.spring.CpgOperations;
import dev.cpg.spring.event.CpgDeliverEvent;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncNode;
import dev.cpg.test.CorosyncTest;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.servlet.ServletContextInitializer;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.task.AsyncTaskExecutor;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The ways in which a context lives and ends, as the other members see it.
 */
@CorosyncTest(nodes = 2)
@ExtendWith(OutputCaptureExtension.class)
@Timeout(90)
class CpgContextsOnCorosyncTests {

	private static final AtomicInteger GROUPS = new AtomicInteger();

	private final String groupName = "contexts-" + GROUPS.incrementAndGet();

	private final CorosyncNode node;

	private final CorosyncNode otherNode;

	CpgContextsOnCorosyncTests(CorosyncCluster cluster) {
		this.node = cluster.node(1);
		this.otherNode = cluster.node(2);
	}

	@BeforeEach
	void forgetTheLastTest() {
		Lifecycles.other = null;
		Lifecycles.seen.clear();
	}

	private Service startOther() {
		return Service.start(this.otherNode, "cpg.group=" + this.groupName, "cpg.member-id=22");
	}

	private String[] properties(String... more) {
		List<String> all = new ArrayList<>(List.of("cpg.group=" + this.groupName, "cpg.member-id=11",
				"cpg.corosync.socket-directory=" + this.node.socketDirectory()));
		all.addAll(List.of(more));
		return all.toArray(String[]::new);
	}

	private static List<String> changes(Service service) {
		return service.heard().stream().filter((line) -> line.contains("1/11")).toList();
	}

	@Test
	void theApplicationsOwnConnectionDetailsWinOverTheProperty() {
		OwnConnectionDetails.directory = this.node.socketDirectory();
		try (Service service = Service.start(List.of(OwnConnectionDetails.class),
				properties("cpg.corosync.socket-directory=/does/not/exist"))) {
			assertThat(service.members()).containsExactly("1/11");
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void isAMemberBeforeTheWebServerTakesRequestsAndLeavesBeforeItStopsTakingThem(boolean lazy) {
		try (Service other = startOther()) {
			Lifecycles.other = other;
			Service service = Service.start(List.of(Lifecycles.class), properties("server.port=0",
					"spring.main.web-application-type=servlet", "spring.main.lazy-initialization=" + lazy));
			assertThat(service.group().getState()).isEqualTo(State.JOINED);
			service.close();
			assertThat(Lifecycles.seen).containsExactly("before the web server: JOINED", "default phase: JOINED",
					"between: DISCONNECTED, the other heard of the LEAVE, the web server answers 200");
			assertThat(changes(other)).endsWith("goodbye from 1/11", "joined [] left [1/11 LEAVE]");
		}
	}

	@Test
	void aContextThatIsStoppedOrPausedIsNoMemberUntilItGoesOn() {
		try (Service other = startOther(); Service service = Service.start(List.of(), properties())) {
			service.context().stop();
			assertThat(service.group().getState()).isEqualTo(State.DISCONNECTED);
			service.context().start();
			assertThat(service.members()).containsExactly("1/11", "2/22");
			service.context().pause();
			assertThat(service.group().getState()).isEqualTo(State.DISCONNECTED);
			service.context().restart();
			assertThat(service.members()).containsExactly("1/11", "2/22");
			String join = "joined [1/11 JOIN] left []";
			String leave = "joined [] left [1/11 LEAVE]";
			await().untilAsserted(() -> assertThat(changes(other)).containsExactly(join, leave, join, leave, join));
			assertThat(service.template().multicast("hello")).succeedsWithin(Duration.ofSeconds(10));
		}
	}

	@Test
	void aContextThatIsRefreshedLeavesAndJoinsAgain(CapturedOutput output) {
		try (Service other = startOther()) {
			try (AnnotationConfigWebApplicationContext context = new AnnotationConfigWebApplicationContext()) {
				context.getEnvironment()
					.getPropertySources()
					.addFirst(new MapPropertySource("test", Map.of("cpg.group", this.groupName, "cpg.member-id", "11",
							"cpg.fail-fast", "true", "cpg.corosync.socket-directory", this.node.socketDirectory())));
				context.register(CpgAutoConfiguration.class);
				context.refresh();
				CpgGroup first = context.getBean(CpgGroup.class);
				assertThat(first.getState()).isEqualTo(State.JOINED);
				context.refresh();
				assertThat(first.getState()).isEqualTo(State.DISCONNECTED);
				assertThat(context.getBean(CpgGroup.class)).isNotSameAs(first);
				assertThat(context.getBean(CpgGroup.class).getState()).isEqualTo(State.JOINED);
			}
			String join = "joined [1/11 JOIN] left []";
			String leave = "joined [] left [1/11 LEAVE]";
			await().untilAsserted(() -> assertThat(changes(other)).containsExactly(join, leave, join, leave));
		}
		assertThat(output).doesNotContain("ERROR");
	}

	@Test
	void contextsInOneJvmAreMembersOfTheirOwn() {
		try (Service one = Service.start(List.of(), properties());
				Service sameGroup = Service.start(List.of(), properties("cpg.member-id=12"));
				Service otherGroup = Service.start(List.of(), properties("cpg.group=" + this.groupName + "-other"))) {
			await().untilAsserted(() -> assertThat(one.members()).containsExactly("1/11", "1/12"));
			assertThat(sameGroup.members()).containsExactly("1/11", "1/12");
			assertThat(otherGroup.members()).containsExactly("1/11");
			assertThat(sameGroup.template().multicast("hello")).succeedsWithin(Duration.ofSeconds(10));
			await().untilAsserted(() -> assertThat(one.heard()).contains("hello from 1/12"));
			sameGroup.context().close();
			await().untilAsserted(() -> assertThat(one.members()).containsExactly("1/11"));
			assertThat(otherGroup.members()).containsExactly("1/11");
			assertThat(otherGroup.template().multicast("hello")).succeedsWithin(Duration.ofSeconds(10));
			assertThat(one.heard()).contains("joined [] left [1/12 LEAVE]");
			assertThat(otherGroup.heard()).doesNotContain("hello from 1/12");
		}
	}

	@Test
	void contextsInOneGroupHaveMemberIdsOfTheirOwn() {
		String[] properties = { "cpg.group=" + this.groupName, "cpg.fail-fast=true",
				"cpg.corosync.socket-directory=" + this.node.socketDirectory() };
		String pid = "1/" + ProcessHandle.current().pid();
		String derived = "1/" + (ProcessHandle.current().pid() + 4_194_304);
		try (Service one = Service.start(List.of(), properties)) {
			try (Service two = Service.start(List.of(), properties)) {
				await().untilAsserted(() -> assertThat(one.members()).containsExactly(pid, derived));
				assertThat(two.health().getDetails()).containsEntry("member", derived.replaceFirst("1/", "node1/"));
				assertThat(two.template().multicast("hello")).succeedsWithin(Duration.ofSeconds(10));
				await().untilAsserted(() -> assertThat(one.heard()).contains("hello from " + derived));
			}
			try (Service three = Service.start(List.of(), properties)) {
				assertThat(three.members()).containsExactly(pid, derived);
			}
		}
	}

	@Test
	void aServiceInSixtyOneGroupsJoinsThemAllAndKeepsTheRing() {
		try (Service other = startOther()) {
			RingId ring = other.group().getRing();
			List<String> groups = IntStream.range(0, 60)
				.mapToObj((i) -> "cpg.groups.g%d.group=%s-%d".formatted(i, this.groupName, i))
				.toList();
			try (Service service = Service.start(List.of(),
					properties(Stream.concat(groups.stream(), Stream.of("cpg.fail-fast=true", "cpg.join-timeout=60s"))
						.toArray(String[]::new)))) {
				assertThat(service.context().getBeansOfType(CpgMembership.class).values()).hasSize(61)
					.allSatisfy((membership) -> {
						assertThat(membership.getGroup().getState()).isEqualTo(State.JOINED);
						assertThat(membership.getGroup().getNames().nodes()).containsEntry(1L, "node1");
					});
				assertThat(other.group().getRing()).isEqualTo(ring);
			}
		}
	}

	@Test
	void lazyInitializationDelaysNeitherTheJoinNorTheListeners() {
		try (Service other = startOther();
				Service service = Service.start(List.of(), properties("spring.main.lazy-initialization=true"))) {
			await().untilAsserted(() -> assertThat(changes(other)).containsExactly("joined [1/11 JOIN] left []"));
			assertThat(service.group().getState()).isEqualTo(State.JOINED);
			assertThat(service.heard()).startsWith("connected 1/11", "joined [1/11 JOIN] left []");
			assertThat(service.meters().get("cpg.configuration.changes").tag("reason", "join").counter().count())
				.isPositive();
		}
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21, disabledReason = "There are no virtual threads")
	void virtualThreadsSendAndListenersAreCalledByOnePlatformThread() throws Exception {
		try (Service service = Service.start(List.of(Threads.class),
				properties("spring.threads.virtual.enabled=true"))) {
			AsyncTaskExecutor executor = service.context().getBean("applicationTaskExecutor", AsyncTaskExecutor.class);
			CpgOperations template = service.template();
			List<Future<String>> sent = new ArrayList<>();
			for (int i = 0; i < 200; i++) {
				sent.add(executor.submit(() -> {
					CpgView view = template.multicast("hello").get(10, TimeUnit.SECONDS);
					return view.members() + " seen by " + Thread.currentThread();
				}));
			}
			for (Future<String> future : sent) {
				assertThat(future.get(20, TimeUnit.SECONDS)).startsWith("[1/11] seen by VirtualThread[");
			}
			Set<String> threads = service.context().getBean(Threads.class).threads;
			// A send may be done just before its listener is notified.
			await().untilAsserted(() -> assertThat(threads).singleElement()
				.asString()
				.startsWith("Thread[")
				.contains("cpg-" + this.groupName));
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnConnectionDetails {

		private static Path directory = Path.of("/");

		@Bean
		CpgConnectionDetails ownConnectionDetails() {
			return new CpgConnectionDetails() {

				@Override
				public Path getSocketDirectory() {
					return directory;
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Threads {

		private final Set<String> threads = ConcurrentHashMap.newKeySet();

		@EventListener
		void on(CpgDeliverEvent<byte[]> event) {
			this.threads.add(Thread.currentThread().toString());
		}

	}

	/**
	 * Looks around in the phases between those of the membership and the web server.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Lifecycles {

		private static final List<String> seen = new CopyOnWriteArrayList<>();

		private static volatile @Nullable Service other;

		@Bean
		ServletContextInitializer greeting() {
			return (servletContext) -> servletContext.addServlet("greeting", new Greeting()).addMapping("/greeting");
		}

		@Bean
		Phase beforeTheWebServer(CpgGroup group) {
			return new Phase(SmartLifecycle.DEFAULT_PHASE - 2049,
					() -> seen.add("before the web server: " + group.getState()), () -> {
					});
		}

		@Bean
		Phase inTheDefaultPhase(CpgGroup group, CpgOperations template) {
			return new Phase(SmartLifecycle.DEFAULT_PHASE, () -> {
			}, () -> {
				seen.add("default phase: " + group.getState());
				template.multicast("goodbye").join();
			});
		}

		/**
		 * Here the service has left already, and the web server has not begun to stop.
		 */
		@Bean
		Phase betweenLeavingAndTheWebServersEnd(CpgGroup group, Environment environment) {
			return new Phase(SmartLifecycle.DEFAULT_PHASE - 1000, () -> {
			}, () -> {
				String state = "between: " + group.getState();
				await().until(() -> heardOfTheLeave());
				seen.add(state + ", the other heard of the LEAVE, the web server answers " + get(environment));
			});
		}

		private static boolean heardOfTheLeave() {
			Service service = other;
			return service != null && service.heard().contains("joined [] left [1/11 LEAVE]");
		}

		private static int get(Environment environment) {
			String port = environment.getRequiredProperty("local.server.port");
			URI uri = URI.create("http://127.0.0.1:" + port + "/greeting");
			try {
				return HttpClient.newHttpClient()
					.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
					.statusCode();
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

	static final class Greeting extends HttpServlet {

		@Override
		protected void doGet(HttpServletRequest request, HttpServletResponse response) {
			response.setStatus(200);
		}

	}

	static final class Phase implements SmartLifecycle {

		private final int phase;

		private final Runnable onStart;

		private final Runnable onStop;

		private volatile boolean running;

		Phase(int phase, Runnable onStart, Runnable onStop) {
			this.phase = phase;
			this.onStart = onStart;
			this.onStop = onStop;
		}

		@Override
		public void start() {
			this.running = true;
			this.onStart.run();
		}

		@Override
		public void stop() {
			this.running = false;
			this.onStop.run();
		}

		@Override
		public boolean isRunning() {
			return this.running;
		}

		@Override
		public int getPhase() {
			return this.phase;
		}

	}

}
