package dev.cpg.client;

import java.time.Duration;

/**
 * Figures on what a connection receives, of one moment.
 *
 * @param queuedBytes how many bytes the engine has delivered that the listener has not
 * been notified of yet
 * @param lag how long the event that the listener is busy with, or gets next, has waited;
 * zero if none waits. It is measured for the bursts in which events arrive, not for each
 * event
 * @param droppedMessages how many messages of others could not be delivered since the
 * last join: they are larger than this member takes, their lengths contradict each other,
 * the unfinished messages of all senders took more memory than they may, or their first
 * fragment was delivered before this member joined. The log says which
 * @param reassemblyBytes how many bytes of memory those messages take of which fragments
 * have arrived and others are missing
 */
public record CpgDeliveryStatistics(long queuedBytes, Duration lag, long droppedMessages, long reassemblyBytes) {

	/** Nothing waits and nothing was dropped. */
	public static final CpgDeliveryStatistics NONE = new CpgDeliveryStatistics(0, Duration.ZERO, 0, 0);

}
