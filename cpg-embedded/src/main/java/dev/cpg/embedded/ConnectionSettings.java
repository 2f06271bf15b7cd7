package dev.cpg.embedded;

import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.cpg.client.CorosyncSetting;
import dev.cpg.client.CpgLimits;
import dev.cpg.client.CpgOverflow;
import dev.cpg.client.CpgQuorum;

/**
 * The settings of the connections that one connector opens.
 *
 * @param name what the log calls them
 * @param requestTimeout how long a call waits for an answer of the daemon
 * @param limits the limits of what is sent
 * @param deliveryQueueCapacity how many bytes may wait for the listener
 * @param overflow what happens when that many do
 * @param quorum the quorum as reported last, of whatever ring
 * @param settingNames how errors and the log call the settings
 */
record ConnectionSettings(String name, Duration requestTimeout, CpgLimits limits, long deliveryQueueCapacity,
		CpgOverflow overflow, Supplier<CpgQuorum> quorum, Function<CorosyncSetting, String> settingNames) {

	/**
	 * Returns the name of a thread while it serves a connection.
	 * @param role what it does, as on Corosync
	 */
	String threadName(long nodeId, String role) {
		return "cpg-" + this.name + "-node" + nodeId + "-" + role;
	}

	String nameOf(CorosyncSetting setting) {
		return this.settingNames.apply(setting);
	}

}
