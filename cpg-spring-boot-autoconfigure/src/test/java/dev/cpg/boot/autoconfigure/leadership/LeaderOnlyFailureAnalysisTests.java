package dev.cpg.boot.autoconfigure.leadership;

import dev.cpg.boot.autoconfigure.CpgAutoConfiguration;
import dev.cpg.fixture.ServiceNode;
import dev.cpg.spring.leadership.LeaderOnly;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * What a user reads when a method for the leader cannot be guarded, from a real start.
 */
@ExtendWith(OutputCaptureExtension.class)
class LeaderOnlyFailureAnalysisTests {

	@Test
	void noRoles(CapturedOutput output) {
		start(OfUnknownRole.class);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("OfUnknownRole.bill is for the leader in role 'billing', and this service has no roles.")
			.contains("    cpg.leader.roles=billing\n");
	}

	@Test
	void aMethodWhoseCallsAreNotSeen(CapturedOutput output) {
		start(Unseen.class);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("Unseen.bill: calls of private, static and final methods are not seen.")
			.contains("Make the method overridable.");
	}

	private static void start(Class<?> bean) {
		assertThatException()
			.isThrownBy(() -> new SpringApplicationBuilder(Service.class, bean).web(WebApplicationType.NONE)
				.run("--cpg.group=orders"));
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ CpgAutoConfiguration.class, CpgLeadershipAutoConfiguration.class })
	static class Service {

		@Bean
		ServiceNode connector() {
			return new ServiceNode();
		}

	}

	static class OfUnknownRole {

		@LeaderOnly("billing")
		void bill() {
		}

	}

	static class Unseen {

		@LeaderOnly("billing")
		final void bill() {
		}

	}

}
