package dev.cpg.boot.autoconfigure;

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
 * Warns of what is written like a setting of the starter and is none: a typing error
 * leaves the default in force without a word.
 */
final class UnknownSettings {

	private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of(CpgPropertiesValidator.PREFIX);

	private static final ConfigurationPropertyName HEALTH = ConfigurationPropertyName.of("management.health.cpg");

	/** The one setting that Spring Boot's condition of a health indicator looks at. */
	private static final ConfigurationPropertyName HEALTH_ENABLED = HEALTH.append("enabled");

	/** The one variable of that kind that the starter's support for tests reads. */
	private static final String VARIABLE_OF_TESTS = "CPG_REQUIRE_COROSYNC";

	private final SettingNames ofAll = new SettingNames(CpgProperties.class);

	private final SettingNames ofGroup = new SettingNames(CpgGroupProperties.class);

	private final Environment environment;

	private final Map<ConfigurationPropertyName, String> groups;

	/**
	 * Looks for unknown settings.
	 * @param environment where they are set
	 * @param groups the keys of the further groups
	 */
	UnknownSettings(Environment environment, Map<ConfigurationPropertyName, String> groups) {
		this.environment = environment;
		this.groups = groups;
	}

	void warn() {
		Set<String> warned = new HashSet<>();
		Stream.of(ROOT, HEALTH)
			.flatMap((root) -> WrittenSetting.of(this.environment, root).stream())
			.filter((setting) -> !isKnown(setting) && !setting.text().equals(VARIABLE_OF_TESTS))
			.filter((setting) -> warned.add(WrittenSetting.uniform(setting.name())))
			.forEach((setting) -> CpgLog.CONFIGURATION.warn()
				.with("setting", setting.text())
				.log("There is no setting '{}', so that it has no effect: {}. The nearest is '{}'.", setting.text(),
						setting.origin(), nearest(setting)));
	}

	private boolean isKnown(WrittenSetting setting) {
		ConfigurationPropertyName name = setting.name();
		if (name.equals(ROOT) || name.equals(HEALTH)) {
			return setting.isEmpty();
		}
		if (HEALTH.isAncestorOf(name)) {
			return name.equals(HEALTH_ENABLED);
		}
		if (setting.variable()) {
			return isKnownVariable(WrittenSetting.squash(name));
		}
		return GroupKeys.GROUPS.isAncestorOf(name) ? isKnownOfGroup(name) : this.ofAll.contain(name.subName(1));
	}

	private boolean isKnownOfGroup(ConfigurationPropertyName name) {
		int elements = GroupKeys.GROUPS.getNumberOfElements() + 1;
		return name.getNumberOfElements() == elements || this.ofGroup.contain(name.subName(elements));
	}

	/** A variable cannot spell a key that stands in brackets. */
	private boolean isKnownVariable(String squashed) {
		if (!squashed.startsWith(WrittenSetting.squash(GroupKeys.GROUPS))) {
			return this.ofAll.containVariable(squashed.substring(ROOT.toString().length()));
		}
		return squashed.equals(WrittenSetting.squash(GroupKeys.GROUPS)) || this.groups.keySet()
			.stream()
			.filter((key) -> !key.toString().contains("["))
			.map(WrittenSetting::squash)
			.anyMatch((key) -> squashed.equals(key)
					|| (squashed.startsWith(key) && this.ofGroup.containVariable(squashed.substring(key.length()))));
	}

	private String nearest(WrittenSetting setting) {
		ConfigurationPropertyName nearest = Nearest.to(setting.name(), candidates(setting.name()));
		return setting.variable() ? nearest.toString().replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT)
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
