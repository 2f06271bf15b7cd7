package dev.cpg.faults.check;

/**
 * One thing that must hold in each round.
 */
interface Check {

	/**
	 * Returns the name under which what was compared is counted.
	 */
	String name();

	/**
	 * Compares.
	 * @param round the round
	 * @param findings notes what was compared, and what is wrong
	 */
	void check(Round round, Findings findings);

}
