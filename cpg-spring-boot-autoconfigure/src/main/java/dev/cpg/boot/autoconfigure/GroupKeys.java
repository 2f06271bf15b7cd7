package dev.cpg.boot.autoconfigure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.core.env.Environment;

/**
 * The keys of {@code cpg.groups}. A key that has nothing but what is no setting of a
 * group is refused, as it makes a group that nobody meant: {@code orders.eu.group} is a
 * setting of {@code orders} to binding.
 */
final class GroupKeys {

	static final ConfigurationPropertyName GROUPS = ConfigurationPropertyName.of("cpg.groups");

	private static final int ELEMENTS = GROUPS.getNumberOfElements();

	private final SettingNames known = new SettingNames(CpgGroupProperties.class);

	private final WrittenKeys keys = new WrittenKeys(GROUPS, false);

	private final List<WrittenSetting> settings;

	private final Binder binder;

	private GroupKeys(Environment environment, List<WrittenSetting> settings) {
		this.settings = settings;
		this.binder = Binder.get(environment);
	}

	/**
	 * Returns the keys by the names that end with them. Several sources may write one key
	 * in several ways, {@code price-list} and {@code PRICELIST}; then it is one group, by
	 * the way of the last source, since environment variables are among the first.
	 */
	static Map<ConfigurationPropertyName, String> in(Environment environment) {
		List<WrittenSetting> settings = WrittenSetting.of(environment, GROUPS);
		return settings.isEmpty() ? Map.of() : new GroupKeys(environment, settings).find();
	}

	private Map<ConfigurationPropertyName, String> find() {
		this.settings.forEach(GroupKeys::requireNoValue);
		Map<ConfigurationPropertyName, String> found = new LinkedHashMap<>(this.keys.of(this.settings));
		for (WrittenSetting setting : this.settings) {
			if (setting.variable()) {
				addVariable(setting, found);
			}
			else if (!isKnown(setting) && (isOfAnotherKey(setting) || hasNothingKnown(setting.name()))) {
				throw refusal(setting);
			}
		}
		return found;
	}

	private static void requireNoValue(WrittenSetting setting) {
		ConfigurationPropertyName name = setting.name();
		boolean list = name.getNumberOfElements() > ELEMENTS && name.isNumericIndex(ELEMENTS);
		if (list || (name.equals(GROUPS) && !setting.isEmpty())) {
			throw WrittenKeys.refusal(setting,
					("The further groups are no list: each has a key, which names its beans, and "
							+ "settings below it, as %s.audit.group=audit-log.")
						.formatted(GROUPS));
		}
		if (setting.isEmpty() || name.getNumberOfElements() > ELEMENTS + 1) {
			return;
		}
		String value = String.valueOf(setting.value());
		throw WrittenKeys.refusal(setting,
				("The key of a group has settings below it, and no value itself. To name the "
						+ "group, set %s.group=%s.")
					.formatted(FurtherGroups.prefix(WrittenSetting.original(name, ELEMENTS)), value));
	}

	/**
	 * In the name of an environment variable an underscore may be a hyphen's:
	 * {@code CPG_GROUPS_PRICE_LIST_GROUP} looks like an unknown setting of {@code price}.
	 */
	private void addVariable(WrittenSetting variable, Map<ConfigurationPropertyName, String> found) {
		if (!variable.name().equals(GROUPS)) {
			ConfigurationPropertyName name = this.keys.name(variable.name());
			if (GROUPS.isParentOf(variable.name()) || this.binder.bind(name, FurtherGroups.SETTINGS).isBound()) {
				found.putIfAbsent(name, WrittenSetting.original(name, ELEMENTS));
			}
		}
	}

	private boolean isKnown(WrittenSetting setting) {
		return setting.name().getNumberOfElements() <= ELEMENTS + 1
				|| this.known.contain(setting.name().subName(ELEMENTS + 1));
	}

	/** It is if its end is a setting and its beginning is not the beginning of one. */
	private boolean isOfAnotherKey(WrittenSetting setting) {
		ConfigurationPropertyName unknown = setting.name().subName(ELEMENTS + 1);
		return setting.isEmpty() || (!this.known.contain(unknown.chop(1)) && lengthOfSetting(unknown) > 0);
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
		return this.settings.stream()
			.filter((setting) -> key.equals(setting.name()) || key.isAncestorOf(setting.name()))
			.noneMatch(this::isKnown) && !this.binder.bind(key, FurtherGroups.SETTINGS).isBound();
	}

	private InvalidConfigurationPropertyValueException refusal(WrittenSetting setting) {
		ConfigurationPropertyName unknown = setting.name().subName(ELEMENTS + 1);
		String key = WrittenSetting.original(this.keys.name(setting.name()), ELEMENTS);
		String read = "It is read as the setting '%s' of a group with the key '%s', and there is no such setting. "
			.formatted(WrittenSetting.original(unknown, 0), key);
		int setTo = setting.isEmpty() ? 0 : Math.max(1, lengthOfSetting(unknown));
		if (setTo == unknown.getNumberOfElements()) {
			return WrittenKeys.refusal(setting,
					read + "The nearest is '%s'.".formatted(Nearest.to(unknown, this.known.all())));
		}
		String[] written = setting.behind(ELEMENTS).substring(1).split("[.\\[]", -1);
		String meant = String.join(".", List.of(written).subList(0, written.length - setTo)).replace("]", "");
		return WrittenKeys.refusal(setting, read + ("If the key is '%s', write it in brackets, as %s[%s], in YAML with "
				+ "quotes around the brackets: \"[%s]\".")
			.formatted(meant, GROUPS, meant, meant));
	}

}
