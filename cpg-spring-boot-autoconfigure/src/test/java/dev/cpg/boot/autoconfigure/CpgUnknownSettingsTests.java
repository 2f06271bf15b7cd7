package dev.cpg.boot.autoconfigure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

import dev.cpg.boot.autoconfigure.settings.UnknownSettings;
import dev.cpg.fixture.ServiceNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the log says of settings that do not exist, and that it says nothing of those that
 * do, however they are written.
 */
@ExtendWith(OutputCaptureExtension.class)
class CpgUnknownSettingsTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(CpgAutoConfiguration.class))
		.withBean(ServiceNode.class)
		.withPropertyValues("spring.application.name=shop");

	@ParameterizedTest
	@CsvSource({ "cpg.grop, cpg.group", "cpg.fail-fats, cpg.fail-fast", "cpg.joinTimeot, cpg.join-timeout",
			"cpg.delivery.queue-capacty, cpg.delivery.queue-capacity",
			"cpg.delivry.queue-capacity, cpg.delivery.queue-capacity",
			"cpg.queue-capacity, cpg.delivery.queue-capacity",
			"cpg.reconnect.max-intervall, cpg.reconnect.max-interval", "cpg.message.types.order, cpg.messages.types",
			"cpg.corosync.socket-dir, cpg.corosync.socket-directory", "cpg.groups.audit.grp, cpg.groups.audit.group",
			"cpg.groups.audit.template.wayt, cpg.groups.audit.template.wait",
			"management.health.cpg.enable, management.health.cpg.enabled", "cpg.group.name, cpg.group" })
	void aTypingErrorIsWarnedOfWithTheNearestName(String typed, String nearest, CapturedOutput output) {
		this.runner.withPropertyValues("cpg.groups.audit.fail-fast=false", typed + "=true")
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output.getAll().lines().filter((line) -> line.contains("Unknown setting"))).singleElement()
			.asString()
			.contains("WARN")
			.contains("Unknown setting '%s' is ignored".formatted(typed))
			.contains("from property source \"test\"")
			.endsWith("Did you mean '%s'?".formatted(nearest));
	}

	@Test
	void theWarningNamesTheLineOfAFileAndComesOnceForEach(CapturedOutput output) throws IOException {
		List<PropertySource<?>> sources = new YamlPropertySourceLoader().load("application.yaml", new ByteArrayResource(
				"cpg:\n  group: orders\n  grop: a\n".getBytes(StandardCharsets.UTF_8), "application.yaml"));
		this.runner.withPropertyValues("cpg.grop=b")
			.withInitializer((context) -> sources.forEach(context.getEnvironment().getPropertySources()::addFirst))
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output.getAll().lines().filter((line) -> line.contains("Unknown setting 'cpg.grop'")))
			.singleElement()
			.asString()
			.contains("application.yaml")
			.contains("3:9");
	}

	@ParameterizedTest
	@CsvSource({ "CPG_GROP, CPG_GROUP", "CPG_JOIN_TIMEOT, CPG_JOINTIMEOUT",
			"CPG_GROUPS_AUDIT_JOINTIMEOT, CPG_GROUPS_AUDIT_JOINTIMEOUT",
			"MANAGEMENT_HEALTH_CPG_ENABLE, MANAGEMENT_HEALTH_CPG_ENABLED" })
	void aVariableIsWarnedOfWithTheNearestVariable(String typed, String nearest, CapturedOutput output) {
		runWithVariables(Map.of(typed, "true"), "cpg.groups.audit.fail-fast=false");
		assertThat(output)
			.contains("Unknown setting '%s' is ignored (\"%s\" from property source \"systemEnvironment\")"
				.formatted(typed, typed))
			.contains("Did you mean '%s'?".formatted(nearest));
	}

	@Test
	void theVariableOfTheSupportForTestsIsNotWarnedOf(CapturedOutput output) {
		runWithVariables(Map.of("CPG_REQUIRE_COROSYNC", "true"));
		assertThat(output).doesNotContain("Unknown setting");
	}

	@Test
	void aVariableForAKeyThatItCannotSpellIsWarnedOf(CapturedOutput output) {
		runWithVariables(Map.of("CPG_GROUPS_ORDERS_EU_GROUP", "a"), "cpg.groups[orders.eu].fail-fast=false");
		assertThat(output).contains("Unknown setting 'CPG_GROUPS_ORDERS_EU_GROUP'");
	}

	@Test
	void settingsThatExistAreNotWarnedOfInAnyForm(CapturedOutput output) throws Exception {
		Map<String, UnaryOperator<String>> forms = Map.of("kebab", (name) -> name, "camel",
				CpgUnknownSettingsTests::camel, "under", (name) -> name.replace('-', '_'), "upper",
				(name) -> name.toUpperCase(Locale.ROOT));
		for (UnaryOperator<String> form : forms.values()) {
			Map<String, Object> properties = new HashMap<>();
			CpgConfigurationMetadataTests.metadata().forEach((name, property) -> {
				if (!name.equals("cpg.groups") && !name.equals("cpg.messages.types")
						&& !name.equals("cpg.leader.role")) {
					properties.put(form.apply(name), "");
					properties.put(form.apply(name).replaceFirst("(?i)^cpg\\.", "cpg.groups.price-list."), "");
				}
			});
			properties.keySet()
				.removeIf((name) -> name
					.matches("(?i)cpg\\.groups\\.price-list\\.(enabled|mode|embedded.*|health.*|messages.*|groups)"));
			warn(new MapPropertySource("test", properties));
		}
		assertThat(output).doesNotContain("Unknown setting");
	}

	@Test
	void variablesThatExistAreNotWarnedOf(CapturedOutput output) throws Exception {
		Map<String, Object> variables = new HashMap<>();
		variables.put("cpg_groups_pricelist_group", "a");
		CpgConfigurationMetadataTests.metadata().forEach((name, property) -> {
			String text = name.toUpperCase(Locale.ROOT).replace('.', '_');
			String value = name.matches("cpg\\.(groups|messages.types|leader.role)") ? ""
					: property.path("defaultValue").asString("1");
			variables.put(text.replace('-', '_'), value);
			variables.put(text.replace("-", ""), value);
			if (!name.matches("management.*|cpg\\.(enabled|mode|embedded.*|health.*|messages.*|groups)")) {
				variables.put(text.replace("-", "").replaceFirst("^CPG_", "CPG_GROUPS_PRICELIST_"), value);
				variables.put(text.replace('-', '_').replaceFirst("^CPG_", "CPG_GROUPS_PRICE_LIST_"), value);
			}
		});
		variables.put("CPG_MESSAGES_TYPES_ORDER_PLACED", "java.time.Instant");
		warn(new SystemEnvironmentPropertySource(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
				variables));
		assertThat(output).doesNotContain("Unknown setting");
	}

	@Test
	void keysOfMapsAndOtherProjectsSettingsAreNotWarnedOf(CapturedOutput output) {
		this.runner
			.withPropertyValues("cpg.groups[orders.eu].join-timeout=1s", "cpg.groups.plain=",
					"cpg.messages.types.order.placed=java.time.Instant", "cpg.messages.types[a/b]=java.time.Duration",
					"cpgx.grop=a", "cpg-x.grop=a", "my.cpg.grop=a", "management.health.cpgx.enable=a")
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).doesNotContain("Unknown setting");
	}

	private static void warn(PropertySource<?> source) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().remove(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
		environment.getPropertySources().addFirst(source);
		Map<String, Object> key = Map.of("cpg.groups.price-list.group", "prices");
		environment.getPropertySources().addLast(new MapPropertySource("key", key));
		new UnknownSettings(environment, CpgProperties.class, CpgGroupProperties.class,
				AdditionalGroups.keys(environment))
			.warn();
	}

	private void runWithVariables(Map<String, Object> variables, String... properties) {
		this.runner.withPropertyValues(properties)
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new SystemEnvironmentPropertySource(
						StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables)))
			.run((context) -> assertThat(context).hasNotFailed());
	}

	private static String camel(String name) {
		return Pattern.compile("-([a-z])").matcher(name).replaceAll((match) -> match.group(1).toUpperCase(Locale.ROOT));
	}

}
