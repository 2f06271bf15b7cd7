package dev.cpg.benchmarks.spring;

import java.util.Locale;

/**
 * A kind of message, and whether its send and its delivery are observed.
 */
enum Kind {

	/** Bytes. */
	RAW,

	/** A record, as JSON. */
	JSON,

	/** Bytes, observed. */
	RAW_OBSERVED;

	static final Order ORDER = new Order(4711, "Sofia Sandoval", 129_900);

	static final byte[] BYTES = new byte[64];

	boolean isTyped() {
		return this == JSON;
	}

	boolean isObserved() {
		return this == RAW_OBSERVED;
	}

	@Override
	public String toString() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
