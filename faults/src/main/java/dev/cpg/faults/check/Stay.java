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

	private boolean over;

	Stay(Life life, String self) {
		this.life = life;
		this.self = self;
	}

	/** The members have changed. */
	void changed(Entry change) {
		String named = change.find("ring");
		boolean ringFollows = named == null && (this.views.isEmpty() || isOfRing(change));
		String itsRing = (named != null) ? named : ringFollows ? UNKNOWN_RING : this.ring;
		View view = new View(this, change, itsRing, change.list("members"));
		if (itsRing.equals(this.ring)) {
			view.ringIs(itsRing, this.nodes);
		}
		begin(view);
	}

	private static boolean isOfRing(Entry change) {
		return (change.text("left") + "," + change.text("joined")).contains("/NODE");
	}

	/** The ring has changed. */
	void ring(Entry totem) {
		this.ring = totem.text("ring");
		this.nodes = totem.list("nodes");
		View last = last();
		if (last != null && !last.ring().equals(this.ring) && !last.ring().equals(UNKNOWN_RING)) {
			begin(new View(this, totem, this.ring, last.members()));
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

	/** The connection has ended. */
	void end() {
		this.over = true;
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

	/** Returns the present view while the stay is read, and the last one after that. */
	@Nullable View last() {
		return this.views.isEmpty() ? null : this.views.get(this.views.size() - 1);
	}

	/** Returns whether the connection has ended, as far as the history goes. */
	boolean isOver() {
		return this.over;
	}

	@Override
	public String toString() {
		return this.life + " as " + this.self;
	}

}
