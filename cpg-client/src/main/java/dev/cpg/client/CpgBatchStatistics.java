package dev.cpg.client;

import java.util.List;

/**
 * Whether a connection sends its messages in batches, and figures on those that it sends
 * and receives, of one moment.
 *
 * @param enabled whether it has the setting, {@link CpgConnectorBuilder#batchSize}: it
 * reads batches, and sends them while all other members read them, too
 * @param inUse whether all do, so that it sends messages in batches now
 * @param unable the members that have not said that they read batches: as long as there
 * is any, nobody sends them. Each new member is one for a moment; a member without the
 * setting, and a program in C, always. Empty if this connection does not have the setting
 * @param sent how many batches were sent since the last join; those that were sent again
 * count again
 * @param sentMessages how many messages these held
 * @param delivered how many batches were delivered since the last join, those of this
 * member included
 * @param deliveredMessages how many messages these held
 * @param stale how many came after a join that they were sent before: all members drop
 * such a batch, and its sender sends the messages again
 */
public record CpgBatchStatistics(boolean enabled, boolean inUse, List<CpgAddress> unable, long sent, long sentMessages,
		long delivered, long deliveredMessages, long stale) {

	/** There are no batches, and were none. */
	public static final CpgBatchStatistics NONE = new CpgBatchStatistics(false, false, List.of(), 0, 0, 0, 0, 0);

	public CpgBatchStatistics {
		unable = List.copyOf(unable);
	}

	/**
	 * Returns these figures with the counts of an earlier connection added. Where there
	 * is no connection now, the setting is that of the earlier one.
	 */
	public CpgBatchStatistics after(CpgBatchStatistics earlier) {
		return new CpgBatchStatistics(this.enabled || earlier.enabled, this.inUse, this.unable,
				this.sent + earlier.sent, this.sentMessages + earlier.sentMessages, this.delivered + earlier.delivered,
				this.deliveredMessages + earlier.deliveredMessages, this.stale + earlier.stale);
	}

}
