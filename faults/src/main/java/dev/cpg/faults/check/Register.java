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
		Map<String, Entry> highest = new HashMap<>();
		long last = 0;
		long gap = 0;
		long missing = 0;
		for (Entry write : writes) {
			Entry known = highest.get(write.text("role"));
			long seq = write.number("seq");
			gap = (seq > last + 1) ? seq : gap;
			missing += Math.max(0, seq - last - 1);
			last = seq;
			boolean larger = known == null || write.number("token") >= known.number("token");
			if (write.is("accepted", "true")) {
				findings.require(larger, "write %s with token %s was accepted after %s", seq, write.text("token"),
						known);
				highest.put(write.text("role"), write);
			}
			else if (known == null || larger) {
				// Who was killed may have written, and not noted it.
				findings.require(known == null || known.number("seq") < gap,
						"write %s with token %s was refused after %s", seq, write.text("token"), known);
			}
			else if (write.is("checked", "true")) {
				findings.require(known.time() >= write.number("asked"),
						"write %s with token %s was refused, by a leader that asked after %s", seq, write.text("token"),
						known);
			}
			else {
				findings.excused("refused");
			}
		}
		if (missing > 0) {
			findings.excused("unnoted", missing);
		}
		findings.require(missing <= round.injected(Kind.DIED).size(),
				"%s writes were noted by nobody, more than processes were killed", missing);
	}

}
