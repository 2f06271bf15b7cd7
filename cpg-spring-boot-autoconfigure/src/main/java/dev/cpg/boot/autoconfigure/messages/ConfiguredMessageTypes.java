package dev.cpg.boot.autoconfigure.messages;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import dev.cpg.boot.autoconfigure.settings.MapKeys;
import dev.cpg.boot.autoconfigure.settings.SettingsBindHandler;
import dev.cpg.boot.autoconfigure.settings.SourceProperty;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * The types of {@code cpg.messages.types}, under their names as the user wrote them.
 */
final class ConfiguredMessageTypes {

	private static final ConfigurationPropertyName TYPES = ConfigurationPropertyName.of("cpg.messages.types");

	private ConfiguredMessageTypes() {
	}

	/** Refuses a list or a single value, before binding fails on it. */
	static void check(Environment environment) {
		SourceProperty.of(environment, TYPES).forEach(ConfiguredMessageTypes::requireMap);
	}

	/**
	 * Returns the types that were bound, each under one spelling of its name: binding
	 * returns all of them.
	 */
	static Map<String, Class<?>> of(Environment environment, Map<String, Class<?>> bound) {
		List<SourceProperty> properties = SourceProperty.of(environment, TYPES);
		Collection<String> names = new MapKeys(TYPES, true).of(properties).values();
		Binder.get(environment, new SettingsBindHandler())
			.bind(TYPES, Bindable.mapOf(String.class, String.class))
			.ifBound((types) -> types.forEach(ConfiguredMessageTypes::requireClass));
		Map<String, Class<?>> types = new LinkedHashMap<>(bound);
		types.keySet()
			.removeIf((name) -> !names.contains(name)
					&& names.stream().anyMatch((written) -> squash(written).equals(squash(name))));
		return types;
	}

	private static void requireMap(SourceProperty property) {
		boolean list = !property.name().equals(TYPES) && property.name().isNumericIndex(TYPES.getNumberOfElements());
		if (list || (property.name().equals(TYPES) && !property.isEmpty())) {
			throw MapKeys.refusal(property,
					"The types are no list: each has the name under which it travels, as %s.order-placed=shared.OrderPlaced."
						.formatted(TYPES));
		}
	}

	/** Binding to a map of classes leaves out empty values without an error. */
	private static void requireClass(String name, String type) {
		if (!StringUtils.hasText(type)) {
			throw new InvalidConfigurationPropertyValueException(property(name), type, "It must name a class.");
		}
	}

	/** Returns the name of the setting for a type. */
	static String property(String name) {
		return TYPES + (name.matches("[\\w.-]+") ? "." + name : "[" + name + "]");
	}

	private static String squash(String name) {
		return name.toLowerCase(Locale.ROOT).replaceAll("[-_.]", "");
	}

}
