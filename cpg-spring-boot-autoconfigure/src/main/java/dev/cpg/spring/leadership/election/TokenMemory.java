package dev.cpg.spring.leadership.election;

import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import dev.cpg.client.internal.log.CpgLog;
import dev.cpg.spring.leadership.CpgTokenFloor;
import org.jspecify.annotations.Nullable;

/**
 * The highest tokens that were seen, from one connection to the next, what a file has
 * kept of earlier runs, and what resources have seen.
 */
public final class TokenMemory {

	private final Map<String, Long> highest = new ConcurrentHashMap<>();

	private final @Nullable StateFile file;

	private final TokenFloors floors;

	/**
	 * Creates a memory.
	 * @param file keeps the tokens, {@code null} if nothing does
	 * @param floors the resources to ask, asked for before each connection joins
	 */
	public TokenMemory(@Nullable StateFile file, Supplier<List<CpgTokenFloor>> floors) {
		this.file = file;
		this.floors = new TokenFloors(floors, this::keep);
		if (file != null) {
			this.highest.putAll(file.tokens());
		}
	}

	/**
	 * Returns the highest token of each role that has one. It asks the resources, and may
	 * wait for them.
	 */
	Map<String, Long> read(Collection<String> roles) {
		this.floors.ask(roles);
		return known(roles);
	}

	/**
	 * Asks the resources that have not answered, and may wait for them.
	 * @return whether all have answered now
	 */
	boolean readAgain() {
		return this.floors.askAgain();
	}

	/** Returns whether a resource has not answered when it was asked last. */
	boolean isMissing() {
		return this.floors.isMissing();
	}

	/** Returns the highest token of each role that has one, without asking anybody. */
	Map<String, Long> known(Collection<String> roles) {
		Map<String, Long> known = new HashMap<>(this.highest);
		known.keySet().retainAll(roles);
		return known;
	}

	/**
	 * Keeps a token. One that cannot be written is known until this service ends.
	 */
	synchronized void keep(String role, long token) {
		if (token <= this.highest.getOrDefault(role, Token.NONE)) {
			return;
		}
		this.highest.put(role, token);
		if (this.file != null) {
			write(this.file, role, token);
		}
	}

	private static void write(StateFile file, String role, long token) {
		try {
			file.write(role, token);
		}
		catch (IOException ex) {
			CpgLog.LEADERSHIP.error()
				.with("role", role)
				.cause(ex)
				.log("Token {} of role '{}' could not be kept in the state file: {}", token, role, ex.getMessage());
		}
	}

}
