package dev.cpg.client;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Settings of a cluster that say what a program may rely on: how fast nodes give one up
 * that is silent, and whether two sides of a partition may be quorate at the same time.
 *
 * @param consensus how long nodes wait for one that takes no part before they form a ring
 * without it, {@code null} if that is not known; see {@code consensus} in
 * {@code corosync.conf(5)}
 * @param sharedQuorum the setting with which two sides of a partition may be quorate at
 * the same time, {@code null} if there is none; see {@code votequorum(5)}
 */
public record CpgClusterSettings(@Nullable Duration consensus, @Nullable String sharedQuorum) {

	/** Nothing is known. */
	public static final CpgClusterSettings UNKNOWN = new CpgClusterSettings(null, null);

}
