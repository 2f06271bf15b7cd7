package dev.cpg.spring.message;

/**
 * What was read of a message that says of itself that it is an envelope.
 */
sealed interface EnvelopeReading permits Envelope, EnvelopeReading.Malformed, EnvelopeReading.Newer {

	/**
	 * It is none, or a damaged one.
	 *
	 * @param why what is wrong, to go after "because"
	 */
	record Malformed(String why) implements EnvelopeReading {
	}

	/**
	 * It is of a version that this one does not know.
	 *
	 * @param version the version
	 */
	record Newer(int version) implements EnvelopeReading {
	}

}
