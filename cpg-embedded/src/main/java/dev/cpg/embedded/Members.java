package dev.cpg.embedded;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.function.LongPredicate;

import dev.cpg.client.CpgAddress;
import org.jspecify.annotations.Nullable;

/**
 * The members of a group at one point of the order, sorted; they do not change. It keeps
 * what it becomes with the next join or leave. So daemons that begin with the same one,
 * and have the same joins and leaves, share all that follow, and a join costs one copy of
 * the list in the whole cluster. Used by the engine's thread.
 */
final class Members {

	private final List<CpgAddress> list;

	private @Nullable CpgAddress changed;

	private @Nullable Members next;

	/**
	 * Creates it.
	 * @param sorted the members by node id and process id
	 */
	Members(List<CpgAddress> sorted) {
		this.list = List.copyOf(sorted);
	}

	/** Returns the list, which is unmodifiable. */
	List<CpgAddress> list() {
		return this.list;
	}

	boolean isEmpty() {
		return this.list.isEmpty();
	}

	boolean contains(CpgAddress member) {
		return Collections.binarySearch(this.list, member) >= 0;
	}

	/** Returns the members on one node. */
	List<CpgAddress> ofNode(long nodeId) {
		int from = insertionPoint(new CpgAddress(nodeId, 0));
		int to = from;
		while (to < this.list.size() && this.list.get(to).nodeId() == nodeId) {
			to++;
		}
		return List.copyOf(this.list.subList(from, to));
	}

	/** Returns those on some nodes. */
	List<CpgAddress> ofNodes(LongPredicate nodes) {
		return this.list.stream().filter((member) -> nodes.test(member.nodeId())).toList();
	}

	/** Returns them with one that joins, or without one that leaves. */
	Members change(CpgAddress member) {
		Members known = this.next;
		if (known != null && member.equals(this.changed)) {
			return known;
		}
		Members changedMembers = contains(member) ? without(List.of(member)) : with(member);
		this.changed = member;
		this.next = changedMembers;
		return changedMembers;
	}

	private Members with(CpgAddress member) {
		CpgAddress[] more = new CpgAddress[this.list.size() + 1];
		this.list.toArray(more);
		int index = insertionPoint(member);
		System.arraycopy(more, index, more, index + 1, this.list.size() - index);
		more[index] = member;
		return new Members(List.of(more));
	}

	/** Returns them with others. */
	Members with(Collection<CpgAddress> others) {
		CpgAddress[] more = Arrays.copyOf(this.list.toArray(CpgAddress[]::new), this.list.size() + others.size());
		int index = this.list.size();
		for (CpgAddress other : others) {
			more[index++] = other;
		}
		Arrays.sort(more);
		return new Members(List.of(more));
	}

	/** Returns them without some of them, which are sorted. */
	Members without(List<CpgAddress> some) {
		return new Members(this.list.stream().filter((member) -> Collections.binarySearch(some, member) < 0).toList());
	}

	private int insertionPoint(CpgAddress member) {
		int index = Collections.binarySearch(this.list, member);
		return (index < 0) ? -(index + 1) : index;
	}

}
