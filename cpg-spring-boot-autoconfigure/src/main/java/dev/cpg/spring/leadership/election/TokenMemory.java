package dev.cpg.spring.leadership.election;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

import dev.cpg.client.internal.log.CpgLog;
import dev.cpg.spring.leadership.CpgTokenFloor;

/**
 * The highest tokens that were seen, from one connection to the next, and what resources
 * have seen.
 */
public final class TokenMemory {

	private final Map<String, Long> highest = new ConcurrentHashMap<>();

	private final List<CpgTokenFloor> floors;

	/**
	 * Creates a memory that knows of no token.
	 * @param floors the resources to ask
	 */
	public TokenMemory(List<CpgTokenFloor> floors) {
		this.floors = List.copyOf(floors);
	}

	/**
	 * Returns the highest token of each role that has one. It may wait for the resources.
	 */
	Map<String, Long> read(Collection<String> roles) {
		for (CpgTokenFloor floor : this.floors) {
			roles.forEach((role) -> ask(floor, role));
		}
		Map<String, Long> known = new HashMap<>(this.highest);
		known.keySet().retainAll(roles);
		return known;
	}

	private void ask(CpgTokenFloor floor, String role) {
		try {
			OptionalLong token = floor.highestToken(role);
			token.ifPresent((seen) -> keep(role, seen));
		}
		// It is the application's own, and its resource may be away: this includes
		// errors.
		catch (Throwable ex) {
			CpgLog.LEADERSHIP.warn()
				.with("role", role)
				.cause(ex)
				.log("The highest token of role '{}' that {} has seen is not known: {}", role, floor, ex);
		}
	}

	void keep(String role, long token) {
		this.highest.merge(role, token, Math::max);
	}

}
