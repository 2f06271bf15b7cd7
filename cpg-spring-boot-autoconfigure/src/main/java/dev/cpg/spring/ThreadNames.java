package dev.cpg.spring;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The names of the memberships' threads in this JVM: no two have the same one, although
 * any number of contexts may be in one group.
 */
final class ThreadNames {

	private static final Set<String> TAKEN = ConcurrentHashMap.newKeySet();

	private ThreadNames() {
	}

	/**
	 * Takes a name, with a number at its end if another thread has it.
	 */
	static String take(String name) {
		String free = name;
		for (int number = 2; !TAKEN.add(free); number++) {
			free = name + "-" + number;
		}
		return free;
	}

	/** The thread ends. */
	static void giveBack(String name) {
		TAKEN.remove(name);
	}

}
