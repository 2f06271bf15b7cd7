package dev.cpg.boot.autoconfigure;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import dev.cpg.client.CpgConnector;
import dev.cpg.fixture.ServiceNode;
import dev.cpg.spring.CpgGroup;
import dev.cpg.spring.CpgOperations;
import dev.cpg.spring.event.CpgDeliverEvent;
import dev.cpg.spring.leadership.CpgLeadership;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Starts a service in a JVM of its own whose classpath really lacks the optional jars: a
 * class loader that hides packages also hides them from the annotations that should cope.
 */
@Timeout(60)
class OptionalDependenciesTests {

	@ParameterizedTest
	@CsvSource(delimiter = ';',
			textBlock = """
					spring-boot-(health|actuator|micrometer).*|micrometer-core.* ; JOINED
					spring-boot-micrometer.*|micrometer-core.*                   ; JOINED cpgHealthContributor cpgEndpoint
					spring-boot-(health|actuator).*                              ; JOINED cpgActivityMetrics cpgGroupMetrics
					spring-boot-health.*                                         ; JOINED cpgEndpoint cpgActivityMetrics cpgGroupMetrics
					nothing                                                      ; JOINED cpgHealthContributor cpgEndpoint cpgActivityMetrics cpgGroupMetrics
					""")
	void aServiceStartsWithout(String jars, String expected) throws Exception {
		String output = run(jars);
		assertThat(output.lines()).as(output).contains("service: " + expected);
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', textBlock = """
			spring-messaging.*                                                ; raw, bytes
			(jackson-(core|databind)|spring-boot-jackson).*                   ; raw, bytes, text
			(spring-messaging|jackson-(core|databind)|spring-boot-jackson).*  ; raw, bytes
			spring-boot-jackson.*                                             ; raw, bytes, text, 7
			nothing                                                           ; raw, bytes, text, 7
			""")
	void whatAServiceCanSendWithout(String jars, String expected) throws Exception {
		String output = run(jars);
		assertThat(output.lines()).as(output).contains("heard: [" + expected + "]");
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', textBlock = """
			spring-(jdbc|tx|integration-core)-.*                ; billingCpgLeadership
			spring-(jdbc|tx|messaging)-.*                       ; billingCpgLeadership billingCpgLeadershipInitiator
			nothing                                             ; billingCpgLeadership billingCpgLeadershipInitiator
			""")
	void aServiceLeadsWithout(String jars, String expected) throws Exception {
		String output = run(jars, "--cpg.leader.roles=billing");
		assertThat(output.lines()).as(output).contains("leads: " + expected);
	}

	private static String run(String withoutJars, String... arguments) throws Exception {
		String classpath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter((entry) -> !Path.of(entry).getFileName().toString().matches(withoutJars))
			.collect(Collectors.joining(File.pathSeparator));
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
						"-cp", classpath, Service.class.getName(), "--cpg.group=orders",
						"--cpg.messages.types.number=java.lang.Integer", "--spring.main.web-application-type=none",
						"--spring.main.banner-mode=off", "--management.endpoints.web.exposure.include=*",
						"--management.endpoints.jmx.exposure.include=*"));
		command.addAll(List.of(arguments));
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
		assertThat(process.exitValue()).as(output).isZero();
		return output;
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	static class Service {

		@Bean
		CpgConnector connector() {
			return new ServiceNode();
		}

		@Bean
		Listeners listeners() {
			return new Listeners();
		}

		private static String present(ConfigurableApplicationContext context, String... beans) {
			return Arrays.stream(beans)
				.filter(context::containsBean)
				.map((bean) -> " " + bean)
				.collect(Collectors.joining());
		}

		public static void main(String[] args) throws InterruptedException {
			Listeners listeners;
			try (ConfigurableApplicationContext context = SpringApplication.run(Service.class, args)) {
				System.out.println("service: " + context.getBean(CpgGroup.class).getState() + present(context,
						"cpgHealthContributor", "cpgEndpoint", "cpgActivityMetrics", "cpgGroupMetrics"));
				CpgLeadership leadership = context.getBeanProvider(CpgLeadership.class).getIfAvailable();
				if (leadership != null && leadership.await(Duration.ofSeconds(10))) {
					System.out
						.println("leads:" + present(context, "billingCpgLeadership", "billingCpgLeadershipInitiator"));
				}
				listeners = context.getBean(Listeners.class);
				CpgOperations template = context.getBean(CpgOperations.class);
				var unusedRaw = template.multicast("raw");
				var unusedBytes = template.convertAndMulticast("bytes".getBytes(StandardCharsets.UTF_8));
				var unusedText = template.convertAndMulticast("text");
				var unusedNumber = template.convertAndMulticast(7);
			}
			System.out.println("heard: " + listeners.heard);
		}

	}

	static class Listeners {

		private final List<String> heard = new CopyOnWriteArrayList<>();

		@EventListener
		void bytes(CpgDeliverEvent<byte[]> event) {
			this.heard.add(new String(event.getPayload(), StandardCharsets.UTF_8));
		}

		@EventListener
		void text(CpgDeliverEvent<String> event) {
			this.heard.add(event.getPayload());
		}

		@EventListener
		void number(Integer number) {
			this.heard.add(number.toString());
		}

	}

}
