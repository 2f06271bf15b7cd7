package dev.cpg.client.corosync;

/**
 * When Java reports an access to a page of a file that was cut. It goes on behind the
 * access, with nothing written and garbage read, and raises an {@link InternalError} "at
 * some later time": a JDK 17 when the thread enters the VM next, which compiled code may
 * not do before it has long returned to the application. So whoever has used a mapping
 * asks for the report where it is expected.
 */
final class Faults {

	/** Not a constant: the compilers must not know the sizes below. */
	private static volatile int none;

	private Faults() {
	}

	/**
	 * Has an access that this thread made before reported now, by an
	 * {@link InternalError}, if it failed. It takes about as long as a
	 * {@link System#nanoTime()}.
	 */
	static void report() {
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
	static boolean isReport(InternalError error) {
		String message = error.getMessage();
		return message != null && message.contains("unsafe memory access");
	}

}
