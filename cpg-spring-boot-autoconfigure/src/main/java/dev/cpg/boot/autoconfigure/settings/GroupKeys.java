package dev.cpg.boot.autoconfigure.settings;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.core.env.Environment;

/**
 * The keys of {@code cpg.groups}. A key below which there are only unknown settings is
 * refused, as it would make a group by mistake: {@code orders.eu.group}, where
 * {@code orders.eu} was to be the key, is the setting {@code eu.group} of {@code orders}
 * to binding.
 */
public final class GroupKeys {

	static final ConfigurationPropertyName GROUPS = ConfigurationPropertyName.of("cpg.groups");

	private static final int ELEMENTS = GROUPS.getNumberOfElements();

	private final MapKeys keys = new MapKeys(GROUPS, false);

	private final Bindable<?> group;

	private final PropertyNames known;

	private final List<SourceProperty> properties;

	private final Binder binder;

	private GroupKeys(Environment environment, Bindable<?> group, List<SourceProperty> properties) {
		this.group = group;
		this.known = new PropertyNames(group.getType().resolve(Object.class));
		this.properties = properties;
		this.binder = Binder.get(environment);
	}

	/**
	 * Returns the keys by the names that end with them. Several sources may spell one key
	 * in several ways, {@code price-list} and {@code PRICELIST}. They make one group with
	 * the spelling of the last source, since environment variables are among the first.
	 * @param environment has the sources
	 * @param group the settings of a group
	 */
	public static Map<ConfigurationPropertyName, String> in(Environment environment, Bindable<?> group) {
		List<SourceProperty> properties = SourceProperty.of(environment, GROUPS);
		return properties.isEmpty() ? Map.of() : new GroupKeys(environment, group, properties).find();
	}

	private Map<ConfigurationPropertyName, String> find() {
		this.properties.forEach(GroupKeys::requireNoValue);
		Map<ConfigurationPropertyName, String> found = new LinkedHashMap<>(this.keys.of(this.properties));
		for (SourceProperty property : this.properties) {
			if (property.variable()) {
				addVariable(property, found);
			}
			else if (!isKnown(property) && (isOfAnotherKey(property) || hasNothingKnown(property.name()))) {
				throw refusal(property);
			}
		}
		return found;
	}

	private static void requireNoValue(SourceProperty property) {
		ConfigurationPropertyName name = property.name();
		boolean list = name.getNumberOfElements() > ELEMENTS && name.isNumericIndex(ELEMENTS);
		if (list || (name.equals(GROUPS) && !property.isEmpty())) {
			throw MapKeys.refusal(property,
					("Additional groups are no list: each has a key, which names its beans, and "
							+ "settings below it, as %s.audit.group=audit-log.")
						.formatted(GROUPS));
		}
		if (property.isEmpty() || name.getNumberOfElements() > ELEMENTS + 1) {
			return;
		}
		String value = String.valueOf(property.value());
		throw MapKeys.refusal(property,
				("The key of a group has settings below it, and no value itself. To name the "
						+ "group, set %s.group=%s.")
					.formatted(SettingPrefixes.ofGroup(SourceProperty.original(name, ELEMENTS)), value));
	}

	/**
	 * An underscore in the name of an environment variable may stand for a hyphen:
	 * {@code CPG_GROUPS_PRICE_LIST_GROUP} looks like an unknown setting of {@code price}.
	 */
	private void addVariable(SourceProperty variable, Map<ConfigurationPropertyName, String> found) {
		if (!variable.name().equals(GROUPS)) {
			ConfigurationPropertyName name = this.keys.name(variable.name());
			if (GROUPS.isParentOf(variable.name()) || this.binder.bind(name, this.group).isBound()) {
				found.putIfAbsent(name, SourceProperty.original(name, ELEMENTS));
			}
		}
	}

	private boolean isKnown(SourceProperty property) {
		return property.name().getNumberOfElements() <= ELEMENTS + 1
				|| this.known.contain(property.name().subName(ELEMENTS + 1));
	}

	/**
	 * Returns whether a dot may belong to the key: the end of the name is a setting then,
	 * and its beginning is not the beginning of one.
	 */
	private boolean isOfAnotherKey(SourceProperty property) {
		ConfigurationPropertyName unknown = property.name().subName(ELEMENTS + 1);
		return property.isEmpty() || (!this.known.contain(unknown.chop(1)) && lengthOfSetting(unknown) > 0);
	}

	/** Returns how many of the last elements are a setting. */
	private int lengthOfSetting(ConfigurationPropertyName name) {
		int elements = name.getNumberOfElements();
		for (int i = 1; i < elements; i++) {
			if (this.known.contain(name.subName(i))) {
				return elements - i;
			}
		}
		return 0;
	}

	private boolean hasNothingKnown(ConfigurationPropertyName name) {
		ConfigurationPropertyName key = this.keys.name(name);
		return this.properties.stream()
			.filter((property) -> key.equals(property.name()) || key.isAncestorOf(property.name()))
			.noneMatch(this::isKnown) && !this.binder.bind(key, this.group).isBound();
	}

	private InvalidConfigurationPropertyValueException refusal(SourceProperty property) {
		ConfigurationPropertyName unknown = property.name().subName(ELEMENTS + 1);
		String key = SourceProperty.original(this.keys.name(property.name()), ELEMENTS);
		String read = "It is read as the setting '%s' of a group with the key '%s', and there is no such setting. "
			.formatted(SourceProperty.original(unknown, 0), key);
		int setTo = property.isEmpty() ? 0 : Math.max(1, lengthOfSetting(unknown));
		if (setTo == unknown.getNumberOfElements()) {
			return MapKeys.refusal(property,
					read + "The nearest is '%s'.".formatted(NearestName.to(unknown, this.known.all())));
		}
		String[] written = property.textBehind(ELEMENTS).substring(1).split("[.\\[]", -1);
		String meant = String.join(".", List.of(written).subList(0, written.length - setTo)).replace("]", "");
		return MapKeys.refusal(property, read + ("If the key is '%s', write it in brackets, as %s[%s], in YAML with "
				+ "quotes around the brackets: \"[%s]\".")
			.formatted(meant, GROUPS, meant, meant));
	}

}
