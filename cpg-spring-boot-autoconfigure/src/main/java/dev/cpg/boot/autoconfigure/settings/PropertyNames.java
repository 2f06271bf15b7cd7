package dev.cpg.boot.autoconfigure.settings;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;

/**
 * The names of the properties that a class has. A binding to a source that claims to have
 * everything asks for each of them.
 */
final class PropertyNames {

	/** The names, and whether each is the name of a map, a list or an array. */
	private final Map<ConfigurationPropertyName, Boolean> names = new LinkedHashMap<>();

	private final Class<?> settings;

	PropertyNames(Class<?> settings) {
		this.settings = settings;
		new Binder(new Everything()).bind(ConfigurationPropertyName.EMPTY, Bindable.of(settings), new Recorder());
	}

	Set<ConfigurationPropertyName> all() {
		return this.names.keySet();
	}

	/**
	 * Returns whether a name is one of them, or one below a map, a list or an array.
	 */
	boolean contain(ConfigurationPropertyName name) {
		return this.names.containsKey(name) || this.names.entrySet()
			.stream()
			.anyMatch((known) -> known.getValue() && known.getKey().isAncestorOf(name));
	}

	/** Returns the same for the squashed name of an environment variable. */
	boolean containVariable(String squashed) {
		return this.names.entrySet().stream().anyMatch((known) -> {
			String candidate = SourceProperty.squash(known.getKey());
			return known.getValue() ? squashed.startsWith(candidate) : squashed.equals(candidate);
		});
	}

	/**
	 * Returns whether what is bound is a section of the settings, with properties of its
	 * own. Sections are the classes of the settings' package, except enums.
	 */
	static boolean isSection(Class<?> settings, Bindable<?> target) {
		Class<?> type = target.getType().resolve(Object.class);
		return type.getPackageName().equals(settings.getPackageName()) && !type.isEnum();
	}

	/**
	 * A source without any value that claims to have something below every name.
	 */
	private static final class Everything implements ConfigurationPropertySource {

		@Override
		public @Nullable ConfigurationProperty getConfigurationProperty(@Nullable ConfigurationPropertyName name) {
			return null;
		}

		@Override
		public ConfigurationPropertyState containsDescendantOf(ConfigurationPropertyName name) {
			return ConfigurationPropertyState.PRESENT;
		}

	}

	private final class Recorder extends AbstractBindHandler {

		@Override
		public <T> @Nullable Bindable<T> onStart(ConfigurationPropertyName name, Bindable<T> target,
				BindContext context) {
			Class<?> type = target.getType().resolve(Object.class);
			if (!name.isEmpty()) {
				PropertyNames.this.names.put(name,
						Map.class.isAssignableFrom(type) || Collection.class.isAssignableFrom(type) || type.isArray());
			}
			return isSection(PropertyNames.this.settings, target) ? target : null;
		}

	}

}
