package dev.cpg.client.internal.cpg.send;

/**
 * What a {@link BatchSender} has others do.
 */
public interface BatchHelpers {

	/** Has it look again by itself, until nothing is left. */
	void later();

	/** Has {@link WaitingBatches#look} called by a {@link System#nanoTime()}. */
	void lookBy(long nanoTime);

	/** Has it look for messages past their time limits by a {@link System#nanoTime()}. */
	void expireBy(long nanoTime);

	/**
	 * The calling thread waits for what comes back. If it is the one that calls the
	 * listener, the reader has to go on though the queue is full.
	 * @return whether it is
	 */
	boolean beginWait();

	/**
	 * It waits no longer.
	 * @param listener what {@link #beginWait()} returned
	 */
	void endWait(boolean listener);

}
