package dev.cpg.docs;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import dev.cpg.boot.autoconfigure.CpgGroupProperties;
import dev.cpg.boot.autoconfigure.CpgProperties;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes docs/configuration.md out of the metadata of the properties.
 */
final class ConfigurationDocument {

	private static final List<String> BEFORE = List.of("# Configuration", "",
			"All properties of the starter. This page is generated from the metadata that editors show, by", "", "```",
			"./mvnw -pl cpg-client,cpg-embedded,cpg-test,cpg-spring-boot-autoconfigure -Dtest=DocumentationTests \\",
			"  -Dsurefire.failIfNoSpecifiedTests=false -Dcpg.docs.write=true test", "```", "",
			"and the build fails if the two differ. Durations are written like `500ms`, `10s` or `1m`, sizes like `512KB`",
			"or `64MB`. All durations are from `1ms` to `365d`. A value that cannot work fails the start, with",
			"the property's name and the reason.", "");

	private static final List<String> AFTER = List.of("", "## Additional groups", "",
			"Every property but `cpg.enabled`, `cpg.mode`, `cpg.groups` and those of `cpg.embedded`, `cpg.health` and `cpg.messages` can be set for",
			"an additional group, as `cpg.groups.KEY.NAME` in place of `cpg.NAME`. A group inherits what it does not set from",
			"`cpg.*`, except its name, which is `KEY` unless `cpg.groups.KEY.group` is set.",
			"[Sending](sending.md#several-groups) shows an example.", "",
			"A group without settings is written as its key alone: `alerts:` in YAML, `cpg.groups.alerts=` in a properties file.",
			"`alerts: {}` works on Spring Boot 4.1; Boot 4.0 drops an empty `{}`.", "", "## Keys", "",
			"A key in `cpg.groups`, and a name in `cpg.messages.types`, has letters, digits, hyphens and underscores; a name of a",
			"type may have dots. With any other character it must be in brackets, and in YAML also in quotes:", "",
			"| where | how |", "| --- | --- |", "| YAML | `\"[orders.eu]\": {group: orders-eu}` |",
			"| properties file, command line | `cpg.groups[orders.eu].group=orders-eu` |",
			"| `SPRING_APPLICATION_JSON` | `{\"cpg\":{\"groups\":{\"[orders.eu]\":{\"group\":\"orders-eu\"}}}}` |",
			"| environment variable | it cannot spell such a key |", "",
			"Without brackets binding would read another key, such as `orders` with a setting `eu.group`. Then the start fails and",
			"says how to write the key. It also fails if one source spells a key in two ways that are the same to binding, such as",
			"`price-list` and `priceList`, and if an additional group has only unknown settings.", "", "## Mistakes",
			"",
			"- A setting that does not exist, such as `cpg.grop`, has no effect. The log warns of it once, with its origin and the",
			"  most similar name that exists, under the logger `dev.cpg.configuration`.",
			"- The environment variables that Kubernetes sets for a Service called `cpg`, `cpg-groups` and the like are ignored.",
			"- The start fails if a group's name, a key or a directory is a mistake: it has a placeholder that was not replaced, such",
			"  as `${ORDERS_GROUP}` or `@project.artifactId@`, quotes or blanks around it, or control characters. A bean of type",
			"  `CpgGroupName` may have any name.",
			"- Of several beans of type `JsonMapper`, `CpgMessageConverters` or, with observations, `ObservationRegistry`, one must be",
			"  `@Primary`. If there are several `ErrorHandler`s and none is, none is called, and the start logs a warning.");

	private ConfigurationDocument() {
	}

	static List<String> lines() {
		List<String> lines = new ArrayList<>(BEFORE);
		lines.add("| property | type | default | meaning |");
		lines.add("| --- | --- | --- | --- |");
		properties().forEach((name, property) -> lines.add("| `%s` | %s | %s | %s |".formatted(name, type(property),
				defaultValue(property), text(property.path("description").asString("")))));
		lines.addAll(AFTER);
		return lines;
	}

	private static String defaultValue(JsonNode property) {
		JsonNode value = property.path("defaultValue");
		List<JsonNode> values = value.isArray() ? List.copyOf(value.values()) : List.of(value);
		return values.stream()
			.map((each) -> each.asString(""))
			.filter((text) -> !text.isEmpty())
			.map((text) -> "`" + text + "`")
			.collect(Collectors.joining(", "));
	}

	private static String type(JsonNode property) {
		String type = property.path("type").asString("");
		return switch (type) {
			case "java.lang.String" -> "text";
			case "java.lang.Boolean" -> "`true` or `false`";
			case "java.lang.Long", "java.lang.Integer", "java.lang.Double" -> "number";
			case "java.util.Set<java.lang.Long>" -> "numbers";
			case "java.util.Set<java.lang.String>", "java.util.List<java.lang.String>" -> "texts";
			case "java.time.Duration" -> "duration";
			case "org.springframework.util.unit.DataSize" -> "size";
			case "java.nio.file.Path" -> "path";
			case "dev.cpg.boot.autoconfigure.CpgMode" -> "`corosync` or `embedded`";
			case "dev.cpg.client.CpgOverflow" -> "`block` or `leave`";
			case "java.util.Map<java.lang.String,java.lang.Class<?>>" -> "class names by logical names";
			case "java.util.Map<java.lang.String,dev.cpg.boot.autoconfigure.CpgGroupProperties>",
					"java.util.Map<java.lang.String,dev.cpg.boot.autoconfigure.CpgLeaderProperties$Role>" ->
				"settings by keys";
			default -> throw new IllegalStateException("Say here how users would call a " + type);
		};
	}

	/** Names of properties and values stand in quotes in the metadata. */
	private static String text(String description) {
		return description.replaceAll("'([^' ]+)'", "`$1`").replace("|", "\\|");
	}

	private static Map<String, JsonNode> properties() {
		Map<String, JsonNode> properties = new TreeMap<>();
		try {
			for (URL url : Collections.list(
					CpgProperties.class.getClassLoader().getResources("META-INF/spring-configuration-metadata.json"))) {
				try (InputStream stream = url.openStream()) {
					JsonMapper.shared()
						.readTree(stream)
						.path("properties")
						.forEach((property) -> properties.put(property.path("name").asString(""), property));
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		properties.keySet().removeIf((name) -> !name.matches("(management\\.health\\.)?cpg\\..*"));
		return properties;
	}

}
