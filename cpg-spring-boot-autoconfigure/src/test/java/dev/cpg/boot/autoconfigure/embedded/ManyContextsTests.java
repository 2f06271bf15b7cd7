package dev.cpg.boot.autoconfigure.embedded;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import dev.cpg.boot.autoconfigure.CpgAutoConfiguration;
import dev.cpg.client.CpgAddress;
import dev.cpg.spring.CpgGroup;
import dev.cpg.spring.CpgOperations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A hundred services in one JVM, which share its cluster.
 */
@Timeout(120)
class ManyContextsTests {

	private static final int CONTEXTS = 100;

	private static final Duration LONG = Duration.ofSeconds(60);

	@Test
	void aHundredContextsAreMembersOfOneGroupAndLeaveNoThread() {
		Set<Thread> before = Thread.getAllStackTraces().keySet();
		List<AnnotationConfigApplicationContext> contexts = new ArrayList<>();
		try {
			for (int i = 0; i < CONTEXTS; i++) {
				contexts.add(start());
			}
			List<CpgGroup> groups = contexts.stream().map((context) -> context.getBean(CpgGroup.class)).toList();
			await().atMost(LONG)
				.untilAsserted(() -> assertThat(groups).allMatch((group) -> group.getMembers().size() == CONTEXTS));
			List<CpgAddress> addresses = groups.stream().map(CpgGroup::getLocalAddress).toList();
			assertThat(addresses).doesNotContainNull().doesNotHaveDuplicates();
			assertThat(threads(before, "cpg-many-membership")).hasSize(CONTEXTS).doesNotHaveDuplicates();
			assertThat(contexts.get(CONTEXTS - 1).getBean(CpgOperations.class).multicast("all of you"))
				.succeedsWithin(LONG)
				.satisfies((view) -> assertThat(view.members()).hasSize(CONTEXTS));
		}
		finally {
			contexts.forEach(AnnotationConfigApplicationContext::close);
		}
		await().atMost(LONG).untilAsserted(() -> assertThat(threads(before, "cpg-")).isEmpty());
	}

	private static AnnotationConfigApplicationContext start() {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		TestPropertyValues.of("cpg.mode=embedded", "cpg.group=many").applyTo(context);
		context.register(CpgEmbeddedAutoConfiguration.class, CpgAutoConfiguration.class);
		context.refresh();
		return context;
	}

	private static List<String> threads(Set<Thread> before, String prefix) {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> !before.contains(thread))
			.map(Thread::getName)
			.filter((name) -> name.startsWith(prefix))
			.toList();
	}

}
