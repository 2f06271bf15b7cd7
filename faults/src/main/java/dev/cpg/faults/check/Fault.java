package dev.cpg.faults.check;

import java.util.List;

import dev.cpg.faults.history.Entry;

/**
 * A fault that was made, from its begin to its end.
 */
final class Fault {

	/** Who was stopped, or kept busy, has something to catch up on. */
	private static final long CATCHING_UP = 3_000_000_000L;

	/** No listener is busy for longer. */
	private static final long LONGEST_LISTENER = 10_000_000_000L;

	private final Entry begin;

	private final long over;

	/**
	 * Creates it.
	 * @param begin the line of its begin
	 * @param ends the lines of all ends
	 */
	Fault(Entry begin, List<Entry> ends) {
		this.begin = begin;
		long over = ends.stream()
			.filter((end) -> end.is("id", begin.text("id")))
			.mapToLong(Entry::time)
			.findFirst()
			.orElse(Long.MAX_VALUE);
		this.over = Math.max(over, begin.time() + busy());
	}

	/** A listener that is slow begins to be so when the fault is over. */
	private long busy() {
		String length = this.begin.find("for");
		return switch (kind()) {
			case "slow-listener" -> Math.min(LONGEST_LISTENER,
					(length != null) ? Long.parseLong(length.substring(0, length.length() - 2)) * 1_000_000 : 0);
			case "overload" -> LONGEST_LISTENER / 2;
			default -> 0;
		};
	}

	String kind() {
		return this.begin.text("kind");
	}

	long begin() {
		return this.begin.time();
	}

	/** Returns when it was over, the largest number if it was not. */
	long over() {
		return this.over;
	}

	/** Returns whether it concerns a node. */
	boolean isOf(String node) {
		return this.begin.list("nodes").contains(node);
	}

	/** Returns whether the daemon of a node may part from others because of it. */
	boolean parts(String node) {
		return kind().startsWith("cut") || (isOf(node) && !kind().equals("clock-shift"));
	}

	/** Returns whether it stops a process, so that it does nothing. */
	boolean stops(Life life) {
		return (kind().equals("pause-member") && this.begin.is("target", life.name()))
				|| (kind().equals("pause-node") && isOfNodeOf(life));
	}

	/** Returns whether a process gets or handles events late because of it. */
	boolean delays(Life life) {
		return stops(life) || (kind().equals("pause-daemon") && isOfNodeOf(life))
				|| (kind().equals("slow-listener") && this.begin.is("target", life.name()))
				|| kind().equals("overload");
	}

	/** Returns whether it has a process leave the group. */
	boolean removes(Life life) {
		return (kind().equals("rejoin") || kind().equals("leave-and-join")) && this.begin.is("target", life.name());
	}

	private boolean isOfNodeOf(Life life) {
		return life.stays().stream().anyMatch((stay) -> isOf(stay.node()));
	}

	/** Returns whether it, or the time to catch up after it, was between two times. */
	boolean isOpen(long from, long to) {
		return begin() <= to && (this.over == Long.MAX_VALUE || this.over + CATCHING_UP >= from);
	}

}
