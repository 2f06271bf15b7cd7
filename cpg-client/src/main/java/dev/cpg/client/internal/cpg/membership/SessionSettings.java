package dev.cpg.client.internal.cpg.membership;

import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.cpg.client.CorosyncSetting;
import dev.cpg.client.CpgOverflow;
import dev.cpg.client.CpgQuorum;

/**
 * The settings of a session.
 *
 * @param requestTimeout the time limit of a request to the daemon
 * @param livenessInterval for how long the daemon may be silent before it is asked
 * whether it is alive; zero for ever
 * @param sendTimeout the time limit of a message, from the call to its own delivery
 * @param deliveryQueueCapacity how many bytes may wait for the listener
 * @param overflow what happens when more would
 * @param maxMessageSize the size in bytes of the largest message sent or reassembled
 * @param reassemblyCapacity how many bytes the unfinished messages of all senders may
 * take
 * @param batchSize up to how many bytes a batch of messages has; 0 for no batches
 * @param quorum the quorum as reported last, of whatever ring
 * @param names how whoever built the connector calls its settings
 */
public record SessionSettings(Duration requestTimeout, Duration livenessInterval, Duration sendTimeout,
		long deliveryQueueCapacity, CpgOverflow overflow, int maxMessageSize, long reassemblyCapacity, int batchSize,
		Supplier<CpgQuorum> quorum, Function<CorosyncSetting, String> names) {

	/** Returns how texts for users call a setting. */
	public String nameOf(CorosyncSetting setting) {
		return this.names.apply(setting);
	}

}
