package dev.cpg.boot.autoconfigure;

import java.util.List;

import dev.cpg.boot.autoconfigure.CpgDevtoolsOnCorosyncTests.RestartedService;
import dev.cpg.spring.CpgGroup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A service with {@code cpg.mode=embedded} in a JVM of its own: what it loads, and what
 * it says if the cluster is missing.
 */
@Timeout(90)
class CpgEmbeddedModeJvmTests {

	private static final String[] ARGUMENTS = { "--cpg.mode=embedded", "--cpg.group=orders",
			"--spring.main.web-application-type=none", "--spring.main.banner-mode=off" };

	/** So it runs on any operating system. */
	@Test
	void nothingOfCorosyncIsLoaded() throws Exception {
		String output = new ChildJvm().option("-Xlog:class+load").run(EmbeddedService.class, ARGUMENTS);
		List<String> loaded = output.lines()
			.filter((line) -> line.contains("[class,load]"))
			.map((line) -> line.replaceAll("\\[[^]]*]", "").strip().split(" ", 2)[0])
			.toList();
		assertThat(output).contains("service: JOINED");
		assertThat(loaded).contains("dev.cpg.embedded.EmbeddedNode")
			.noneMatch((name) -> name.startsWith("dev.cpg.client.corosync.")
					|| name.startsWith("dev.cpg.client.internal.ipc.") || name.startsWith("org.newsclub."));
	}

	@Test
	void theDependencyIsNamedIfItIsMissing() throws Exception {
		String output = new ChildJvm().without("cpg-embedded").run(EmbeddedService.class, ARGUMENTS);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("<artifactId>cpg-embedded</artifactId>")
			.contains("developmentOnly(\"dev.cpg:cpg-embedded:VERSION\")")
			.doesNotContain("service:");
	}

	@Test
	void onCorosyncTheDependencyIsNotNeeded() throws Exception {
		String output = new ChildJvm().without("cpg-embedded")
			.run(EmbeddedService.class, "--cpg.group=orders", "--cpg.corosync.socket-directory=/does/not/exist",
					"--spring.main.web-application-type=none");
		assertThat(output).contains("service: DISCONNECTED");
	}

	/** The cluster ends with the first run, and the second one has another. */
	@Test
	void aRestartByDevtoolsJoinsAgainAndLeavesNothingBehind() throws Exception {
		String output = new ChildJvm().withDevtools().run(RestartedService.class, ARGUMENTS);
		assertThat(output.lines().filter((line) -> line.startsWith("run "))).as(output)
			.hasSize(2)
			.allMatch((line) -> line.contains("RestartClassLoader") && line.contains("JOINED as 1/"));
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class EmbeddedService {

		public static void main(String[] args) {
			try (ConfigurableApplicationContext context = SpringApplication.run(EmbeddedService.class, args)) {
				System.out.println("service: " + context.getBean(CpgGroup.class).getState());
			}
		}

	}

}
