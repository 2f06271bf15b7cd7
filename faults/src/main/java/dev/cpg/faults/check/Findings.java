package dev.cpg.faults.check;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * What one check has found in one round.
 */
final class Findings {

	private long compared;

	private final Map<String, Long> excused = new TreeMap<>();

	private final Set<String> violations = new LinkedHashSet<>();

	/** Things were compared. */
	void compared(long count) {
		this.compared += count;
	}

	/** Something is not as it is otherwise, for a reason that is known. */
	void excused(String why) {
		excused(why, 1);
	}

	/** Things are not as they are otherwise, for a reason that is known. */
	void excused(String why, long count) {
		this.excused.merge(why, count, Long::sum);
	}

	/**
	 * Compares: what is wrong is noted under a text that is the same for the same thing.
	 */
	@SuppressWarnings("AnnotateFormatMethod")
	void require(boolean condition, String otherwise, @Nullable Object... arguments) {
		this.compared++;
		if (!condition) {
			wrong(otherwise, arguments);
		}
	}

	/** Notes that something is wrong. */
	@SuppressWarnings("AnnotateFormatMethod")
	void wrong(String what, @Nullable Object... arguments) {
		this.violations.add(what.formatted(arguments));
	}

	long count() {
		return this.compared;
	}

	Map<String, Long> excuses() {
		return this.excused;
	}

	Set<String> violations() {
		return this.violations;
	}

}
