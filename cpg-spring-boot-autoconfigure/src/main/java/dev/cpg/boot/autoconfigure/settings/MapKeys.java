package dev.cpg.boot.autoconfigure.settings;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * The keys of a map of settings. Binding drops unexpected characters from a key, and
 * takes two keys for one that differ in case or hyphens only. A key that would become
 * another one, or get the value of another one, is refused.
 */
public final class MapKeys {

	private final ConfigurationPropertyName map;

	/** Whether a key may have dots, as there are no settings below it. */
	private final boolean whole;

	/**
	 * Creates the keys of a map.
	 * @param map the map's name
	 * @param whole whether all that is behind the map's name is the key
	 */
	public MapKeys(ConfigurationPropertyName map, boolean whole) {
		this.map = map;
		this.whole = whole;
	}

	/**
	 * Returns the keys by the names that end with them. Those of environment variables
	 * are left out, as a variable cannot spell a key. If sources spell a key in several
	 * ways, it has the spelling of the last one.
	 * @param properties the properties below the map
	 * @throws InvalidConfigurationPropertyValueException if binding would read a key as
	 * another one
	 */
	public Map<ConfigurationPropertyName, String> of(List<SourceProperty> properties) {
		Map<ConfigurationPropertyName, String> keys = new LinkedHashMap<>();
		Map<String, Map<ConfigurationPropertyName, String>> bySource = new HashMap<>();
		for (SourceProperty property : properties) {
			if (!property.variable() && this.map.isAncestorOf(property.name())) {
				ConfigurationPropertyName name = name(property.name());
				String key = key(property);
				String other = bySource.computeIfAbsent(property.source(), (source) -> new HashMap<>())
					.putIfAbsent(name, key);
				if (other != null && !other.equals(key)) {
					throw refusal(property,
							("The keys '%s' and '%s' differ only in what binding ignores, and it takes them for "
									+ "one. Write both in the same way, or, if they are to be two, as %s and %s, in YAML with quotes "
									+ "around the brackets.")
								.formatted(other, key, bracketed(other), bracketed(key)));
				}
				keys.put(name, key);
			}
		}
		return keys;
	}

	/** Returns the name that ends with the key. */
	ConfigurationPropertyName name(ConfigurationPropertyName name) {
		return this.whole ? name : name.chop(this.map.getNumberOfElements() + 1);
	}

	private String key(SourceProperty property) {
		int elements = this.map.getNumberOfElements();
		String key = SourceProperty.original(name(property.name()), elements);
		String written = property.textBehind(elements);
		if (!isAt(written, "." + key) && !isAt(written, "[" + key + "]")) {
			String meant = meant(written);
			throw refusal(property,
					("The key '%s' is read as '%s', as binding drops unexpected characters from a name. "
							+ "Write it in brackets, as %s, in YAML with quotes around the brackets: \"[%s]\".")
						.formatted(meant, key, bracketed(meant), meant));
		}
		// A type may have the name of a nested class, whose dollar is no placeholder's.
		String mistake = TextMistakes.find(this.whole ? key.replaceAll("(?<=\\w)\\$(?=\\w)", ".") : key);
		if (mistake != null) {
			throw refusal(property, "This key cannot be used. " + mistake);
		}
		return key;
	}

	private boolean isAt(String written, String key) {
		return written.startsWith(key) && (written.length() == key.length()
				|| (!this.whole && ".[".indexOf(written.charAt(key.length())) != -1));
	}

	private String meant(String written) {
		String text = written.startsWith(".") ? written.substring(1) : written;
		return this.whole ? text : text.split("[.\\[]", 2)[0];
	}

	private String bracketed(String key) {
		return this.map + "[" + key + "]";
	}

	/**
	 * Returns the exception that refuses a property under the name that the user wrote.
	 * @param property the property
	 * @param reason why it is refused, and what to do about it
	 */
	public static InvalidConfigurationPropertyValueException refusal(SourceProperty property, String reason) {
		return new InvalidConfigurationPropertyValueException(property.text(), property.value(), reason);
	}

}
