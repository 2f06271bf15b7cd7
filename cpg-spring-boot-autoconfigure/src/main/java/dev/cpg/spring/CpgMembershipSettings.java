package dev.cpg.spring;

import java.time.Duration;

import org.springframework.util.backoff.BackOff;

/**
 * How a {@link CpgMembership} joins, leaves and comes back.
 *
 * @param failFast whether starting fails when the first attempt to join does
 * @param joinTimeout how long starting waits for the first attempt to join, which goes on
 * in the background then
 * @param leaveTimeout how long stopping may take
 * @param reconnect the pauses between attempts; it begins anew after each join
 */
public record CpgMembershipSettings(boolean failFast, Duration joinTimeout, Duration leaveTimeout, BackOff reconnect) {

}
