package dev.cpg.client.corosync;

import java.io.IOException;
import java.nio.ByteOrder;

import dev.cpg.client.CpgConnectException;
import dev.cpg.client.CpgConnectException.Reason;
import dev.cpg.client.CsError;
import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.AFUNIXDatagramSocket;
import org.newsclub.net.unix.AFUNIXSocket;

/**
 * What this client needs of the machine and the JVM.
 */
final class Platform {

	private Platform() {
	}

	/**
	 * The wire is the daemon's C structs: their offsets hold on 64-bit Linux, and the
	 * halves of its semaphore are where they are looked for on little-endian machines.
	 */
	static void requireSupported() {
		String os = System.getProperty("os.name");
		String model = System.getProperty("sun.arch.data.model", "64");
		if (!"Linux".equals(os) || !"64".equals(model) || ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
			throw new CpgConnectException(Reason.UNSUPPORTED_PLATFORM, CsError.NOT_SUPPORTED,
					"Corosync is spoken to from 64-bit little-endian Linux, but this is %s, %s bits, %s".formatted(os,
							model, ByteOrder.nativeOrder()),
					null);
		}
	}

	static AFUNIXDatagramSocket newDatagramSocket() throws IOException {
		return AFUNIXDatagramSocket.newInstance();
	}

	/**
	 * Creates a socket, which loads junixsocket's native library the first time. Should
	 * that fail, junixsocket may only print it, and throw at the first use of the socket.
	 */
	static AFUNIXSocket newSocket() throws IOException {
		try {
			AFUNIXSocket socket = AFUNIXSocket.newInstance();
			if (AFUNIXSocket.isSupported()) {
				return socket;
			}
			throw noNativeLibrary(null);
		}
		catch (LinkageError ex) {
			throw noNativeLibrary(ex);
		}
	}

	private static CpgConnectException noNativeLibrary(@Nullable LinkageError cause) {
		return new CpgConnectException(Reason.NATIVE_LIBRARY, CsError.INIT,
				("The native library of junixsocket cannot be loaded; it is unpacked into java.io.tmpdir (%s), which"
						+ " must be writable and not mounted noexec")
					.formatted(System.getProperty("java.io.tmpdir")),
				cause);
	}

}
