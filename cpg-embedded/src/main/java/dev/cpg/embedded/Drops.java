package dev.cpg.embedded;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;

import dev.cpg.client.CpgMessage;

/**
 * Which of the next multicasts of a cluster are dropped, by what they are. Used by the
 * engine's thread.
 */
final class Drops {

	private static final Logger LOGGER = System.getLogger("dev.cpg.embedded");

	private final List<Predicate<CpgMessage>> awaited = new ArrayList<>();

	/** Drops one message more, the next one that matches. */
	void add(Predicate<CpgMessage> which) {
		this.awaited.add(which);
	}

	void clear() {
		this.awaited.clear();
	}

	boolean isEmpty() {
		return this.awaited.isEmpty();
	}

	/** Returns whether a message that is sent now is dropped. */
	boolean take(CpgMessage message) {
		Iterator<Predicate<CpgMessage>> each = this.awaited.iterator();
		while (each.hasNext()) {
			if (matches(each.next(), message)) {
				each.remove();
				return true;
			}
		}
		return false;
	}

	/** What a test gives must not end the engine. */
	private static boolean matches(Predicate<CpgMessage> which, CpgMessage message) {
		try {
			return which.test(message);
		}
		catch (RuntimeException | Error ex) {
			LOGGER.log(Level.ERROR, "What says which message to drop threw an exception", ex);
			return false;
		}
	}

}
