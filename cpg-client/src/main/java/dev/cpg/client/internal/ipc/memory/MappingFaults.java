package dev.cpg.client.internal.ipc.memory;

/**
 * When Java reports an access to a page of a file that was cut. It goes on behind the
 * access, with nothing written and garbage read, and raises an {@link InternalError} "at
 * some later time": a JDK 17 when the thread enters the VM next, which compiled code may
 * not do before it has long returned to the application. So whoever has used a mapping
 * asks for the report where it is expected.
 */
public final class MappingFaults {

	/** Not a constant: the compilers must not know the sizes below. */
	private static volatile int none;

	private MappingFaults() {
	}

	/**
	 * Has an access that this thread made before reported now, by an
	 * {@link InternalError}, if it failed. It takes about as long as a
	 * {@link System#nanoTime()}.
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
