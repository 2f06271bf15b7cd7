package dev.cpg.boot.autoconfigure;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.cpg.boot.autoconfigure.settings.SettingPrefixes;
import dev.cpg.client.CpgGroupName;
import dev.cpg.spring.leadership.CpgLeadership;
import dev.cpg.spring.leadership.CpgTokenFloor;
import dev.cpg.spring.leadership.RevocationListener;
import dev.cpg.spring.leadership.election.ElectionSettings;
import dev.cpg.spring.leadership.election.LeaderElection;
import dev.cpg.spring.leadership.election.LeaderElectionSettings;
import dev.cpg.spring.leadership.election.StateFile;
import dev.cpg.spring.leadership.election.TokenMemory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * The elections of the groups and the leaderships of their roles. Its methods make the
 * beans that {@link LeadershipRegistrar} registers. Nobody leads before the application
 * is ready.
 */
final class Leaderships implements ApplicationListener<ApplicationReadyEvent> {

	private final ApplicationContext context;

	private final CpgProperties properties;

	/** The prefixes of the settings of the roles' groups, by the roles. */
	private final Map<String, String> roles;

	private final Set<Path> stateFiles = ConcurrentHashMap.newKeySet();

	private final List<LeaderElection> elections = new CopyOnWriteArrayList<>();

	Leaderships(ApplicationContext context, CpgProperties properties) {
		this.context = context;
		this.properties = properties;
		this.roles = LeaderRoles.in(context.getEnvironment());
		for (String role : this.roles.keySet()) {
			if (!context.containsBean(LeadershipRegistrar.beanName(role))) {
				throw new IllegalStateException(
						"The role '%s' is set, and was not when this application was processed ahead of time: build it with this setting"
							.formatted(role));
			}
		}
	}

	LeaderElection election(String prefix) {
		CpgGroupProperties group = properties(prefix);
		CpgLeaderProperties leader = group.getLeader();
		List<ElectionSettings.Role> own = this.roles.keySet()
			.stream()
			.filter((role) -> prefix.equals(this.roles.get(role)))
			.map((role) -> new ElectionSettings.Role(role, leader.priorityIn(role), leader.observes(role),
					leader.minHoldIn(role)))
			.toList();
		LeaderElection election = new LeaderElection(name(prefix).text(),
				new LeaderElectionSettings(own, leader.getLease(), leader.getLivenessTimeout(),
						leader.getExchangeTimeout(), leader.getYieldCooldown(), leader.isRequireQuorum(),
						group.getLiveness().isEnabled(), healthGroups(leader, own)),
				new TokenMemory(stateFile(prefix, leader.getStateFile()),
						() -> this.context.getBeanProvider(CpgTokenFloor.class).orderedStream().toList()),
				() -> this.context.getBeanProvider(RevocationListener.class).orderedStream().toList());
		this.elections.add(election);
		return election;
	}

	private static Map<String, String> healthGroups(CpgLeaderProperties leader, List<ElectionSettings.Role> roles) {
		Map<String, String> groups = new LinkedHashMap<>();
		roles.stream()
			.map(ElectionSettings.Role::name)
			.filter((role) -> StringUtils.hasText(leader.healthGroupOf(role)))
			.forEach((role) -> groups.put(role, leader.healthGroupOf(role)));
		return groups;
	}

	private @Nullable StateFile stateFile(String prefix, @Nullable Path path) {
		if (path != null && !this.stateFiles.add(path.toAbsolutePath().normalize())) {
			throw new InvalidConfigurationPropertyValueException(prefix + ".leader.state-file", path,
					"Another group of this service has the same file: each needs its own.");
		}
		try {
			return (path != null) ? new StateFile(path) : null;
		}
		catch (IOException ex) {
			throw new InvalidConfigurationPropertyValueException(prefix + ".leader.state-file", path, ex.getMessage());
		}
	}

	private CpgGroupProperties properties(String prefix) {
		if (prefix.equals(SettingPrefixes.ALL)) {
			return this.properties;
		}
		Environment environment = this.context.getEnvironment();
		return Objects.requireNonNull(AdditionalGroups.bind(environment).get(LeaderRoles.keyOf(environment, prefix)));
	}

	private CpgGroupName name(String prefix) {
		if (prefix.equals(SettingPrefixes.ALL)) {
			return this.context.getBean(CpgGroupName.class);
		}
		String key = LeaderRoles.keyOf(this.context.getEnvironment(), prefix);
		return this.context.getBean(AdditionalGroupsRegistrar.beanName(key, CpgGroupName.class), CpgGroupName.class);
	}

	CpgLeadership leadership(String role) {
		String prefix = this.roles.get(role);
		if (prefix == null) {
			throw new IllegalStateException(
					"The role '%s' was set when this application was built, and is not now".formatted(role));
		}
		String election = LeadershipRegistrar.electionName(this.context.getEnvironment(), prefix);
		return this.context.getBean(election, LeaderElection.class).leadership(role);
	}

	@Override
	public void onApplicationEvent(ApplicationReadyEvent event) {
		if (event.getApplicationContext() == this.context) {
			this.elections.forEach((election) -> election.ready(true));
		}
	}

}
