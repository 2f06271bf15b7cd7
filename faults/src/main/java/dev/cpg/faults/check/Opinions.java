package dev.cpg.faults.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * What several processes take for true, and when it changes.
 */
final class Opinions {

	/** Is no opinion. */
	static final String NONE = "none";

	private final Map<Life, String> now = new HashMap<>();

	private final List<Change> changes = new ArrayList<>();

	Opinions(List<Life> lives) {
		lives.forEach((life) -> this.now.put(life, NONE));
	}

	/** A process takes something for true from a time on. */
	void add(Life life, long time, String opinion) {
		this.changes.add(new Change(time, life, opinion));
	}

	/** Returns whether all have the same opinion at some time. */
	boolean agree(long from, long to) {
		this.changes.sort(Comparator.comparingLong(Change::time));
		for (Change change : this.changes) {
			if (change.time > to || (change.time > from && areOne())) {
				break;
			}
			this.now.put(change.life, change.opinion);
		}
		return areOne();
	}

	private boolean areOne() {
		return new HashSet<>(this.now.values()).size() == 1 && !this.now.containsValue(NONE);
	}

	@Override
	public String toString() {
		return this.now.toString();
	}

	/**
	 * A process has another opinion.
	 *
	 * @param time when
	 * @param life the process
	 * @param opinion the opinion
	 */
	private record Change(long time, Life life, String opinion) {

	}

}
