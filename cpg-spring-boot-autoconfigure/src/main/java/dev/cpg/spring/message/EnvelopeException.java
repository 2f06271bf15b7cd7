package dev.cpg.spring.message;

import dev.cpg.spring.message.CpgMessageMapper.Problem;

/**
 * A message that says of itself that it is an envelope is none that can be read. It has
 * no stack trace: anyone in the group could have it made.
 */
final class EnvelopeException extends Exception {

	private static final long serialVersionUID = 1L;

	private final Problem problem;

	private final String why;

	/**
	 * Creates an exception.
	 * @param problem what is the matter
	 * @param why more on that, to go after "because"
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
