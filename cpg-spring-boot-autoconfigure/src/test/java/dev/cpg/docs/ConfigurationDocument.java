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

import dev.cpg.boot.autoconfigure.CpgGroupProperties;
import dev.cpg.boot.autoconfigure.CpgProperties;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes docs/configuration.md out of the metadata of the properties.
 */
final class ConfigurationDocument {

	private static final List<String> BEFORE = List.of("# Configuration", "",
			"All properties of the starter. This page is made from the metadata that editors show, by", "", "```",
			"./mvnw -pl cpg-client,cpg-test,cpg-spring-boot-autoconfigure -Dtest=DocumentationTests \\",
			"  -Dsurefire.failIfNoSpecifiedTests=false -Dcpg.docs.write=true test", "```", "",
			"and the build fails where the two differ. Durations are written like `500ms`, `10s` or `1m`, sizes like `512KB`",
			"or `64MB`. All durations are from `1ms` to `365d`. A value that cannot work is refused at the start, with",
			"the property's name and the reason.", "");

	private static final List<String> AFTER = List.of("", "## Additional groups", "",
			"Every property but `cpg.enabled`, `cpg.groups` and those of `cpg.messages` can be set for an additional group, as",
			"`cpg.groups.KEY.NAME` in the place of `cpg.NAME`. What a group does not set it takes from `cpg.*`, its name",
			"apart: that is `KEY` unless `cpg.groups.KEY.group` says otherwise. [Sending](sending.md#several-groups) shows it.",
			"",
			"A group that sets nothing has its key alone: `alerts:` in YAML, `cpg.groups.alerts=` in a properties file. `alerts: {}`",
			"does it on Spring Boot 4.1; Boot 4.0 hands an empty `{}` to nobody.", "", "## Keys", "",
			"A key in `cpg.groups`, and a name in `cpg.messages.types`, has letters, digits, hyphens and underscores; a name of a",
			"type may have dots. With anything else it stands in brackets, and in YAML in quotes too:", "",
			"| where | how |", "| --- | --- |", "| YAML | `\"[orders.eu]\": {group: orders-eu}` |",
			"| properties file, command line | `cpg.groups[orders.eu].group=orders-eu` |",
			"| `SPRING_APPLICATION_JSON` | `{\"cpg\":{\"groups\":{\"[orders.eu]\":{\"group\":\"orders-eu\"}}}}` |",
			"| environment variable | it cannot spell such a key |", "",
			"Binding would read another key otherwise, `orders` with a setting `eu.group` for one. The start ends then, and says how",
			"to write it. It ends too where one source writes a key in two ways that are the same to binding, such as `price-list`",
			"and `priceList`, and where an additional group has nothing but unknown settings.", "", "## Mistakes", "",
			"- A setting that does not exist, such as `cpg.grop`, has no effect. The log warns of it once, with where it is set and",
			"  the nearest name that exists, under the logger `dev.cpg.configuration`.",
			"- The environment variables that Kubernetes sets for a Service called `cpg`, `cpg-groups` and the like are no settings.",
			"- A name of a group, a key or a directory that is a mistake ends the start: a placeholder that was not replaced, such",
			"  as `${ORDERS_GROUP}` or `@project.artifactId@`, quotes or blanks around it, control characters. A bean of type",
			"  `CpgGroupName` may have any name.",
			"- Of several beans of type `JsonMapper`, `CpgMessageConverters` or, where something is observed, `ObservationRegistry`, one",
			"  must be `@Primary`. Of several `ErrorHandler`s that are not, none is called, and the log warns of it at the start.");

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
		String value = property.path("defaultValue").asString("");
		return value.isEmpty() ? "" : "`" + value + "`";
	}

	private static String type(JsonNode property) {
		String type = property.path("type").asString("");
		return switch (type) {
			case "java.lang.String" -> "text";
			case "java.lang.Boolean" -> "`true` or `false`";
			case "java.lang.Long", "java.lang.Integer", "java.lang.Double" -> "number";
			case "java.util.Set<java.lang.Long>" -> "numbers";
			case "java.time.Duration" -> "duration";
			case "org.springframework.util.unit.DataSize" -> "size";
			case "java.nio.file.Path" -> "path";
			case "dev.cpg.boot.autoconfigure.CpgGroupProperties$Mode" -> "`corosync`";
			case "dev.cpg.client.CpgOverflow" -> "`block` or `leave`";
			case "java.util.Map<java.lang.String,java.lang.Class<?>>" -> "class names by logical names";
			case "java.util.Map<java.lang.String,dev.cpg.boot.autoconfigure.CpgGroupProperties>" -> "settings by keys";
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
