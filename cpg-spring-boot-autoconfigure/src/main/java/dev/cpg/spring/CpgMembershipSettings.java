package dev.cpg.spring;

import java.time.Duration;

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
 */
public record CpgMembershipSettings(boolean failFast, Duration joinTimeout, Duration leaveTimeout, BackOff reconnect,
		Duration slowListenerThreshold, Duration stallTimeout) {

}
