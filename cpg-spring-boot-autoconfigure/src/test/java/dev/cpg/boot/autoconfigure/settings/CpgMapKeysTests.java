package dev.cpg.boot.autoconfigure.settings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.cpg.boot.autoconfigure.CpgAutoConfiguration;
import dev.cpg.client.CpgGroupName;
import dev.cpg.fixture.ServiceNode;
import dev.cpg.spring.CpgGroup;
import dev.cpg.spring.message.CpgMessageTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * The keys of {@code cpg.groups} and {@code cpg.messages.types}, of every kind of source:
 * what binding reads other than it was written is refused, and what says so can be
 * followed.
 */
@ExtendWith(OutputCaptureExtension.class)
class CpgMapKeysTests {

	private static final String READ = "It is read as the setting 'eu.group' of a group with the key 'orders', and "
			+ "there is no such setting. If the key is 'orders.eu', write it in brackets, as cpg.groups[orders.eu], in "
			+ "YAML with quotes around the brackets: \"[orders.eu]\".";

	@Test
	void aDotInAKeyIsRefusedInYaml(CapturedOutput output) {
		refuse(yaml("cpg: {groups: {orders.eu: {group: orders-eu}, orders.us: {group: orders-us}}}"));
		assertThat(output).contains("configuration property 'cpg.groups.orders.eu.group'").contains(READ);
	}

	@Test
	void aDotInAKeyIsRefusedOnTheCommandLine(CapturedOutput output) {
		refuse(new Source(), "--cpg.groups.orders.eu.group=orders-eu");
		assertThat(output).contains("configuration property 'cpg.groups.orders.eu.group'").contains(READ);
	}

	@Test
	void aDotInAKeyIsRefusedInJson(CapturedOutput output) {
		refuse(new Source(),
				"--spring.application.json={\"cpg\":{\"groups\":{\"orders.eu\":{\"group\":\"orders-eu\"}}}}");
		assertThat(output).contains("configuration property 'cpg.groups.orders.eu.group'").contains(READ);
	}

	@Test
	void aDotInAKeyIsRefusedBesideTheGroupThatItIsTakenFor(CapturedOutput output) {
		refuse(yaml("cpg: {groups: {orders: {group: orders}, orders.eu: {join-timeout: 1s}}}"));
		assertThat(output).contains("the setting 'eu.join-timeout' of a group with the key 'orders'")
			.contains("\"[orders.eu]\"");
	}

	@Test
	void aDotInAKeyWithoutSettingsIsRefused(CapturedOutput output) {
		refuse(yaml("cpg: {groups: {orders: {}, orders.eu: {}}}"));
		assertThat(output).contains("the setting 'eu' of a group with the key 'orders'").contains("\"[orders.eu]\"");
	}

	@Test
	void severalDotsAndASettingOfASectionAreUnderstood(CapturedOutput output) {
		refuse(yaml("cpg: {groups: {shop.orders.eu: {reconnect: {multiplier: 3}}}}"));
		assertThat(output).contains("cpg.groups[shop.orders.eu]").contains("\"[shop.orders.eu]\"");
	}

	@Test
	void aKeyThatHasNothingButATypingErrorIsRefused(CapturedOutput output) {
		refuse(yaml("cpg: {groups: {alerts: {grp: foo}}}"));
		assertThat(output).contains("the setting 'grp' of a group with the key 'alerts', and there is no such setting")
			.contains("The nearest is 'group'.");
	}

	@ParameterizedTest
	@ValueSource(strings = { "orders/eu", "orders eu", "größe", "orders:eu", "-orders", "orders,eu", "a+b", "a@b" })
	void aCharacterThatBindingDropsIsRefusedAndTheAdviceWorks(String key, CapturedOutput output) {
		refuse(yaml("cpg: {groups: {'%s': {group: some}}}".formatted(key)));
		assertThat(output).contains("The key '%s' is read as '".formatted(key))
			.contains("in YAML with quotes around the brackets: \"[%s]\"".formatted(key));
		try (ConfigurableApplicationContext context = start(
				yaml("cpg: {groups: {'[%s]': {group: some}}}".formatted(key)))) {
			assertThat(context.getBean(key + "CpgGroup", CpgGroup.class).getName()).isEqualTo("some");
		}
	}

