package dev.cpg.faults.member;

import java.nio.file.Path;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Where a member finds everything.
 *
 * @param name the name of the process
 * @param sockets the directory of the daemon's sockets
 * @param directory the directory of the round, in which the histories are
 * @param stateFile the file that keeps the highest tokens, {@code null} for none
 * @param seed decides what it sends, and when it writes
 * @param batching whether it sends messages in batches
 */
public record Places(String name, Path sockets, Path directory, @Nullable Path stateFile, long seed, boolean batching) {

	/** The group that all members are in. */
	public static final String GROUP = "faults";

	/** The roles that all members elect leaders for. */
	public static final List<String> ROLES = List.of("billing", "reports");

	private static final String NONE = "-";

	static Places parse(String[] args) {
		return new Places(args[0], Path.of(args[1]), Path.of(args[2]), args[3].equals(NONE) ? null : Path.of(args[3]),
				Long.parseLong(args[4]), Boolean.parseBoolean(args[5]));
	}

	/**
	 * Returns the arguments of {@link MemberMain}.
	 */
	public List<String> arguments() {
		return List.of(this.name, this.sockets.toString(), this.directory.toString(),
				(this.stateFile != null) ? this.stateFile.toString() : NONE, Long.toString(this.seed),
				Boolean.toString(this.batching));
	}

	Path history() {
		return this.directory.resolve(this.name + ".history");
	}

	Path register() {
		return this.directory.resolve("register");
	}

}
