package dev.cpg.boot.autoconfigure;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * The keys of a map of settings. Binding leaves out of a key what it does not expect in a
 * name, and takes two keys for one that differ in case or hyphens only: what would get
 * another name by that, or another's value, is refused.
 */
final class WrittenKeys {

	private final ConfigurationPropertyName map;

	/** Whether all that is below the map is the key. */
	private final boolean whole;

	WrittenKeys(ConfigurationPropertyName map, boolean whole) {
		this.map = map;
		this.whole = whole;
	}

	/**
	 * Returns the keys that are written in other places than environment variables, which
	 * cannot spell them. Where sources spell one in several ways it is the way of the
	 * last.
	 */
	Map<ConfigurationPropertyName, String> of(List<WrittenSetting> settings) {
		Map<ConfigurationPropertyName, String> keys = new LinkedHashMap<>();
		Map<String, Map<ConfigurationPropertyName, String>> bySource = new HashMap<>();
		for (WrittenSetting setting : settings) {
			if (!setting.variable() && this.map.isAncestorOf(setting.name())) {
				ConfigurationPropertyName name = name(setting.name());
				String key = key(setting);
				String other = bySource.computeIfAbsent(setting.source(), (source) -> new HashMap<>())
					.putIfAbsent(name, key);
				if (other != null && !other.equals(key)) {
					throw refusal(setting,
							("The keys '%s' and '%s' differ in what binding does not look at, and are one to "
									+ "it. Write both in the same way, or, if they are to be two, as %s and %s, in YAML with quotes "
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

	private String key(WrittenSetting setting) {
		int elements = this.map.getNumberOfElements();
		String key = WrittenSetting.original(name(setting.name()), elements);
		String written = setting.behind(elements);
		if (!isAt(written, "." + key) && !isAt(written, "[" + key + "]")) {
			String meant = meant(written);
			throw refusal(setting,
					("The key '%s' is read as '%s', as binding leaves out what it does not expect in a name. "
							+ "Write it in brackets, as %s, in YAML with quotes around the brackets: \"[%s]\".")
						.formatted(meant, key, bracketed(meant), meant));
		}
		// A type may have the name of a nested class, whose dollar is no placeholder's.
		String unmeant = UnmeantText.reason(this.whole ? key.replaceAll("(?<=\\w)\\$(?=\\w)", ".") : key);
		if (unmeant != null) {
			throw refusal(setting, "Of the key: " + unmeant);
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

	static InvalidConfigurationPropertyValueException refusal(WrittenSetting setting, String reason) {
		return new InvalidConfigurationPropertyValueException(setting.text(), setting.value(), reason);
	}

}
