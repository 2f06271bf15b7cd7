package dev.cpg.spring.leadership.election;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.cpg.client.CpgClusterSettings;
import dev.cpg.client.internal.log.CpgLog;
import org.jspecify.annotations.Nullable;

/**
 * How a service takes part in the election of leaders. What is left open follows from the
 * settings of the cluster.
 *
 * @param roles the roles that this service may lead, or observes
 * @param lease how long a leadership lasts without renewal, {@code null} for half of the
 * cluster's consensus timeout, which is also the most
 * @param livenessTimeout when a leader that is not heard is taken for hung, {@code null}
 * for three leases
 * @param exchangeTimeout how long members that do not speak are awaited, {@code null} for
 * half of the cluster's consensus timeout, which is also the least: no lease is longer,
 * whatever others have set
 * @param yieldCooldown for how long a member that has given a role up is not elected
 * @param requireQuorum whether a leader must be in a quorate ring
 * @param heard whether this service is watched while it does not lead
 * @param healthGroups the name of the health group that a role needs, by the role; where
 * there is one, this service is not elected before it was reported to be healthy
 */
public record LeaderElectionSettings(List<ElectionSettings.Role> roles, @Nullable Duration lease,
		@Nullable Duration livenessTimeout, @Nullable Duration exchangeTimeout, Duration yieldCooldown,
		boolean requireQuorum, boolean heard, Map<String, String> healthGroups) {

	/** Half of the shortest consensus timeout that anybody is likely to have set. */
	private static final Duration LEASE_BY_GUESS = Duration.ofMillis(500);

	public LeaderElectionSettings {
		roles = List.copyOf(roles);
		healthGroups = Map.copyOf(healthGroups);
	}

	/**
	 * Returns the settings of an election in a cluster.
	 * @param group the group's name, for the log
	 * @param cluster the settings of the cluster, as far as they are known
	 */
	ElectionSettings in(String group, CpgClusterSettings cluster) {
		Duration consensus = cluster.consensus();
		Duration leaseNow = leaseIn(group, consensus);
		Duration longest = (consensus != null) ? longest(consensus) : leaseNow;
		Duration patience = Objects.requireNonNullElse(this.livenessTimeout, leaseNow.multipliedBy(3));
		Duration exchange = Objects.requireNonNullElse(this.exchangeTimeout, longest);
		return new ElectionSettings(this.roles, leaseNow, longer(patience, leaseNow.plusMillis(1)),
				longer(exchange, longest), this.yieldCooldown, this.requireQuorum, this.heard);
	}

	private Duration leaseIn(String group, @Nullable Duration consensus) {
		if (consensus == null) {
			Duration guess = Objects.requireNonNullElse(this.lease, LEASE_BY_GUESS);
			CpgLog.LEADERSHIP.warn()
				.with("group", group)
				.log("The consensus timeout of the cluster is not known, so nobody can say whether a lease of {} ms is "
						+ "short enough: it must be half of that timeout at most", guess.toMillis());
			return guess;
		}
		Duration longest = longest(consensus);
		if (this.lease != null && this.lease.compareTo(longest) > 0) {
			CpgLog.LEADERSHIP.warn()
				.with("group", group)
				.log("The lease of leaders in group '{}' is {} ms and not {} ms (cpg.leader.lease), as that is more than"
						+ " half of the cluster's consensus timeout: two members could lead at a time", group,
						longest.toMillis(), this.lease.toMillis());
			return longest;
		}
		return Objects.requireNonNullElse(this.lease, longest);
	}

	/** Returns the longest lease that anybody can have. */
	private static Duration longest(Duration consensus) {
		return longer(consensus.dividedBy(2), Duration.ofMillis(1));
	}

	private static Duration longer(Duration one, Duration other) {
		return (one.compareTo(other) > 0) ? one : other;
	}

}
