package dev.cpg.spring.message;

import dev.cpg.spring.message.CpgMessageMapper.Problem;

/**
 * A message that begins like an envelope cannot be read. The exception has no stack
 * trace, since anyone in the group could cause it often.
 */
final class EnvelopeException extends Exception {

	private static final long serialVersionUID = 1L;

	private final Problem problem;

	private final String why;

	/**
	 * Creates an exception.
	 * @param problem the kind of problem
	 * @param why the details, which can follow "because"
	 */
	EnvelopeException(Problem problem, String why) {
		super(why, null, false, false);
		this.problem = problem;
		this.why = why;
	}

	Problem problem() {
		return this.problem;
	}

	String why() {
		return this.why;
	}

}
