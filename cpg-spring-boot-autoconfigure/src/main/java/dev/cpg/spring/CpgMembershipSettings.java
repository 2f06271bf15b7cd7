package dev.cpg.spring;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.util.backoff.BackOff;

/**
 * How a {@link CpgMembership} joins, leaves and reconnects, and the time limits of its
 * listeners.
 *
 * @param failFast whether starting fails when the first attempt to join does
 * @param joinTimeout how long starting waits for the first attempt to join, which then
 * continues in the background
 * @param leaveTimeout how long stopping may take
 * @param reconnect the pauses between attempts; they start over after each join
 * @param slowListenerThreshold how long a listener may be busy with one event before a
 * warning names it
 * @param stallTimeout how long a listener may be busy with one event before the delivery
 * counts as stalled
 * @param prefix of the properties that these settings were bound from, such as
 * {@code cpg.groups.audit}, by which texts name them; {@code null} if there are none
 */
public record CpgMembershipSettings(boolean failFast, Duration joinTimeout, Duration leaveTimeout, BackOff reconnect,
		Duration slowListenerThreshold, Duration stallTimeout, @Nullable String prefix) {

	/**
	 * Creates settings.
	 * @throws IllegalArgumentException if a duration is not positive
	 */
	public CpgMembershipSettings {
		requirePositive("join timeout", joinTimeout);
		requirePositive("leave timeout", leaveTimeout);
		requirePositive("slow listener threshold", slowListenerThreshold);
		requirePositive("stall timeout", stallTimeout);
	}

	/**
	 * Creates settings that come from no properties.
	 * @throws IllegalArgumentException if a duration is not positive
	 */
	public CpgMembershipSettings(boolean failFast, Duration joinTimeout, Duration leaveTimeout, BackOff reconnect,
			Duration slowListenerThreshold, Duration stallTimeout) {
		this(failFast, joinTimeout, leaveTimeout, reconnect, slowListenerThreshold, stallTimeout, null);
	}

	private static void requirePositive(String what, Duration duration) {
		if (duration.isNegative() || duration.isZero()) {
			throw new IllegalArgumentException("The " + what + " must be positive, but was " + duration);
		}
	}

	/**
	 * Returns how a text names a setting.
	 * @param property its property, without the prefix
	 * @param method what sets it where there are no properties
	 */
	String name(String property, String method) {
		return (this.prefix != null) ? this.prefix + "." + property : method;
	}

}
