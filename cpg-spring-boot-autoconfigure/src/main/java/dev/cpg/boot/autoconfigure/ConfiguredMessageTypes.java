package dev.cpg.boot.autoconfigure;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * The types of {@code cpg.messages.types}, under the names that were written.
 */
final class ConfiguredMessageTypes {

	private static final ConfigurationPropertyName TYPES = ConfigurationPropertyName.of("cpg.messages.types");

	private ConfiguredMessageTypes() {
	}

	/** Refuses what is no map, before binding fails on it. */
	static void check(Environment environment) {
		WrittenSetting.of(environment, TYPES).forEach(ConfiguredMessageTypes::requireMap);
	}

	/**
	 * Returns the types that were bound, without the other spellings of a name: binding
	 * gives the same class to each.
	 */
	static Map<String, Class<?>> of(Environment environment, Map<String, Class<?>> bound) {
		List<WrittenSetting> settings = WrittenSetting.of(environment, TYPES);
		Collection<String> names = new WrittenKeys(TYPES, true).of(settings).values();
		Binder.get(environment, new SettingsBindHandler())
			.bind(TYPES, Bindable.mapOf(String.class, String.class))
			.ifBound((types) -> types.forEach(ConfiguredMessageTypes::requireClass));
		Map<String, Class<?>> types = new LinkedHashMap<>(bound);
		types.keySet()
			.removeIf((name) -> !names.contains(name)
					&& names.stream().anyMatch((written) -> squash(written).equals(squash(name))));
		return types;
	}

	private static void requireMap(WrittenSetting setting) {
		boolean list = !setting.name().equals(TYPES) && setting.name().isNumericIndex(TYPES.getNumberOfElements());
		if (list || (setting.name().equals(TYPES) && !setting.isEmpty())) {
			throw WrittenKeys.refusal(setting,
					"The types are no list: each has the name under which it travels, as %s.order-placed=shared.OrderPlaced."
						.formatted(TYPES));
		}
	}

	/** Where it is a map of classes, binding leaves out what is empty. */
	private static void requireClass(String name, String type) {
		if (!StringUtils.hasText(type)) {
			throw new InvalidConfigurationPropertyValueException(property(name), type, "It must name a class.");
		}
	}

	/** Returns the setting of a type, as it is written. */
	static String property(String name) {
		return TYPES + (name.matches("[\\w.-]+") ? "." + name : "[" + name + "]");
	}

	private static String squash(String name) {
		return name.toLowerCase(Locale.ROOT).replaceAll("[-_.]", "");
	}

}
