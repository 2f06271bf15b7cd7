package dev.cpg.client.internal.cpg.protocol;

/**
 * Which part of a message a fragment is, as it is on the wire. What comes in can be any
 * number, as its sender chose it.
 */
public final class FragmentType {

	/** The first fragment; one before that had no last is void. */
	public static final int FIRST = 1;

	/** Neither the first nor the last. */
	public static final int MIDDLE = 2;

	/** The last fragment. */
	public static final int LAST = 3;

	private FragmentType() {
	}

}
