package dev.cpg.client.internal.ipc.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The user of this process, by the number that a daemon outside of its user namespace
 * knows; a name may be another one's there, or none.
 *
 * @param inside the number here
 * @param outside the number outside, the same without a namespace
 */
public record UserId(String inside, String outside) {

	private static final Path PROCESS = Path.of("/proc/self");

	public static UserId current() {
		try {
			long uid = UserNamespace.effectiveUser(Files.readString(PROCESS.resolve("status")));
			String map = Files.readString(PROCESS.resolve("uid_map"));
			return new UserId(Long.toString(uid), Long.toString(outside(uid, map)));
		}
		catch (IOException | RuntimeException ex) {
			return new UserId("?", "?");
		}
	}

	/** See {@code user_namespaces(7)}: first number inside, first outside, how many. */
	static long outside(long uid, String map) {
		for (String line : map.lines().toList()) {
			String[] range = line.strip().split("\\s+", -1);
			long first = Long.parseLong(range[0]);
			if (uid >= first && uid < first + Long.parseLong(range[2])) {
				return uid - first + Long.parseLong(range[1]);
			}
		}
		return uid;
	}

	@Override
	public String toString() {
		return this.inside.equals(this.outside) ? this.inside
				: this.inside + " (" + this.outside + " outside of this user namespace)";
	}

}
