package dev.cpg.faults.check;

import java.util.ArrayList;
import java.util.List;

import dev.cpg.faults.history.Entry;
import org.jspecify.annotations.Nullable;

/**
 * The time of a member in its group over one connection.
 */
final class Stay {

	private static final String UNKNOWN_RING = "?";

	private final Life life;

	private final String self;

	private final List<View> views = new ArrayList<>();

	private String ring = UNKNOWN_RING;

	private List<String> nodes = List.of();

	private @Nullable Long end;

	Stay(Life life, String self) {
		this.life = life;
		this.self = self;
	}

	/** The members have changed. C programs do not know of which ring that comes. */
	void changed(Entry change) {
		String ringOfChange = change.find("ring");
		View before = last();
		if (ringOfChange == null) {
			boolean ringFollows = this.ring.equals(UNKNOWN_RING)
					|| (before != null && before.ring().equals(UNKNOWN_RING))
					|| (change.text("left") + "," + change.text("joined")).contains("/NODE");
			ringOfChange = ringFollows ? UNKNOWN_RING : this.ring;
		}
		boolean ringChanges = before != null && !ringOfChange.equals(this.ring);
		View view = new View(this, change, ringOfChange, change.list("members"), ringChanges);
		if (!ringChanges) {
			view.ringIs(ringOfChange, this.nodes);
		}
		begin(view);
	}

	/** The ring has changed. */
	void ring(Entry totem) {
		this.ring = totem.text("ring");
		this.nodes = totem.list("nodes");
		View last = last();
		if (last != null && !last.ring().equals(this.ring) && !last.ring().equals(UNKNOWN_RING)) {
			begin(new View(this, totem, this.ring, last.members(), true));
		}
		for (int i = this.views.size() - 1; i >= 0 && isOfThisRing(this.views.get(i)); i--) {
			this.views.get(i).ringIs(this.ring, this.nodes);
		}
	}

	private boolean isOfThisRing(View view) {
		return view.ring().equals(this.ring) || view.ring().equals(UNKNOWN_RING);
	}

	private void begin(View view) {
		View before = last();
		if (before != null) {
			before.endsWith(view);
		}
		this.views.add(view);
	}

	/** The connection has ended, if it had not before. */
	void end(long time) {
		this.end = (this.end != null) ? this.end : time;
	}

	Life life() {
		return this.life;
	}

	/** Returns the member's address, an empty text if it is not known. */
	String self() {
		return this.self;
	}

	/** Returns the node of the member. */
	String node() {
		return Round.node(this.self);
	}

	List<View> views() {
		return this.views;
	}

	/** Returns the views up to one of them. */
	List<View> until(View last) {
		return this.views.subList(0, this.views.indexOf(last) + 1);
	}

	/** Returns the present view while the stay is read, and the last one after that. */
	@Nullable View last() {
		return this.views.isEmpty() ? null : this.views.get(this.views.size() - 1);
	}

	/** Returns whether the member was in the group, or about to be, at a time. */
	boolean begins(long time) {
		return this.views.isEmpty() || this.views.get(0).begin().time() <= time;
	}

	/** Returns when the connection ended, {@code null} if the history does not say it. */
	@Nullable Long end() {
		return this.end;
	}

	@Override
	public String toString() {
		return this.life + " as " + this.self;
	}

}
