package dev.cpg.boot.autoconfigure;

import java.util.List;

import dev.cpg.embedded.EmbeddedCluster;
import dev.cpg.spring.CpgOperations;
import jakarta.annotation.PreDestroy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Sends that can never succeed, of an application that does not look at their futures.
 */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class CpgHopelessSendsTests {

	private static final String LINE = "A message was not sent to group 'hopeless', its payload is of type ";

	@Test
	void eachKindIsLoggedOnceWithTheTypeOfItsPayload(CapturedOutput output) {
		try (EmbeddedCluster cluster = EmbeddedCluster.start(1);
				Service service = Service.start(cluster.node(1), List.of(SendsAtTheEnd.class), "cpg.group=hopeless")) {
			for (int i = 0; i < 100; i++) {
				send(service.template(), List.of(1, 2));
				send(service.template(), new Unnamed(1));
			}
			for (int i = 0; i < 3; i++) {
				var unused = service.template().multicast(new byte[20 << 20]);
			}
		}
		assertThat(output).containsOnlyOnce(LINE + "java.util.ImmutableCollections$List12: ")
			.containsOnlyOnce(LINE + Unnamed.class.getTypeName() + ": ")
			.containsOnlyOnce(LINE + "byte[]: ")
			.containsOnlyOnce(LINE + "java.lang.String: ");
	}

	@Test
	void aSendBeforeTheJoinIsLogged(CapturedOutput output) {
		try (Service service = Service.start(List.of(), "cpg.group=hopeless",
				"cpg.corosync.socket-directory=/nowhere")) {
			send(service.template(), "too early");
		}
		assertThat(output).containsOnlyOnce(LINE + "java.lang.String: ").contains("not a member");
	}

	private static void send(CpgOperations template, Object payload) {
		var unused = template.convertAndMulticast(payload);
	}

	record Unnamed(int id) {
	}

	@Configuration(proxyBeanMethods = false)
	static class SendsAtTheEnd {

		private final CpgOperations template;

		SendsAtTheEnd(CpgOperations template) {
			this.template = template;
		}

		@PreDestroy
		void sayGoodbye() {
			send(this.template, "goodbye");
		}

	}

}
