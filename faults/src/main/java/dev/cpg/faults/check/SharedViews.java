package dev.cpg.faults.check;

import java.util.List;

/**
 * Members that go from one view to the next together have the same messages in it.
 */
final class SharedViews implements Check {

	private static final String PRESENT = "present";

	@Override
	public String name() {
		return "shared";
	}

	@Override
	public void check(Round round, Findings findings) {
		if (round.ambiguous() > 0) {
			findings.excused("ambiguous", round.ambiguous());
		}
		for (List<View> views : round.views().values()) {
			for (View one : views) {
				for (View other : views) {
					if (one != other) {
						check(round, one, other, findings);
					}
				}
			}
		}
	}

	private static void check(Round round, View has, View lacks, Findings findings) {
		findings.compared(has.messages().size());
		if (has.messages().equals(lacks.messages())) {
			return;
		}
		Absence absence = new Absence(round, has, lacks);
		for (String message : has.messages()) {
			String excuse = lacks.has(message) ? PRESENT : absence.excuse(message);
			if (excuse == null) {
				findings.wrong("%s lacks %s, which %s has in the view of %s that both share", lacks.stay(), message,
						has.stay(), has);
				return;
			}
			if (!excuse.equals(PRESENT)) {
				findings.compared(-1);
				findings.excused(excuse, 1);
			}
		}
	}

}
