package dev.cpg.boot.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.cpg.boot.autoconfigure.settings.GroupKeys;
import dev.cpg.boot.autoconfigure.settings.SettingPrefixes;
import dev.cpg.boot.autoconfigure.settings.SettingsBindHandler;
import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgGroupName;
import dev.cpg.spring.CpgGroup;
import dev.cpg.spring.CpgMembership;
import dev.cpg.spring.CpgTemplate;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Bindable.BindRestriction;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.ApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * The groups of {@code cpg.groups}, each with a connection of its own. Its methods make
 * the beans that {@link AdditionalGroupsRegistrar} registers.
 */
final class AdditionalGroups {

	/** A key itself may have an empty value only, which sets nothing. */
	static final Bindable<CpgGroupProperties> SETTINGS = Bindable.of(CpgGroupProperties.class)
		.withBindRestrictions(BindRestriction.NO_DIRECT_PROPERTY);

	private final Map<String, CpgGroupProperties> groups;

	/** The groups that have names already, by the name that is shown. */
	private final Map<String, NamedGroup> named = new LinkedHashMap<>();

	private final GroupBeans beans;

	private final ObjectProvider<GroupConnectors> connectors;

	private final ObjectProvider<CpgConnector> connector;

	AdditionalGroups(ApplicationContext context, NamedGroup first, GroupBeans beans,
			ObjectProvider<GroupConnectors> connectors, ObjectProvider<CpgConnector> connector) {
		this.groups = bind(context.getEnvironment());
		this.beans = beans;
		this.connectors = connectors;
		this.connector = connector;
		this.named.put(first.shown(), first);
		this.groups.forEach((key, properties) -> {
			new CpgPropertiesValidator(context.getEnvironment(), SettingPrefixes.ofGroup(key)).validate(properties);
			if (!context.containsBean(AdditionalGroupsRegistrar.beanName(key, CpgMembership.class))) {
				throw new IllegalStateException(
						"%s is set, and was not when this application was processed ahead of time: build it with this setting"
							.formatted(SettingPrefixes.ofGroup(key)));
			}
		});
	}

	/**
	 * Binds the settings of each group over those of {@code cpg.*}, the group's name
	 * apart.
	 */
	static Map<String, CpgGroupProperties> bind(Environment environment) {
		Binder binder = Binder.get(environment, new SettingsBindHandler(CpgProperties.class));
		Map<String, CpgGroupProperties> groups = new LinkedHashMap<>();
		keys(environment).forEach((name, key) -> groups.put(key, bind(binder, name)));
		return groups;
	}

	/** Returns the keys of the groups, by the names that end with them. */
	static Map<ConfigurationPropertyName, String> keys(Environment environment) {
		return GroupKeys.in(environment, SETTINGS);
	}

	private static CpgGroupProperties bind(Binder binder, ConfigurationPropertyName name) {
		CpgGroupProperties defaults = binder.bindOrCreate("cpg", CpgGroupProperties.class);
		defaults.setGroup(null);
		defaults.getLeader().clearOwn();
		return binder.bind(name, SETTINGS.withExistingValue(defaults)).orElse(defaults);
	}

	private CpgGroupProperties properties(String key) {
		CpgGroupProperties properties = this.groups.get(key);
		if (properties == null) {
			throw new IllegalStateException("%s was set when this application was built, and is not now"
				.formatted(SettingPrefixes.ofGroup(key)));
		}
		return properties;
	}

	synchronized CpgGroupName name(String key) {
		CpgGroupProperties properties = properties(key);
		String property = SettingPrefixes.ofGroup(key) + ".group";
		String text = properties.getGroup();
		String advice = "";
		String origin = property;
		if (!StringUtils.hasText(text)) {
			text = key;
			advice = " This one is not set, so the group is named like its key.";
			origin = SettingPrefixes.ofGroup(key);
		}
		CpgGroupName name = GroupBeans.name(property, text, properties.isGroupNameTerminated(), advice);
		NamedGroup group = new NamedGroup(origin, name);
		NamedGroup other = this.named.putIfAbsent(group.shown(), group);
		if (other != null && !other.equals(group)) {
			throw new InvalidConfigurationPropertyValueException(property, text, other.refusal(name) + advice);
		}
		return name;
	}

	CpgMembership membership(String key, CpgGroupName name) {
		CpgGroupProperties properties = properties(key);
		GroupConnectors connectors = this.connectors.getIfAvailable();
		CpgConnector connector = (connectors != null)
				? connectors.create(SettingPrefixes.ofGroup(key), properties, name) : this.connector.getObject();
		return this.beans.membership(properties, connector, name,
				GroupBeans.settings(SettingPrefixes.ofGroup(key), properties));
	}

	CpgGroup group(CpgMembership membership) {
		return membership.getGroup();
	}

	CpgTemplate template(String key, CpgMembership membership) {
		return this.beans.template(properties(key), membership);
	}

}
