package dev.cpg.spring.leadership.election;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The settings of an {@link Election}.
 *
 * @param roles the roles that this member may lead, or observes
 * @param lease how long a leadership lasts without renewal; at most half of the ring's
 * consensus timeout, or two members can lead at a time
 * @param livenessTimeout when a leader that is not heard is taken for hung; more than the
 * lease
 * @param exchangeTimeout how long a member waits for others that do not speak before it
 * decides without them; at least the lease
 * @param yieldCooldown for how long a member that has given a role up is not elected
 * @param requireQuorum whether a leader must be in a quorate ring; if not, two can lead
 * at a time
 * @param heard whether this member sends signs of life while it does not lead, and is
 * suspected if they stay away
 */
public record ElectionSettings(List<Role> roles, Duration lease, Duration livenessTimeout, Duration exchangeTimeout,
		Duration yieldCooldown, boolean requireQuorum, boolean heard) {

	/** The largest number of roles of one member. */
	public static final int MAX_ROLES = 64;

	/** The length of the longest name of a role, in bytes of UTF-8. */
	public static final int MAX_NAME_LENGTH = 255;

	public ElectionSettings {
		roles = List.copyOf(roles);
		Set<String> names = new HashSet<>();
		for (Role role : roles) {
			require(names.add(role.name()), "The role '" + role.name() + "' is there twice");
		}
		require(roles.size() <= MAX_ROLES, "There are more than " + MAX_ROLES + " roles");
		require(lease.toMillis() > 0, "The lease must be 1 ms at least");
		require(livenessTimeout.compareTo(lease) > 0, "The liveness timeout must be longer than the lease");
		require(exchangeTimeout.compareTo(lease) >= 0, "The exchange timeout must not be shorter than the lease");
		require(!yieldCooldown.isNegative(), "The cool-down must not be negative");
	}

	private static void require(boolean condition, String otherwise) {
		if (!condition) {
			throw new IllegalArgumentException(otherwise);
		}
	}

	/**
	 * A role and how this member stands to it.
	 *
	 * @param name the name, which members agree on; 1 to 255 bytes of UTF-8
	 * @param priority among those who may lead, a member with a higher priority is
	 * elected first; a present leader is not replaced for it
	 * @param observer whether this member never leads
	 * @param minHold for how long after a grant a member that is not healthy goes on
	 * leading
	 */
	public record Role(String name, int priority, boolean observer, Duration minHold) {

		public Role(String name, int priority, boolean observer) {
			this(name, priority, observer, Duration.ZERO);
		}

		public Role {
			require(!minHold.isNegative(), "A role cannot be held for less than no time");
			int length = name.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
			require(length > 0 && length <= MAX_NAME_LENGTH,
					"The name of a role has 1 to " + MAX_NAME_LENGTH + " bytes, but '" + name + "' has " + length);
		}

	}

}
