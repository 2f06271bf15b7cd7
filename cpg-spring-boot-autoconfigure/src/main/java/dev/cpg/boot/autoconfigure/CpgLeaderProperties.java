package dev.cpg.boot.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Settings of the election of leaders in one group.
 */
public class CpgLeaderProperties {

	/**
	 * Roles that this service takes part in the election of leaders for, at most 64.
	 * Without any nothing is elected. A role is of one group only.
	 */
	private List<String> roles = new ArrayList<>();

	/**
	 * How long a leadership lasts without renewal. At most half of Corosync's consensus
	 * timeout, which is the default.
	 */
	private @Nullable Duration lease;

	/**
	 * How long nothing is heard of a leader until it is taken for hung, and another
	 * member is elected; longer than the lease. Defaults to three leases.
	 */
	private @Nullable Duration livenessTimeout;

	/**
	 * How long the members wait at a new ring for those that do not speak, such as
	 * programs in C. The default, and the least, is half of the cluster's consensus
	 * timeout: nobody's lease is longer.
	 */
	private @Nullable Duration exchangeTimeout;

	/**
	 * Among members that could be elected, one with a higher priority is. It does not
	 * replace a present leader.
	 */
	private int priority;

	/**
	 * Whether this service never leads, and is just notified of the leaders.
	 */
	private boolean observer;

	/**
	 * How long this service is not elected after it has given a leadership up, even if
	 * nobody else can be.
	 */
	private Duration yieldCooldown = Duration.ofSeconds(10);

	/**
	 * Health group of the Actuator, 'readiness' for example, that must be up for this
	 * service to be elected. A leader gives its leadership up when the group is down.
	 */
	private @Nullable String healthGroup;

	/**
	 * For how long after a grant a leader goes on although its health group is down, so
	 * that health which comes and goes does not move the leadership to and fro.
	 */
	private Duration minHold = Duration.ofSeconds(10);

	/**
	 * File that keeps the largest tokens, so that they go on growing if everything was
	 * stopped and the clock was set back. Each group of each service needs its own.
	 */
	private @Nullable Path stateFile;

	/**
	 * Whether a leader must be in a ring with quorum. If not, each side of a split has a
	 * leader.
	 */
	private boolean requireQuorum = true;

	/**
	 * What single roles set otherwise, by their names: 'priority', 'observer',
	 * 'health-group' and 'min-hold'.
	 */
	private Map<String, Role> role = new LinkedHashMap<>();

	public List<String> getRoles() {
		return this.roles;
	}

	public void setRoles(List<String> roles) {
		this.roles = roles;
	}

	public @Nullable Duration getLease() {
		return this.lease;
	}

	public void setLease(@Nullable Duration lease) {
		this.lease = lease;
	}

	public @Nullable Duration getLivenessTimeout() {
		return this.livenessTimeout;
	}

	public void setLivenessTimeout(@Nullable Duration livenessTimeout) {
		this.livenessTimeout = livenessTimeout;
	}

	public @Nullable Duration getExchangeTimeout() {
		return this.exchangeTimeout;
	}

	public void setExchangeTimeout(@Nullable Duration exchangeTimeout) {
		this.exchangeTimeout = exchangeTimeout;
	}

	public int getPriority() {
		return this.priority;
	}

	public void setPriority(int priority) {
		this.priority = priority;
	}

	public boolean isObserver() {
		return this.observer;
	}

	public void setObserver(boolean observer) {
		this.observer = observer;
	}

	public Duration getYieldCooldown() {
		return this.yieldCooldown;
	}

	public void setYieldCooldown(Duration yieldCooldown) {
		this.yieldCooldown = yieldCooldown;
	}

	public @Nullable String getHealthGroup() {
		return this.healthGroup;
	}

	public void setHealthGroup(@Nullable String healthGroup) {
		this.healthGroup = healthGroup;
	}

	public Duration getMinHold() {
		return this.minHold;
	}

	public void setMinHold(Duration minHold) {
		this.minHold = minHold;
	}

	public @Nullable Path getStateFile() {
		return this.stateFile;
	}

	public void setStateFile(@Nullable Path stateFile) {
		this.stateFile = stateFile;
	}

	public boolean isRequireQuorum() {
		return this.requireQuorum;
	}

	public void setRequireQuorum(boolean requireQuorum) {
		this.requireQuorum = requireQuorum;
	}

	public Map<String, Role> getRole() {
		return this.role;
	}

	public void setRole(Map<String, Role> role) {
		this.role = role;
	}

	/** Forgets what another group must not inherit. */
	void clearOwn() {
		this.roles = new ArrayList<>();
		this.role = new LinkedHashMap<>();
		this.stateFile = null;
	}

	/** Returns the priority in a role. */
	int priorityIn(String name) {
		Role own = this.role.get(name);
		return (own != null && own.getPriority() != null) ? own.getPriority() : this.priority;
	}

	/** Returns whether this service never leads in a role. */
	boolean observes(String name) {
		Role own = this.role.get(name);
		return (own != null && own.getObserver() != null) ? own.getObserver() : this.observer;
	}

	/** Returns the health group that a role needs, {@code null} or empty without one. */
	@Nullable String healthGroupOf(String name) {
		Role own = this.role.get(name);
		return (own != null && own.getHealthGroup() != null) ? own.getHealthGroup() : this.healthGroup;
	}

	/** Returns for how long after a grant a role is held. */
	Duration minHoldIn(String name) {
		Role own = this.role.get(name);
		return (own != null && own.getMinHold() != null) ? own.getMinHold() : this.minHold;
	}

	/**
	 * What one role has of its own.
	 */
	public static class Role {

		/**
		 * The priority in this role.
		 */
		private @Nullable Integer priority;

		/**
		 * Whether this service never leads in this role.
		 */
		private @Nullable Boolean observer;

		/**
		 * The health group that must be up for this role; empty for none.
		 */
		private @Nullable String healthGroup;

		/**
		 * For how long after a grant this role is kept although the health group is down.
		 */
		private @Nullable Duration minHold;

		public @Nullable Integer getPriority() {
			return this.priority;
		}

		public void setPriority(@Nullable Integer priority) {
			this.priority = priority;
		}

		public @Nullable Boolean getObserver() {
			return this.observer;
		}

		public void setObserver(@Nullable Boolean observer) {
			this.observer = observer;
		}

		public @Nullable String getHealthGroup() {
			return this.healthGroup;
		}

		public void setHealthGroup(@Nullable String healthGroup) {
			this.healthGroup = healthGroup;
		}

		public @Nullable Duration getMinHold() {
			return this.minHold;
		}

		public void setMinHold(@Nullable Duration minHold) {
			this.minHold = minHold;
		}

	}

}
