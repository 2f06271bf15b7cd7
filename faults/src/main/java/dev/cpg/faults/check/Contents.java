package dev.cpg.faults.check;

import java.util.HashMap;
import java.util.Map;

import dev.cpg.faults.history.Entry;
import dev.cpg.faults.history.Kind;
import org.jspecify.annotations.Nullable;

/**
 * What is delivered was sent, by the member that it is said to come from, and is the same
 * everywhere.
 */
final class Contents implements Check {

	@Override
	public String name() {
		return "contents";
	}

	@Override
	public void check(Round round, Findings findings) {
		Map<String, Entry> first = new HashMap<>();
		for (Life life : round.lives()) {
			for (Entry delivery : life.entries(Kind.DELIVER)) {
				String id = delivery.text("id");
				Entry other = first.putIfAbsent(id, delivery);
				if (other == null) {
					checkSent(round, delivery, id, findings);
				}
				else {
					findings.require(delivery.is("hash", other.text("hash")) && delivery.is("from", other.text("from")),
							"%s has %s as %s from %s, others as %s from %s", life, id, delivery.text("hash"),
							delivery.text("from"), other.text("hash"), other.text("from"));
				}
			}
		}
	}

	/** C programs note no sizes. */
	private static boolean isSame(String size, @Nullable String other) {
		return other == null || other.equals(size);
	}

	/** Receivers compare a message with what its sender has put together. */
	private static void checkSent(Round round, Entry delivery, String id, Findings findings) {
		findings.require(!delivery.is("hash", "bad"), "%s was delivered with another content than it was sent with",
				id);
		Life sender = round.sender(id);
		if (sender != null && !sender.entries(Kind.SEND).isEmpty()) {
			Entry send = round.send(id);
			findings.require(
					send != null && isSame(send.text("size"), delivery.find("size")) && send.time() <= delivery.time()
							&& sender.stays().stream().anyMatch((stay) -> delivery.is("from", stay.self())),
					"%s was delivered, from %s, and not sent like that before", id, delivery.text("from"));
		}
	}

}
