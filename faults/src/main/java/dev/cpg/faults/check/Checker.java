package dev.cpg.faults.check;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.cpg.faults.history.History;

/**
 * Checks the histories of a round.
 */
public final class Checker {

	/** How many violations of one check are written out. */
	private static final int WRITTEN_OUT = 5;

	/** For all violations of a round together. */
	private static final long REDUCTION_NANOS = 15_000_000_000L;

	private static final List<Check> CHECKS = List.of(new ProcessEnds(), new NothingTwice(), new Contents(),
			new SenderOrder(), new OneOrder(), new Views(), new SharedViews(), new DeliveredSends(), new LostSends(),
			new EndedSends(), new OneLeader(), new WithinGrants(), new Grants(), new Revocations(), new Tokens(),
			new Successions(), new StaleMessages(), new Register(), new Agreement(), new Heals(), new GrantCount(),
			new Growth());

	private Checker() {
	}

	/**
	 * Checks a round.
	 * @param directory where the histories are: one of each process, and that of the
	 * faults
	 * @return what was found
	 * @throws IOException if they cannot be read
	 * @throws IllegalArgumentException if a line is malformed, with file and line
	 */
	public static Result check(Path directory) throws IOException {
		return check(History.readAll(directory));
	}

	static Result check(List<History> histories) {
		Round round = new Round(histories);
		long end = System.nanoTime() + REDUCTION_NANOS;
		Map<String, Long> counts = new TreeMap<>();
		List<String> violations = new ArrayList<>();
		for (Check check : CHECKS) {
			Findings findings = new Findings();
			check.check(round, findings);
			counts.put(check.name(), findings.count());
			findings.excuses().forEach((why, count) -> counts.put(check.name() + "." + why, count));
			int written = 0;
			for (String violation : findings.violations()) {
				if (written == 0) {
					violations.add(check.name() + ": " + violation + "\n" + shortest(histories, check, violation, end));
				}
				else if (written < WRITTEN_OUT) {
					violations.add(check.name() + ": " + violation);
				}
				written++;
			}
			if (written > WRITTEN_OUT) {
				violations.add("%s: %d more".formatted(check.name(), written - WRITTEN_OUT));
			}
		}
		return new Result(counts, violations);
	}

	private static String shortest(List<History> histories, Check check, String violation, long end) {
		Reducer reducer = new Reducer(violation, (part) -> shows(part, check, violation), end);
		return new Excerpt(reducer.reduce(histories), histories).toString();
	}

	private static boolean shows(List<History> histories, Check check, String violation) {
		Findings findings = new Findings();
		check.check(new Round(histories), findings);
		return findings.violations().contains(violation);
	}

	/**
	 * What was found in the histories of a round.
	 *
	 * @param counts how many things each check has compared, by its name; and with a dot
	 * and a reason after the name, how many were otherwise for a reason that is known
	 * @param violations what is wrong, each a text of one or several lines
	 */
	public record Result(Map<String, Long> counts, List<String> violations) {

	}

}