	@Test
	void keysInBracketsAreTakenFromEverySource() {
		Source bracketed = yaml("cpg: {groups: {'[orders.eu]': {group: eu}, '[orders.us]': {fail-fast: true}}}");
		assertGroups(start(bracketed), "eu", "orders.us");
		assertGroups(start(new Source(), "--cpg.groups[orders.eu].group=eu"), "eu");
		assertGroups(start(new Source(),
				"--spring.application.json={\"cpg\":{\"groups\":{\"[orders.eu]\":{\"group\":\"eu\"}}}}"), "eu");
	}

	@Test
	void plainKeysAreTakenInEveryForm() {
		assertGroups(
				start(yaml("cpg: {groups: {priceList: {joinTimeout: 1s}, price_tag: {JOIN_TIMEOUT: 1s}, 'Price-Cut': "
						+ "{template: {sendTimeout: 1s}, reconnect: }, plain: {}}}")),
				"priceList", "price_tag", "Price-Cut", "plain");
	}

	@Test
	void theSameKeyInTwoWaysIsRefusedWithinASource(CapturedOutput output) {
		refuse(yaml("cpg: {groups: {orders-eu: {group: a}, ordersEu: {group: b}}}"));
		assertThat(output).contains("The keys 'orders-eu' and 'ordersEu' differ only in what binding ignores");
	}

	@Test
	void aValueForAKeyIsRefusedAndTheAdviceWorks(CapturedOutput output) {
		refuse(new Source(), "--cpg.groups.audit=audit-log");
		assertThat(output).contains("set cpg.groups.audit.group=audit-log.");
		assertGroups(start(new Source(), "--cpg.groups.audit.group=audit-log"), "audit-log");
	}

	@ParameterizedTest
	@ValueSource(strings = { "cpg: {groups: 'orders,audit'}", "cpg: {groups: [orders, audit]}",
			"cpg: {groups: [{group: orders}]}" })
	void aListOfGroupsIsRefused(String yaml, CapturedOutput output) {
		refuse(yaml(yaml));
		assertThat(output).contains("APPLICATION FAILED TO START").contains("Additional groups are no list");
	}

	@ParameterizedTest
	@ValueSource(strings = { "cpg: {messages: {types: [java.util.Date]}}", "cpg: {messages: {types: java.util.Date}}" })
	void aListOfTypesIsRefused(String yaml, CapturedOutput output) {
		refuse(yaml(yaml));
		assertThat(output).contains("APPLICATION FAILED TO START").contains("The types are no list");
	}

	@ParameterizedTest
	@CsvSource({ "order/placed, orderplaced", "order placed, orderplaced", "größe, gre", "a[b], a.b" })
	void aTypeWhoseNameBindingChangesIsRefusedAndTheAdviceWorks(String name, String read, CapturedOutput output) {
		refuse(yaml("cpg: {messages: {types: {'%s': java.time.Instant}}}".formatted(name)));
		assertThat(output).contains("The key '%s' is read as '%s'".formatted(name, read))
			.contains("\"[%s]\"".formatted(name));
		try (ConfigurableApplicationContext context = start(
				yaml("cpg: {messages: {types: {'[%s]': java.time.Instant}}}".formatted(name)))) {
			assertThat(context.getBean(CpgMessageTypes.class).toString()).contains(name + "=");
		}
	}

	@Test
	void namesOfTypesWithDotsAreTaken() {
		try (ConfigurableApplicationContext context = start(yaml(
				"cpg: {messages: {types: {order.placed: java.time.Instant, '[order.paid]': java.time.Duration}}}"))) {
			assertThat(context.getBean(CpgMessageTypes.class).toString())
				.contains("order.placed=class java.time.Instant")
				.contains("order.paid=class java.time.Duration");
		}
	}

	@Test
	void twoTypesWhoseNamesAreOneToBindingAreRefused(CapturedOutput output) {
		refuse(yaml("cpg: {messages: {types: {order-placed: java.time.Instant, orderPlaced: java.time.Duration}}}"));
		assertThat(output).contains("The keys 'order-placed' and 'orderPlaced' differ only in what binding ignores");
	}

