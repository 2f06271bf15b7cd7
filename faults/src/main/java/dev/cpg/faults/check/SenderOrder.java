package dev.cpg.faults.check;

import java.util.HashMap;
import java.util.Map;

import dev.cpg.faults.history.Entry;

/**
 * Messages of one sender come in the order in which they were sent, but for those that
 * several threads sent at the same time.
 */
final class SenderOrder implements Check {

	@Override
	public String name() {
		return "sender-order";
	}

	@Override
	public void check(Round round, Findings findings) {
		for (Life life : round.lives()) {
			Map<String, Long> last = new HashMap<>();
			for (Stay stay : life.stays()) {
				for (View view : stay.views()) {
					view.messages().forEach((id) -> check(round, life, id, last, findings));
				}
			}
		}
	}

	private static void check(Round round, Life life, String id, Map<String, Long> last, Findings findings) {
		Entry send = round.send(id);
		if (send != null && send.is("burst", "true")) {
			return;
		}
		int mark = id.lastIndexOf('#');
		String sender = id.substring(0, mark);
		long number = Long.parseLong(id.substring(mark + 1));
		Long before = last.put(sender, number);
		findings.require(before == null || before < number, "%s has %s after %s#%d", life, id, sender, before);
	}

}
