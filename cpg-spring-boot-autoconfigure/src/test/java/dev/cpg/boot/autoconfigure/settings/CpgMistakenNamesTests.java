package dev.cpg.boot.autoconfigure.settings;

import java.util.Map;

import dev.cpg.boot.autoconfigure.CpgAutoConfiguration;
import dev.cpg.client.CpgGroupName;
import dev.cpg.fixture.ServiceNode;
import dev.cpg.spring.CpgGroup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Names of groups that are a mistake end the start, wherever they come from.
 */
@ExtendWith(OutputCaptureExtension.class)
class CpgMistakenNamesTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(CpgAutoConfiguration.class))
		.withBean(ServiceNode.class);

	@ParameterizedTest
	@ValueSource(strings = { "${ORDERS_GROUP}", "orders-${STAGE}", "#{systemProperties['group']}",
			"@project.artifactId@", "orders-@stage@", "$(ORDERS_GROUP)", "$ORDERS_GROUP", "{{ .Values.group }}",
			"%ORDERS_GROUP%", "<group>", "#{GROUP}#", "${ORDERS_GROUP", " orders", "orders ", "\torders", "orders\n",
			"or\nders", "orders\u00A0", "or\u200Bders", "\uFEFForders", "orders\u202E", "or\u2028ders", "orders\u0000",
			"or\u0007ders", "orders\u0085", "\"orders\"", "'orders'", "\u201Corders\u201D", "or\uE000ders" })
	void aNameThatIsAMistakeIsRefused(String name) {
		assertThatNameIsRefused("cpg.group", name, "");
		assertThatNameIsRefused("cpg.groups.audit.group", name, "cpg.group=orders");
		if (!name.contains("${")) {
			// That placeholder Spring refuses there itself.
			assertThatNameIsRefused("spring.application.name", name, "");
		}
		if (name.indexOf(']') == -1 && !name.isBlank()) {
			this.runner.withPropertyValues("cpg.group=orders")
				.withInitializer((context) -> add(context.getEnvironment().getPropertySources(),
						"cpg.groups[" + name + "].fail-fast", "false"))
				.run((context) -> assertThat(context).getFailure()
					.isInstanceOf(InvalidConfigurationPropertyValueException.class));
		}
	}

	private void assertThatNameIsRefused(String property, String name, String other) {
		this.runner.withPropertyValues(other.isEmpty() ? new String[0] : new String[] { other })
			.withInitializer((context) -> add(context.getEnvironment().getPropertySources(), property, name))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class, (ex) -> {
					assertThat(ex.getName()).isEqualTo(property);
					assertThat(ex.getReason()).containsAnyOf("a placeholder that was not replaced",
							"which is likely a mistake", "The quotes around it");
				}));
	}

	private static void add(MutablePropertySources sources, String name, String value) {
		sources.addFirst(new MapPropertySource("mistaken", Map.of(name, value)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "orders", "Order Service", "shop/orders", "a@b", "50%", "größe", "注文", "orders.eu", "a{b}",
			"5$", "o'rders", "<-orders->x", "x #1", "null" })
	void otherNamesAreTaken(String name) {
		this.runner.withInitializer((context) -> add(context.getEnvironment().getPropertySources(), "cpg.group", name))
			.run((context) -> assertThat(context.getBean(CpgGroup.class).getName()).isEqualTo(name));
	}

	@Test
	void theAnalysisNamesThePlaceholder(CapturedOutput output) {
		start("--cpg.group=${ORDERS_GROUP}");
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("configuration property 'cpg.group'")
			.contains("'${ORDERS_GROUP}' looks like a placeholder that was not replaced: set what it names");
	}

	@Test
	void theAnalysisNamesTheCharacter(CapturedOutput output) {
		start("--cpg.group=orders ");
		assertThat(output)
			.contains("It contains the character U+0020 (SPACE) at index 6, which is likely a mistake. Remove it.");
	}

	@Test
	void aDirectoryThatIsAMistakeIsRefused(CapturedOutput output) {
		start("--cpg.group=orders", "--cpg.corosync.socket-directory=${COROSYNC_RUN}");
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("configuration property 'cpg.corosync.socket-directory'")
			.contains("a placeholder that was not replaced");
	}

	@Test
	void aBeanMayHaveAnyName() {
		this.runner.withBean(CpgGroupName.class, () -> CpgGroupName.of("${really}"))
			.run((context) -> assertThat(context.getBean(CpgGroup.class).getName()).isEqualTo("${really}"));
	}

	@Test
	void theJoinedNameIsLoggedInQuotes(CapturedOutput output) {
		this.runner.withPropertyValues("cpg.group=Order Service").run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).containsPattern("INFO .*Joined group 'Order Service' as ");
	}

	private static void start(String... arguments) {
		assertThatException()
			.isThrownBy(() -> new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
				.run(arguments)
				.close());
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(CpgAutoConfiguration.class)
	@Import(ServiceNode.class)
	static class Application {

	}

}
