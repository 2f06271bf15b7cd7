package dev.cpg.client.internal.ipc.daemon;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How the kernel shows users to this process; see {@code user_namespaces(7)}. Every user
 * of the machine that the namespace does not map has the same number here, the overflow
 * uid: root outside of a container has it, and so has anybody else there.
 *
 * @param self this process's effective user
 * @param overflow the number of those who have none
 * @param whole whether every user has a number
 */
public record UserNamespace(long self, long overflow, boolean whole) {

	/** The user if the kernel does not say who it is. */
	private static final long UNKNOWN = -1;

	private static final long DEFAULT_OVERFLOW = 65_534;

	private static final Path STATUS = Path.of("/proc/self/status");

	private static final Path OVERFLOW = Path.of("/proc/sys/kernel/overflowuid");

	/** Returns that of this process. */
	public static UserNamespace current() {
		// Such a number comes in one piece, or not as a whole.
		try (BufferedReader overflow = Files.newBufferedReader(OVERFLOW)) {
			return new UserNamespace(effectiveUser(), Long.parseLong(overflow.readLine()), IdMap.uids().mapsAll());
		}
		catch (IOException | RuntimeException ex) {
			// Without /proc.
			return new UserNamespace(UNKNOWN, DEFAULT_OVERFLOW, false);
		}
	}

	static long effectiveUser() throws IOException {
		return effectiveUser(Files.readString(STATUS));
	}

	/**
	 * Returns the second number of the line {@code Uid}. The owner of {@code /proc/self}
	 * would not do: it is root where the process may not be traced.
	 */
	static long effectiveUser(String status) {
		String users = status.lines().filter((line) -> line.startsWith("Uid:")).findFirst().orElseThrow();
		return Long.parseLong(users.strip().split("\\s+", -1)[2]);
	}

	/** Returns whether several users have this number, so that it says nothing. */
	boolean isAmbiguous(long uid) {
		return !this.whole && uid == this.overflow;
	}

}
