package dev.cpg.faults.check;

import java.util.Map;
import java.util.TreeMap;

import dev.cpg.faults.history.Entry;
import dev.cpg.faults.history.Kind;

/**
 * A process has no more threads, descriptors and memory in use at its end than after it
 * joined, when it was as quiet. In between it has joined again a number of times, so that
 * what leaks with each connection is more than the tolerance.
 */
final class Growth implements Check {

	private static final long THREADS = 3;

	private static final long THREADS_OF_A_NAME = 2;

	private static final long DESCRIPTORS = 3;

	private static final long HEAP = 4L << 20;

	@Override
	public String name() {
		return "growth";
	}

	@Override
	public void check(Round round, Findings findings) {
		for (Life life : round.lives()) {
			Entry begin = null;
			for (Entry open : life.entries(Kind.OPEN)) {
				if (begin == null) {
					begin = open.is("phase", "begin") ? open : null;
				}
				else if (open.is("phase", "end")) {
					check(life, begin, open, "threads", THREADS, findings);
					check(life, begin, open, "descriptors", DESCRIPTORS, findings);
					check(life, begin, open, "heap", HEAP, findings);
					checkNames(life, threads(begin), threads(open), findings);
				}
			}
		}
	}

	private static void check(Life life, Entry begin, Entry end, String what, long tolerance, Findings findings) {
		findings.require(end.number(what) - begin.number(what) <= tolerance, "%s grew from %s to %s %s", life,
				begin.text(what), end.text(what), what);
	}

	private static void checkNames(Life life, Map<String, Long> begin, Map<String, Long> end, Findings findings) {
		end.forEach((name, count) -> findings.require(count - begin.getOrDefault(name, 0L) <= THREADS_OF_A_NAME,
				"%s has %d threads %s, and had %d", life, count, name, begin.getOrDefault(name, 0L)));
	}

	/** Returns how many threads have each name, numbers aside. */
	private static Map<String, Long> threads(Entry open) {
		Map<String, Long> threads = new TreeMap<>();
		for (String name : open.list("names")) {
			int colon = name.lastIndexOf(':');
			threads.merge(name.substring(0, colon), Long.parseLong(name.substring(colon + 1)), Long::sum);
		}
		return threads;
	}

}
