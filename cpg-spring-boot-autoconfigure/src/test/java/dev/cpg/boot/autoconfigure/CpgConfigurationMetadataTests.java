package dev.cpg.boot.autoconfigure;

import java.beans.BeanInfo;
import java.beans.Introspector;
import java.beans.PropertyDescriptor;
import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import dev.cpg.client.CpgOverflow;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.RandomValuePropertySource;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

class CpgConfigurationMetadataTests {

	@Test
	void everyPropertyIsDescribed() throws Exception {
		Map<String, JsonNode> metadata = metadata();
		Set<String> names = new TreeSet<>();
		collect("cpg", CpgProperties.class, names);
		assertThat(names).contains("cpg.group", "cpg.reconnect.max-interval", "cpg.corosync.socket-directory");
		assertThat(metadata.keySet()).containsAll(names);
		assertThat(metadata).allSatisfy((name,
				property) -> assertThat(property.path("description").asString("")).as(name).matches("[A-Z].*\\."));
	}

	@Test
	void namesAndDefaultsAreThoseThatUsersHoldOnTo() throws Exception {
		Map<String, String> defaults = new TreeMap<>();
		metadata().forEach((name, property) -> defaults.put(name, defaultValue(property.path("defaultValue"))));
		assertThat(defaults).containsExactlyInAnyOrderEntriesOf(Map.ofEntries(Map.entry("cpg.enabled", "true"),
				Map.entry("cpg.group", ""), Map.entry("cpg.group-name-terminated", "false"),
				Map.entry("cpg.mode", "corosync"), Map.entry("cpg.corosync.socket-directory", ""),
				Map.entry("cpg.corosync.request-timeout", "5s"), Map.entry("cpg.corosync.liveness-interval", "5s"),
				Map.entry("cpg.member-id", ""), Map.entry("cpg.fail-fast", "false"),
				Map.entry("cpg.reconnect.initial-interval", "100ms"), Map.entry("cpg.reconnect.multiplier", "2"),
				Map.entry("cpg.reconnect.max-interval", "1s"), Map.entry("cpg.join-timeout", "10s"),
				Map.entry("cpg.leave-timeout", "2s"), Map.entry("cpg.delivery.queue-capacity", ""),
				Map.entry("cpg.delivery.overflow", "block"), Map.entry("cpg.delivery.reassembly-capacity", ""),
				Map.entry("cpg.batching.enabled", "false"), Map.entry("cpg.batching.max-size", "64KB"),
				Map.entry("cpg.max-message-size", "16MB"), Map.entry("cpg.template.send-timeout", "10s"),
				Map.entry("cpg.template.wait", "true"), Map.entry("cpg.template.observation-enabled", "false"),
				Map.entry("cpg.delivery.slow-listener-threshold", "1s"), Map.entry("cpg.delivery.stall-timeout", "30s"),
				Map.entry("cpg.delivery.observation-enabled", "false"), Map.entry("cpg.groups", ""),
				Map.entry("cpg.messages.types", ""), Map.entry("cpg.corosync.trusted-uids", ""),
				Map.entry("cpg.embedded.forbidden-profiles", "prod,production"), Map.entry("cpg.messages.max-size", ""),
				Map.entry("cpg.health.require-quorum", "false"), Map.entry("management.health.cpg.enabled", "true"),
				Map.entry("cpg.leader.roles", ""), Map.entry("cpg.leader.lease", ""),
				Map.entry("cpg.leader.liveness-timeout", ""), Map.entry("cpg.leader.exchange-timeout", ""),
				Map.entry("cpg.leader.priority", "0"), Map.entry("cpg.leader.observer", "false"),
				Map.entry("cpg.leader.health-group", ""), Map.entry("cpg.liveness.enabled", "false"),
				Map.entry("cpg.leader.min-hold", "10s"), Map.entry("cpg.leader.yield-cooldown", "10s"),
				Map.entry("cpg.leader.state-file", ""), Map.entry("cpg.leader.require-quorum", "true"),
				Map.entry("cpg.leader.role", "")));
	}

	@Test
	void descriptionsNameTheLimitsThatAreEnforced() throws Exception {
		Map<String, JsonNode> metadata = metadata();
		Map.of("cpg.max-message-size", "1B to 1GB", "cpg.member-id", "1 to 4294967295", "cpg.reconnect.multiplier",
				"at least 1", "cpg.batching.max-size", "1KB to 512KB", "cpg.group", "1 to 128 bytes")
			.forEach((name,
					limits) -> assertThat(Objects.requireNonNull(metadata.get(name)).path("description").asString(""))
						.as(name)
						.contains(limits));
	}

	@Test
	void hintsNameValuesThatThePropertiesTake() throws Exception {
		Map<String, JsonNode> hints = metadata("hints");
		assertThat(hints).containsOnlyKeys("cpg.mode", "cpg.delivery.overflow", "cpg.member-id",
				"cpg.corosync.socket-directory", "cpg.messages.types.values");
		hints.remove("cpg.messages.types.values");
		assertThat(hints).allSatisfy((name, hint) -> {
			assertThat(hint.path("values")).as(name).isNotEmpty().allSatisfy((value) -> {
				assertThat(value.path("description").asString("")).matches("[A-Z].*\\.");
				MockEnvironment environment = new MockEnvironment().withProperty(name, value.path("value").asString());
				environment.getPropertySources().addLast(new RandomValuePropertySource());
				assertThat(Binder.get(environment).bind("cpg", CpgProperties.class).isBound()).isTrue();
			});
		});
		assertThat(Objects.requireNonNull(hints.get("cpg.delivery.overflow")).path("values"))
			.hasSameSizeAs(CpgOverflow.values());
	}

	/** The suffix is the format's, for the values of a map. */
	@Test
	void classesOfMessagesAreOfferedByTheirNames() throws Exception {
		String name = "cpg.messages.types";
		assertThat(Objects.requireNonNull(metadata().get(name)).path("type").asString(""))
			.isEqualTo("java.util.Map<java.lang.String,java.lang.Class<?>>");
		assertThat(Objects.requireNonNull(metadata("hints").get(name + ".values")).path("providers").toString())
			.isEqualTo("[{\"name\":\"class-reference\"}]");
	}

	private static String defaultValue(JsonNode value) {
		return value.isArray() ? value.valueStream().map(JsonNode::asString).collect(Collectors.joining(","))
				: value.asString("");
	}

	private static void collect(String prefix, Class<?> type, Set<String> names) throws Exception {
		BeanInfo bean = Introspector.getBeanInfo(type, Object.class);
		for (PropertyDescriptor property : bean.getPropertyDescriptors()) {
			String name = prefix + "." + dashed(property.getName());
			if (property.getWriteMethod() != null) {
				names.add(name);
			}
			else {
				collect(name, property.getPropertyType(), names);
			}
		}
	}

	private static String dashed(String name) {
		return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
	}

	static Map<String, JsonNode> metadata() throws Exception {
		return metadata("properties");
	}

	private static Map<String, JsonNode> metadata(String section) throws Exception {
		Map<String, JsonNode> properties = new TreeMap<>();
		for (URL url : Collections
			.list(CpgProperties.class.getClassLoader().getResources("META-INF/spring-configuration-metadata.json"))) {
			try (InputStream stream = url.openStream()) {
				JsonMapper.shared()
					.readTree(stream)
					.path(section)
					.forEach((property) -> properties.put(property.get("name").asString(), property));
			}
		}
		properties.keySet().removeIf((name) -> !name.startsWith("cpg.") && !name.startsWith("management.health.cpg."));
		return properties;
	}

}
