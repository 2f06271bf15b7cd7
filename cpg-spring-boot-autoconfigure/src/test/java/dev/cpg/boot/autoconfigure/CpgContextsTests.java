package dev.cpg.boot.autoconfigure;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.cpg.embedded.EmbeddedCluster;
import dev.cpg.spring.CpgGroup;
import dev.cpg.spring.CpgGroup.State;
import dev.cpg.spring.CpgOperations;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.web.servlet.ServletContextInitializer;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The ways in which a context lives and ends, as the other members see it.
 */
@Timeout(60)
class CpgContextsTests {

	@AutoClose
	private final EmbeddedCluster cluster = EmbeddedCluster.start(2);

	@BeforeEach
	void forgetTheLastTest() {
		Lifecycles.other = null;
		Lifecycles.seen.clear();
	}

	private Service startOther() {
		return Service.start(this.cluster.node(2), "cpg.group=contexts", "cpg.member-id=22");
	}

	private static String[] properties(String... more) {
		List<String> all = new ArrayList<>(List.of("cpg.group=contexts", "cpg.member-id=11"));
		all.addAll(List.of(more));
		return all.toArray(String[]::new);
	}

	private static List<String> changes(Service service) {
		return service.heard().stream().filter((line) -> line.contains("1/11")).toList();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void isAMemberBeforeTheWebServerTakesRequestsAndLeavesBeforeItStopsTakingThem(boolean lazy) {
		try (Service other = startOther()) {
			Lifecycles.other = other;
			Service service = Service.start(this.cluster.node(1), List.of(Lifecycles.class), properties("server.port=0",
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
		try (Service other = startOther(); Service service = Service.start(this.cluster.node(1), properties())) {
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
	void contextsInOneJvmAreMembersOfTheirOwn() {
		try (Service one = Service.start(this.cluster.node(1), properties());
				Service sameGroup = Service.start(this.cluster.node(1), properties("cpg.member-id=12"));
				Service otherGroup = Service.start(this.cluster.node(1), properties("cpg.group=others"))) {
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
	void lazyInitializationDelaysNeitherTheJoinNorTheListeners() {
		try (Service other = startOther();
				Service service = Service.start(this.cluster.node(1),
						properties("spring.main.lazy-initialization=true"))) {
			await().untilAsserted(() -> assertThat(changes(other)).containsExactly("joined [1/11 JOIN] left []"));
			assertThat(service.group().getState()).isEqualTo(State.JOINED);
			assertThat(service.heard()).startsWith("connected 1/11", "joined [1/11 JOIN] left []");
			assertThat(service.meters().get("cpg.configuration.changes").tag("reason", "join").counter().count())
				.isPositive();
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
