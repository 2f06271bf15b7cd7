package dev.cpg.client.internal.ipc.transport;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteOrder;

import dev.cpg.client.CorosyncConnectException;
import dev.cpg.client.CorosyncConnectException.Reason;
import dev.cpg.client.CsError;
import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.AFSocket;
import org.newsclub.net.unix.AFUNIXDatagramSocket;
import org.newsclub.net.unix.AFUNIXSocket;

/**
 * What the client needs of the machine and the JVM.
 */
public final class Platform {

	private Platform() {
	}

	/**
	 * The wire is the daemon's C structs: their offsets hold on 64-bit Linux, and the
	 * halves of its semaphore are where they are looked for on little-endian machines.
	 */
	public static void requireSupported() {
		String os = System.getProperty("os.name");
		String model = System.getProperty("sun.arch.data.model", "64");
		if (!"Linux".equals(os) || !"64".equals(model) || ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
			throw new CorosyncConnectException(Reason.UNSUPPORTED_PLATFORM, CsError.NOT_SUPPORTED,
					"This client of corosync runs on 64-bit little-endian Linux, but this is %s, %s bits, %s"
						.formatted(os, model, ByteOrder.nativeOrder()),
					null);
		}
	}

	/** Creates a datagram socket in the network namespace of this process. */
	public static AFUNIXDatagramSocket newDatagramSocket() throws IOException {
		return AFUNIXDatagramSocket.newInstance();
	}

	/**
	 * Creates a socket, which loads junixsocket's native library the first time. Should
	 * that fail, junixsocket may only print it, and throw at the first use of the socket.
	 */
	public static AFUNIXSocket newSocket() throws IOException {
		try {
			AFUNIXSocket socket = AFUNIXSocket.newInstance();
			if (AFUNIXSocket.isSupported()) {
				return socket;
			}
		}
		catch (LinkageError ex) {
			throw noNativeLibrary(ex);
		}
		throw (AFSocket.getLoadedLibrary() != null) ? new CorosyncConnectException(Reason.NOT_PERMITTED, CsError.ACCESS,
				"This process may not open Unix sockets, which connect it to corosync; a service of systemd needs"
						+ " AF_UNIX among its RestrictAddressFamilies",
				null) : noNativeLibrary(null);
	}

	private static CorosyncConnectException noNativeLibrary(@Nullable LinkageError cause) {
		if (isNativeAccessDenied()) {
			return new CorosyncConnectException(Reason.NATIVE_ACCESS_DENIED, CsError.INIT,
					"This JVM lets junixsocket load no native library; start it with"
							+ " --enable-native-access=ALL-UNNAMED, or say Enable-Native-Access: ALL-UNNAMED in the"
							+ " manifest of the application's jar",
					cause);
		}
		return new CorosyncConnectException(Reason.NATIVE_LIBRARY, CsError.INIT,
				("The native library of junixsocket cannot be loaded; it is unpacked into java.io.tmpdir (%s), which"
						+ " must be writable, not full and not mounted noexec. This process does not try it again")
					.formatted(System.getProperty("java.io.tmpdir")),
				cause);
	}

	/**
	 * Tries what junixsocket tried, as JDK 24 and later may forbid it.
	 * {@code Module.isNativeAccessEnabled()} would not do: it is false, too, where
	 * {@code --illegal-native-access=allow} allows all.
	 */
	private static boolean isNativeAccessDenied() {
		try {
			System.load("/proc/self/no-library");
			return false;
		}
		catch (UnsatisfiedLinkError ex) {
			return false;
		}
		catch (RuntimeException ex) {
			// An IllegalCallerException, which names the caller.
			return true;
		}
	}

	/** Closes what is not needed any more. */
	public static void closeQuietly(Closeable closeable) {
		try {
			closeable.close();
		}
		catch (IOException ex) {
			// It is given up anyway.
		}
	}

}
