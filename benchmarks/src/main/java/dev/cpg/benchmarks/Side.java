package dev.cpg.benchmarks;

/**
 * The two clients that are compared.
 */
enum Side {

	/** Ours, in Java. */
	OURS("ours"),

	/** The C library that comes with Corosync. */
	LIBCPG("libcpg");

	private final String label;

	Side(String label) {
		this.label = label;
	}

	@Override
	public String toString() {
		return this.label;
	}

}