	@ParameterizedTest
	@ValueSource(strings = { "CPG_MESSAGES_TYPES_ORDERPLACED", "CPG_MESSAGES_TYPES_ORDER_PLACED" })
	void aVariableChangesTheClassOfATypeAndNotItsName(String variable) {
		try (ConfigurableApplicationContext context = start(
				yaml("cpg: {messages: {types: {order-placed: java.time.Instant}}}").with(variable,
						"java.time.Duration"))) {
			assertThat(context.getBean(CpgMessageTypes.class).toString())
				.contains("order-placed=class java.time.Duration")
				.doesNotContain("orderplaced", "order.placed");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "CPG", "CPG_GROUP", "CPG_GROUPS", "CPG_GROUPS_AUDIT", "CPG_DELIVERY", "CPG_MESSAGES",
			"CPG_MESSAGES_TYPES", "CPG_CORE", "CPG_MEMBER_ID" })
	void theVariablesOfAServiceOfKubernetesAreNoSettings(String service, CapturedOutput output) {
		assertGroups(start(serviceVariables(yaml("cpg: {groups: {audit: {group: audit-log}}}"), service)), "audit-log");
		assertThat(output).doesNotContain("Unknown setting");
	}

	@Test
	void oneVariableOfAServiceAloneIsNoGroup() {
		assertGroups(start(new Source().with("CPG_GROUPS_PORT", "tcp://10.0.0.1:80")));
		assertGroups(start(new Source().with("CPG_GROUPS_SERVICE_HOST", "10.0.0.1")));
		assertGroups(start(new Source().with("CPG_GROUPS_PORT", "udp://[fd00::1]:80")));
	}

	@Test
	void aGroupMayBeCalledLikeAPartOfAServicesVariables() {
		assertGroups(start(
				serviceVariables(yaml("cpg: {groups: {port: {group: harbour}, service: {group: s}}}"), "CPG_GROUPS")),
				"harbour", "s");
	}

	@Test
	void aVariableThatGivesAKeyAValueIsNamed(CapturedOutput output) {
		refuse(new Source().with("CPG_GROUPS_AUDIT", "audit-log"));
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("CPG_GROUPS_AUDIT")
			.contains("set cpg.groups.audit.group=audit-log.");
	}

	@Test
	void variablesMakeAGroupOfTheirOwn() {
		assertGroups(start(new Source().with("CPG_GROUPS_PRICES_FAIL_FAST", "true")), "prices");
		assertGroups(start(new Source().with("CPG_GROUPS_PRICES_GROUP", "price-list")), "price-list");
	}

	private static Source serviceVariables(Source source, String service) {
		return source.with(service + "_SERVICE_HOST", "10.0.0.1")
			.with(service + "_SERVICE_PORT", "80")
			.with(service + "_SERVICE_PORT_GROUP", "80")
			.with(service + "_PORT", "tcp://10.0.0.1:80")
			.with(service + "_PORT_80_TCP", "tcp://10.0.0.1:80")
			.with(service + "_PORT_80_TCP_PROTO", "tcp")
			.with(service + "_PORT_80_TCP_PORT", "80")
			.with(service + "_PORT_80_TCP_ADDR", "10.0.0.1");
	}

	private static void assertGroups(ConfigurableApplicationContext context, String... names) {
		try (context) {
			Stream<String> groups = context.getBeansOfType(CpgGroupName.class, false, true)
				.values()
				.stream()
				.map(CpgGroupName::toString)
				.filter((name) -> !name.equals("first"));
			assertThat(groups).containsExactlyInAnyOrder(names);
		}
	}

	private static void refuse(Source source, String... arguments) {
		assertThatException().isThrownBy(() -> start(source, arguments).close());
	}

	private static ConfigurableApplicationContext start(Source source, String... arguments) {
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.initializers((context) -> source.addTo(context.getEnvironment()))
			.run(arguments);
	}

	private static Source yaml(String yaml) {
		try {
			Source source = new Source();
			source.yaml = new YamlPropertySourceLoader().load("yaml",
					new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)));
			return source;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(CpgAutoConfiguration.class)
	@Import(ServiceNode.class)
	static class Application {

	}

	private static final class Source {

		private final Map<String, Object> variables = new HashMap<>();

		private List<PropertySource<?>> yaml = List.of();

		Source with(String variable, String value) {
			this.variables.put(variable, value);
			return this;
		}

		void addTo(ConfigurableEnvironment environment) {
			this.yaml.forEach(environment.getPropertySources()::addLast);
			environment.getPropertySources()
				.replace(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
						new SystemEnvironmentPropertySource(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
								this.variables));
			environment.getPropertySources().addLast(new MapPropertySource("first", Map.of("cpg.group", "first")));
		}

	}

}
