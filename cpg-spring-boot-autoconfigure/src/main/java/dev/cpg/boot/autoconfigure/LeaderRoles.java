package dev.cpg.boot.autoconfigure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.cpg.boot.autoconfigure.settings.SettingPrefixes;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.core.env.Environment;

/**
 * The roles of all groups of a service, as its settings name them.
 */
final class LeaderRoles {

	private LeaderRoles() {
	}

	/**
	 * Returns the names of the roles, each with the prefix of its group's settings.
	 * @throws InvalidConfigurationPropertyValueException if two groups have one role
	 */
	static Map<String, String> in(Environment environment) {
		Map<String, String> roles = new LinkedHashMap<>();
		add(roles, SettingPrefixes.ALL,
				Binder.get(environment).bind("cpg.leader.roles", Bindable.listOf(String.class)).orElse(List.of()));
		AdditionalGroups.bind(environment)
			.forEach((key, properties) -> add(roles, SettingPrefixes.ofGroup(key), properties.getLeader().getRoles()));
		return roles;
	}

	/** Returns the key of the additional group with a prefix. */
	static String keyOf(Environment environment, String prefix) {
		return AdditionalGroups.bind(environment)
			.keySet()
			.stream()
			.filter((key) -> SettingPrefixes.ofGroup(key).equals(prefix))
			.findFirst()
			.orElseThrow();
	}

	private static void add(Map<String, String> roles, String prefix, List<String> names) {
		for (String name : names) {
			String other = roles.putIfAbsent(name, prefix);
			if (other != null && !other.equals(prefix)) {
				throw new InvalidConfigurationPropertyValueException(prefix + ".leader.roles", names,
						"The role '%s' is in %s.leader.roles, too. @LeaderOnly and beans know a role by its name, so two groups of a service cannot have the same one."
							.formatted(name, other));
			}
		}
	}

}
