package dev.cpg.boot.autoconfigure;

import java.util.List;

import dev.cpg.spring.CpgGroup;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A service with Boot's devtools, which restart it in its JVM with classes loaded anew:
 * the same process id, and so the same member, twice.
 */
@CorosyncTest
@Timeout(90)
class CpgDevtoolsOnCorosyncTests {

	@Test
	void aRestartLeavesTheGroupBeforeItJoinsAgain(CorosyncCluster cluster) throws Exception {
		try (Service other = Service.start(cluster.node(1), "cpg.group=devtools", "cpg.member-id=22")) {
			String output = new ChildJvm().withDevtools()
				.run(RestartedService.class, "--cpg.group=devtools", "--cpg.fail-fast=true",
						"--spring.main.web-application-type=none",
						"--cpg.corosync.socket-directory=" + cluster.node(1).socketDirectory());
			List<String> runs = output.lines().filter((line) -> line.startsWith("run ")).toList();
			assertThat(runs).as(output).hasSize(2).allMatch((line) -> line.contains("JOINED as 1/"));
			assertThat(runs.get(0)).contains("RestartClassLoader");
			assertThat(runs.get(0).replace("run 1", "")).isNotEqualTo(runs.get(1).replace("run 2", ""));
			String member = runs.get(0).replaceAll(".* as ", "");
			assertThat(runs.get(1)).endsWith(" as " + member);
			String join = "joined [" + member + " JOIN] left []";
			String leave = "joined [] left [" + member + " LEAVE]";
			await().untilAsserted(() -> assertThat(other.heard()).endsWith(join, leave, join, leave));
		}
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class RestartedService {

		private static final String RUNS = "test.runs";

		@Bean
		ApplicationRunner restartOnce(ConfigurableApplicationContext context, CpgGroup group) {
			return (arguments) -> {
				int run = Integer.getInteger(RUNS, 0) + 1;
				System.setProperty(RUNS, Integer.toString(run));
				System.out.println("run %d in %s: %s as %s".formatted(run, getClass().getClassLoader(),
						group.getState(), group.getLocalAddress()));
				new Thread((run == 1) ? this::restart : context::close).start();
			};
		}

		private void restart() {
			try {
				Class<?> restarter = Class.forName("org.springframework.boot.devtools.restart.Restarter");
				Object instance = restarter.getMethod("getInstance").invoke(null);
				restarter.getMethod("restart").invoke(instance);
			}
			catch (ReflectiveOperationException ex) {
				throw new IllegalStateException(ex);
			}
		}

		public static void main(String[] args) {
			SpringApplication.run(RestartedService.class, args);
		}

	}

}
