package dev.cpg.faults.check;

import dev.cpg.faults.history.Entry;
import dev.cpg.faults.history.Kind;

/**
 * A process that has seen the whole round has no more threads, descriptors and memory in
 * use at its end than at its begin, but for a tolerance: a connection more or less,
 * caches that were filled.
 */
final class Growth implements Check {

	private static final long THREADS = 8;

	private static final long DESCRIPTORS = 12;

	private static final long HEAP = 12L << 20;

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
				}
			}
		}
	}

	private static void check(Life life, Entry begin, Entry end, String what, long tolerance, Findings findings) {
		findings.require(end.number(what) - begin.number(what) <= tolerance, "%s grew from %s to %s %s", life,
				begin.text(what), end.text(what), what);
	}

}
