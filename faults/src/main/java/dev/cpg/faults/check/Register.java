package dev.cpg.faults.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.cpg.faults.history.Entry;
import dev.cpg.faults.history.Kind;

/**
 * A resource that compares tokens never sees one fall in what it accepts, and refuses
 * only smaller ones, though leaders write without a look at their leadership after a
 * pause.
 */
final class Register implements Check {

	@Override
	public String name() {
		return "register";
	}

	@Override
	public void check(Round round, Findings findings) {
		List<Entry> writes = new ArrayList<>();
		round.lives().forEach((life) -> writes.addAll(life.entries(Kind.WRITE)));
		writes.sort(Comparator.comparingLong((write) -> write.number("seq")));
		Map<String, Long> highest = new HashMap<>();
		long last = 0;
		boolean gap = false;
		for (Entry write : writes) {
			String role = write.text("role");
			long token = write.number("token");
			long seq = write.number("seq");
			long known = highest.getOrDefault(role, 0L);
			// Who was killed may have written, and not noted it.
			gap |= seq > last + 1;
			last = seq;
			if (write.is("accepted", "true")) {
				findings.require(token >= known, "write %d to '%s' with token %d was accepted after one with %d", seq,
						role, token, known);
				highest.put(role, Math.max(known, token));
			}
			else {
				findings.require(token < known || gap, "write %d to '%s' with token %d was refused after one with %d",
						seq, role, token, known);
				findings.excused("refused");
			}
		}
	}

}
