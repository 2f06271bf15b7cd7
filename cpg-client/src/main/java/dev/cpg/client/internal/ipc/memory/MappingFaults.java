package dev.cpg.client.internal.ipc.memory;

/**
 * Reports of accesses to pages of a file that was cut. Java goes on behind such an
 * access, with nothing written and garbage read, and raises an {@link InternalError} "at
 * some later time". JDK 17 does so when the thread enters the VM next; compiled code may
 * have returned to the application long before. So whoever has used a mapping asks for
 * the report where it is expected.
 */
public final class MappingFaults {

	/** Not a constant: the compilers must not know the sizes below. */
	private static volatile int none;

	private MappingFaults() {
	}

	/**
	 * Raises the {@link InternalError} now, if an earlier access of this thread failed.
	 * It takes about as long as a {@link System#nanoTime()}.
	 */
	public static void report() {
		// Neither the interpreter nor a compiler can make an array of arrays of unknown
		// sizes: they call the VM, which reports when it returns.
		byte[][] nothing = new byte[none][none];
		if (nothing.length != 0) {
			throw new AssertionError();
		}
	}

	/**
	 * Returns whether an error is such a report, by HotSpot's words for it, and not some
	 * other one of the JVM or an application.
	 */
	public static boolean isReport(InternalError error) {
		String message = error.getMessage();
		return message != null && message.contains("unsafe memory access");
	}

}
