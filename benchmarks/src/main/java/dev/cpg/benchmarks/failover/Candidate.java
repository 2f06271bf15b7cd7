package dev.cpg.benchmarks.failover;

/**
 * One that may lead, in a process of its own. It notifies whom it was created with of
 * each grant, on the thread on which its library does.
 */
interface Candidate {

	/** Whether it takes part by now, so that the leader may die. */
	boolean isIn() throws Exception;

	/** Gives the leadership up, and takes part again. */
	void giveUp() throws Exception;

}
