package dev.cpg.faults;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What a member says of itself.
 *
 * @param members the number of members that it sees
 * @param barriers how many closing messages it has got
 * @param batches how many batches it has got on its present connection
 * @param leaders the leaders' addresses by role, without those that it does not know
 */
record Status(int members, int barriers, long batches, Map<String, String> leaders) {

	private static final Duration LIMIT = Duration.ofSeconds(2);

	/** Asks a member; returns {@code null} if it does not answer. */
	static @Nullable Status of(MemberProcess member) {
		String answer = member.ask("status", LIMIT);
		return (answer != null) ? parse(answer) : null;
	}

	static Status parse(String answer) {
		Map<String, String> values = new HashMap<>();
		for (String word : answer.split(" ", -1)) {
			int equals = word.indexOf('=');
			values.put(word.substring(0, equals), word.substring(equals + 1));
		}
		int members = Integer.parseInt(String.valueOf(values.remove("members")));
		int barriers = Integer.parseInt(String.valueOf(values.remove("barriers")));
		long batches = Long.parseLong(String.valueOf(values.remove("batches")));
		values.values().removeIf("none"::equals);
		return new Status(members, barriers, batches, values);
	}

}
