package dev.cpg.docs;

import dev.cpg.boot.autoconfigure.CpgMode;
import dev.cpg.boot.autoconfigure.CpgProperties;
import dev.cpg.spring.CpgGroup;
import dev.cpg.spring.CpgGroup.State;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The service of docs/getting-started.md on a machine without Corosync.
 */
class EmbeddedModeTests {

	@Test
	void runsWithoutCorosyncInTheProfileOfDevelopersOnly() {
		try (ConfigurableApplicationContext context = start("--spring.profiles.active=dev")) {
			assertThat(context.getBean(CpgGroup.class).getName()).isEqualTo("greetings");
			assertThat(context.getBean(CpgGroup.class).getState()).isEqualTo(State.JOINED);
		}
		try (ConfigurableApplicationContext context = start("--cpg.corosync.socket-directory=/does/not/exist")) {
			assertThat(context.getBean(CpgProperties.class).getMode()).isEqualTo(CpgMode.COROSYNC);
			assertThat(context.getBean(CpgGroup.class).getState()).isEqualTo(State.DISCONNECTED);
		}
	}

	private static ConfigurableApplicationContext start(String argument) {
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.run("--spring.config.location=classpath:dev/cpg/docs/embedded.yaml", argument);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
