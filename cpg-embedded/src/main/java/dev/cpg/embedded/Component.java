package dev.cpg.embedded;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.IntUnaryOperator;

/**
 * Daemons that reach each other, directly or through others of them.
 * <p>
 * If each reaches all, they become one ring. If not, no ring can have them all: they form
 * rings in each of which all reach each other, and which of the possible ones these are
 * is chance. A daemon that reaches another ring brings its own one down again and again,
 * as totem's do.
 */
final class Component {

	private final List<Daemon> daemons;

	private final List<List<Daemon>> reachable;

	private final boolean direct;

	private long due;

	private int formations;

	private boolean formed;

	/**
	 * Creates one.
	 * @param daemons the daemons, by node id
	 * @param due when they form rings
	 * @param formations how often at most, unless each reaches all
	 */
	Component(List<Daemon> daemons, long due, int formations) {
		this.daemons = List.copyOf(daemons);
		this.reachable = daemons.stream().map(Daemon::reachable).toList();
		this.direct = this.reachable.stream().allMatch(this.daemons::equals);
		this.due = due;
		this.formations = formations;
	}

	Daemon representative() {
		return this.daemons.get(0);
	}

	/** Returns whether the same daemons reach each other in the same way. */
	boolean isLike(Component other) {
		return this.daemons.equals(other.daemons) && this.reachable.equals(other.reachable);
	}

	/** Returns whether each daemon reaches all. */
	boolean isDirect() {
		return this.direct;
	}

	/** Returns whether rings are to be formed at a time. */
	boolean isDue(long time) {
		return time >= this.due && (this.direct ? !isRing() : this.formations > 0);
	}

	boolean hasAnyOf(List<Daemon> others) {
		return !Collections.disjoint(this.daemons, others);
	}

	/** Returns when the daemons form rings for the first time, if they have not yet. */
	OptionalLong firstDue() {
		return this.formed ? OptionalLong.empty() : OptionalLong.of(this.due);
	}

	private boolean isRing() {
		Ring ring = representative().ring();
		return ring.members().size() == this.daemons.size()
				&& this.daemons.stream().allMatch((daemon) -> daemon.ring() == ring);
	}

	/**
	 * Rings are formed.
	 * @param nextDue when the next ones are, unless each daemon reaches all
	 * @return whether there is to be another time
	 */
	boolean formed(long nextDue) {
		this.formed = true;
		this.formations--;
		this.due = nextDue;
		return !this.direct && this.formations > 0;
	}

	/**
	 * Divides the daemons into rings in each of which all reach each other.
	 * @param chance returns a number that is less than the one given
	 */
	List<List<Daemon>> rings(IntUnaryOperator chance) {
		if (this.direct) {
			return List.of(this.daemons);
		}
		List<Daemon> left = new ArrayList<>(this.daemons);
		List<List<Daemon>> rings = new ArrayList<>();
		while (!left.isEmpty()) {
			Daemon first = left.remove(chance.applyAsInt(left.size()));
			List<Daemon> candidates = new ArrayList<>(first.reachable());
			candidates.retainAll(left);
			List<Daemon> ring = new ArrayList<>(List.of(first));
			while (!candidates.isEmpty()) {
				Daemon next = candidates.remove(chance.applyAsInt(candidates.size()));
				ring.add(next);
				candidates.retainAll(next.reachable());
			}
			left.removeAll(ring);
			ring.sort(Comparator.comparingLong(Daemon::nodeId));
			rings.add(ring);
		}
		return rings;
	}

}
