package dev.cpg.boot.autoconfigure;

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
 * The names of the settings that a class of properties has: those that binding asks for
 * where there might be anything.
 */
final class SettingNames {

	/** The names, and whether each is that of a map, a list or an array. */
	private final Map<ConfigurationPropertyName, Boolean> names = new LinkedHashMap<>();

	SettingNames(Class<?> type) {
		new Binder(new Anything()).bind(ConfigurationPropertyName.EMPTY, Bindable.of(type), new Recorder());
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

	/** The same for the name of an environment variable, squashed. */
	boolean containVariable(String squashed) {
		return this.names.entrySet().stream().anyMatch((known) -> {
			String candidate = WrittenSetting.squash(known.getKey());
			return known.getValue() ? squashed.startsWith(candidate) : squashed.equals(candidate);
		});
	}

	/** What is in the package of the settings, and no value, is a section of them. */
	static boolean isSection(Bindable<?> target) {
		Class<?> type = target.getType().resolve(Object.class);
		return type.getPackage() == SettingNames.class.getPackage() && !type.isEnum();
	}

	/**
	 * A source that has nothing, and says that there is something below every name.
	 */
	private static final class Anything implements ConfigurationPropertySource {

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
				SettingNames.this.names.put(name,
						Map.class.isAssignableFrom(type) || Collection.class.isAssignableFrom(type) || type.isArray());
			}
			return isSection(target) ? target : null;
		}

	}

}
