package dev.cpg.boot.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.cpg.spring.CpgTemplate;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Counts the threads of a service in three groups.
 */
@CorosyncTest
@Timeout(60)
class CpgThreadsOnCorosyncTests {

	private static final List<String> GROUPS = List.of("threads-one", "threads-two", "threads-three");

	@Test
	void eachGroupHasFourThreadsAndAllShareATimerAndAQuorumReader(CorosyncCluster cluster) {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
			.web(WebApplicationType.NONE)
			.properties("cpg.corosync.socket-directory=" + cluster.node(1).socketDirectory(),
					"cpg.group=" + GROUPS.get(0), "cpg.groups.two.group=" + GROUPS.get(1),
					"cpg.groups.three.group=" + GROUPS.get(2), "spring.main.banner-mode=off")
			.run()) {
			Map<String, CpgTemplate> templates = context.getBeansOfType(CpgTemplate.class, false, true);
			assertThat(templates).hasSize(3);
			templates.forEach(
					(name, template) -> assertThat(template.multicast(name)).succeedsWithin(Duration.ofSeconds(10)));
			await("helpers to have ended").untilAsserted(
					() -> assertThat(threads()).containsExactlyInAnyOrder("cpg-timer", "cpg-threads-one-reader",
							"cpg-threads-one-delivery", "cpg-threads-one-outcomes", "cpg-threads-one-membership",
							"cpg-threads-two-reader", "cpg-threads-two-delivery", "cpg-threads-two-outcomes",
							"cpg-threads-two-membership", "cpg-threads-three-reader", "cpg-threads-three-delivery",
							"cpg-threads-three-outcomes", "cpg-threads-three-membership", "cpg-threads-any-quorum"));
		}
		await("no thread to be left").untilAsserted(() -> assertThat(threads()).isEmpty());
	}

	private static List<String> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((name) -> name.startsWith("cpg-") && !name.startsWith("cpg-test"))
			// Whichever group was the first has opened it.
			.map((name) -> name.replaceFirst("-[a-z]+-quorum$", "-any-quorum"))
			.toList();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
