package dev.cpg.spring;

import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgGroupName;
import org.jspecify.annotations.Nullable;

/**
 * What the runs of a membership have in common.
 *
 * @param connector opens the connections
 * @param name the group
 * @param settings how it joins, leaves and comes back
 * @param events where its events go
 * @param thread makes the runs, one after the other
 * @param watchdog names a slow listener while the thread waits
 * @param quorum keeps the connection to the quorum service
 * @param interceptor sees what arrives before the listeners, if anything does
 */
record MembershipSetup(CpgConnector connector, CpgGroupName name, CpgMembershipSettings settings, GroupEvents events,
		MembershipThread thread, ListenerWatchdog watchdog, CpgQuorumMonitor quorum,
		@Nullable CpgMembershipInterceptor interceptor) {
}
