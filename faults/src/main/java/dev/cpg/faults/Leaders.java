package dev.cpg.faults;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

import dev.cpg.faults.member.Places;
import org.jspecify.annotations.Nullable;

/**
 * Asks members who leads.
 */
final class Leaders {

	/** For how long a fault waits for its target. */
	private static final Duration FIND_LIMIT = Duration.ofMillis(200);

	private static final Duration LIMIT = Duration.ofSeconds(2);

	private Leaders() {
	}

	/** Returns the address of a leader according to whoever answers first. */
	static @Nullable String find(Collection<MemberProcess> asked, String role) {
		CompletableFuture<String> found = new CompletableFuture<>();
		for (MemberProcess member : asked) {
			member.command("status").thenAccept((answer) -> {
				String leader = Status.parse(answer).leaders().get(role);
				if (leader != null) {
					found.complete(leader);
				}
			});
		}
		return MemberProcess.answer(found, FIND_LIMIT);
	}

	/** Returns whether all members answer, and name the same leaders for all roles. */
	static boolean areAgreed(Collection<MemberProcess> asked) {
		List<CompletableFuture<String>> answers = asked.stream().map((member) -> member.command("status")).toList();
		List<String> given = answers.stream()
			.map((answer) -> MemberProcess.answer(answer, LIMIT))
			.filter(Objects::nonNull)
			.toList();
		List<Map<String, String>> leaders = given.stream()
			.map((answer) -> Status.parse(answer).leaders())
			.distinct()
			.toList();
		return given.size() == asked.size() && leaders.size() == 1 && leaders.get(0).keySet().containsAll(Places.ROLES);
	}

}
