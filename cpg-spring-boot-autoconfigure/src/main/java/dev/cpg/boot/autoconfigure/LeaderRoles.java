package dev.cpg.boot.autoconfigure;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.cpg.boot.autoconfigure.settings.SettingPrefixes;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.core.env.Environment;

/**
 * The roles of all groups of a service, as its settings name them, and the groups that
 * have an election.
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

	/**
	 * Returns the prefixes of the settings of the groups that have roles, or whose
	 * members are to be heard.
	 */
	static Set<String> groups(Environment environment) {
		Set<String> groups = new LinkedHashSet<>(in(environment).values());
		if (Binder.get(environment).bind("cpg.liveness.enabled", Boolean.class).orElse(false)) {
			groups.add(SettingPrefixes.ALL);
		}
		AdditionalGroups.bind(environment).forEach((key, properties) -> {
			if (properties.getLiveness().isEnabled()) {
				groups.add(SettingPrefixes.ofGroup(key));
			}
		});
		return groups;
	}

	/** Returns the key of the additional group with a prefix. */
	static String keyOf(Environment environment, String prefix) {
		return AdditionalGroups.keys(environment)
			.values()
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
