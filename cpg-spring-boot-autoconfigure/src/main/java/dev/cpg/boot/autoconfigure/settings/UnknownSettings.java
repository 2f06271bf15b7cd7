package dev.cpg.boot.autoconfigure.settings;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import dev.cpg.client.internal.log.CpgLog;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.Environment;

/**
 * Warns of settings that do not exist. Binding ignores a mistyped name, so the default
 * would stay in force without a warning.
 */
public final class UnknownSettings {

	private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of(SettingPrefixes.ALL);

	private static final ConfigurationPropertyName HEALTH = ConfigurationPropertyName.of("management.health.cpg");

	/** The only setting that Spring Boot's condition of a health indicator reads. */
	private static final ConfigurationPropertyName HEALTH_ENABLED = HEALTH.append("enabled");

	/** The variables that tests read, the starter's test support among them. */
	private static final Set<String> VARIABLES_OF_TESTS = Set.of("CPG_REQUIRE_COROSYNC", "CPG_REQUIRE_POSTGRES");

	private final PropertyNames ofAll;

	private final PropertyNames ofGroup;

	private final Environment environment;

	private final Map<ConfigurationPropertyName, String> groups;

	/**
	 * Creates a search for unknown settings.
	 * @param environment where they are set
	 * @param all the class of all settings
	 * @param group the class of the settings that each group has
	 * @param groups the keys of the additional groups, by the names that end with them
	 */
	public UnknownSettings(Environment environment, Class<?> all, Class<?> group,
			Map<ConfigurationPropertyName, String> groups) {
		this.environment = environment;
		this.ofAll = new PropertyNames(all);
		this.ofGroup = new PropertyNames(group);
		this.groups = groups;
	}

	/**
	 * Logs a warning for each of them, with the most similar name.
	 */
	public void warn() {
		Set<String> warned = new HashSet<>();
		Stream.of(ROOT, HEALTH)
			.flatMap((root) -> SourceProperty.of(this.environment, root).stream())
			.filter((property) -> !isKnown(property) && !VARIABLES_OF_TESTS.contains(property.text()))
			.filter((property) -> warned.add(SourceProperty.uniform(property.name())))
			.forEach((property) -> CpgLog.CONFIGURATION.warn()
				.with("setting", property.text())
				.log("Unknown setting '{}' is ignored ({}). Did you mean '{}'?", property.text(), property.origin(),
						nearest(property)));
	}

	private boolean isKnown(SourceProperty property) {
		ConfigurationPropertyName name = property.name();
		if (name.equals(ROOT) || name.equals(HEALTH)) {
			return property.isEmpty();
		}
		if (HEALTH.isAncestorOf(name)) {
			return name.equals(HEALTH_ENABLED);
		}
		if (property.variable()) {
			return isKnownVariable(SourceProperty.squash(name));
		}
		return GroupKeys.GROUPS.isAncestorOf(name) ? isKnownOfGroup(name) : this.ofAll.contain(name.subName(1));
	}

	private boolean isKnownOfGroup(ConfigurationPropertyName name) {
		int elements = GroupKeys.GROUPS.getNumberOfElements() + 1;
		return name.getNumberOfElements() == elements || this.ofGroup.contain(name.subName(elements));
	}

	/** A variable cannot spell a key in brackets. */
	private boolean isKnownVariable(String squashed) {
		if (!squashed.startsWith(SourceProperty.squash(GroupKeys.GROUPS))) {
			return this.ofAll.containVariable(squashed.substring(ROOT.toString().length()));
		}
		return squashed.equals(SourceProperty.squash(GroupKeys.GROUPS)) || this.groups.keySet()
			.stream()
			.filter((key) -> !key.toString().contains("["))
			.map(SourceProperty::squash)
			.anyMatch((key) -> squashed.equals(key)
					|| (squashed.startsWith(key) && this.ofGroup.containVariable(squashed.substring(key.length()))));
	}

	private String nearest(SourceProperty property) {
		ConfigurationPropertyName nearest = NearestName.to(property.name(), candidates(property.name()));
		return property.variable() ? nearest.toString().replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT)
				: nearest.toString();
	}

	private List<ConfigurationPropertyName> candidates(ConfigurationPropertyName name) {
		if (HEALTH.isAncestorOf(name)) {
			return List.of(HEALTH_ENABLED);
		}
		List<ConfigurationPropertyName> candidates = new ArrayList<>();
		if (GroupKeys.GROUPS.isAncestorOf(name)) {
			this.groups.keySet()
				.forEach((key) -> this.ofGroup.all().forEach((known) -> candidates.add(key.append(known.toString()))));
		}
		if (candidates.isEmpty()) {
			this.ofAll.all().forEach((known) -> candidates.add(ROOT.append(known.toString())));
		}
		return candidates;
	}

}
