package dev.cpg.boot.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
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

}
