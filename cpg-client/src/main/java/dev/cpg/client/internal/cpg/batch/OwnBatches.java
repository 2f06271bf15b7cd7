package dev.cpg.client.internal.cpg.batch;

import dev.cpg.client.CpgView;

/**
 * Is notified of this member's batches that come back.
 */
public interface OwnBatches {

	/**
	 * A batch was delivered.
	 * @param view the view in which it was
	 */
	void delivered(long number, int length, CpgView view);

	/**
	 * A batch came back that all members drop.
	 * @param bytes the batch is the first bytes of it; not kept
	 */
	void stale(long number, int length, byte[] bytes);

	/** This member has left the group: nothing that is not sent will be. */
	void left();

}
