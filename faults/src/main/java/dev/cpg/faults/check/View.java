package dev.cpg.faults.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.cpg.faults.history.Entry;
import org.jspecify.annotations.Nullable;

/**
 * What one member has from one change of the members or of the ring to the next.
 */
final class View {

	private final Stay stay;

	private final Entry begin;

	private final List<String> members;

	private final boolean ofRing;

	private final Set<String> came = new HashSet<>();

	private final List<String> messages = new ArrayList<>();

	private final List<Entry> deliveries = new ArrayList<>();

	private String ring;

	private int time;

	private List<String> nodes = List.of();

	private @Nullable View next;

	private @Nullable Map<String, Integer> positions;

	/**
	 * Creates it.
	 * @param stay the stay that it belongs to
	 * @param begin the change that it begins with
	 * @param ring the ring, as far as it is known
	 * @param members the members
	 * @param ringChanges whether the ring changes with it
	 */
	View(Stay stay, Entry begin, String ring, List<String> members, boolean ringChanges) {
		this.stay = stay;
		this.begin = begin;
		this.ring = ring;
		this.members = members;
		View before = stay.last();
		begin.list("joined")
			.stream()
			.filter((member) -> member.endsWith("/NODEUP"))
			.map(Round::node)
			.forEach(this.came::add);
		this.ofRing = ringChanges || !this.came.isEmpty()
				|| begin.list("left").stream().anyMatch((member) -> member.endsWith("/NODEDOWN"));
		if (this.ofRing && before != null && before.ring.equals(ring)) {
			this.came.addAll(before.came);
		}
	}

	/** The ring is known, with its nodes. */
	void ringIs(String nowKnown, List<String> itsNodes) {
		this.ring = nowKnown;
		this.nodes = itsNodes;
	}

	void add(String message, Entry delivery) {
		this.messages.add(message);
		this.deliveries.add(delivery);
	}

	void endsWith(View following) {
		this.next = following;
	}

	/** Returns the stay that it belongs to. */
	Stay stay() {
		return this.stay;
	}

	/** Returns the change that it began with. */
	Entry begin() {
		return this.begin;
	}

	/** Returns when the member was notified of its ring. */
	long ringBegin() {
		long began = this.begin.time();
		List<View> views = this.stay.views();
		for (int i = views.indexOf(this); i >= 0 && views.get(i).ring.equals(this.ring); i--) {
			began = views.get(i).begin.time();
		}
		return began;
	}

	String ring() {
		return this.ring;
	}

	List<String> members() {
		return this.members;
	}

	/** Returns the messages in their order. */
	List<String> messages() {
		return this.messages;
	}

	/** Returns the line of a message that it has. */
	Entry delivery(String message) {
		return this.deliveries.get(position(message));
	}

	/** Returns the following view of the same stay, {@code null} if it is the last. */
	@Nullable View next() {
		return this.next;
	}

	/**
	 * Returns what is the same for all members that share it. Who leaves and joins again
	 * makes views of the same members, which differ by what they began with. That is the
	 * same for all only if the change came in the order of the ring.
	 */
	String key() {
		return (this.time > 0) ? this + ", time " + this.time : toString();
	}

	/** Views that look alike are numbered. */
	void isTime(int number) {
		this.time = number;
	}

	/** Returns what the keys of all views of a ring with the same members begin with. */
	static String key(String ring, List<String> members) {
		return "ring " + ring + " of " + String.join(",", members);
	}

	/** Returns whether a node came with its ring. */
	boolean isMergedWith(String node) {
		return this.came.contains(node);
	}

	/** Returns whether nodes came together again with its ring. */
	boolean isMerged() {
		return !this.came.isEmpty();
	}

	/**
	 * Returns whether it began with the ring: with a change that every node makes for
	 * itself.
	 */
	boolean isOfRing() {
		return this.ofRing;
	}

	/** Returns the nodes of the ring, none if they are not known. */
	List<String> nodes() {
		return this.nodes;
	}

	/** Returns whether a node that was in the view before is in this one, too. */
	boolean keepsNode(String node) {
		return this.nodes.contains(node) && this.begin.list("left")
			.stream()
			.noneMatch((left) -> left.startsWith(node + ":") && left.endsWith("/NODEDOWN"));
	}

	boolean has(String message) {
		return position(message) < this.messages.size();
	}

	/** Returns whether it has a message of a node. */
	boolean hasFrom(String node) {
		return this.deliveries.stream().anyMatch((delivery) -> Round.node(delivery.text("from")).equals(node));
	}

	/** Returns the place of a message, the end if it is not there. */
	int position(String message) {
		if (this.positions == null) {
			this.positions = new HashMap<>(this.messages.size() * 2);
			for (int i = 0; i < this.messages.size(); i++) {
				this.positions.putIfAbsent(this.messages.get(i), i);
			}
		}
		return this.positions.getOrDefault(message, this.messages.size());
	}

	@Override
	public String toString() {
		String key = key(this.ring, this.members);
		return this.ofRing ? key : key + ", left " + this.begin.text("left") + ", joined " + this.begin.text("joined");
	}

}
