package dev.cpg.faults.check;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import dev.cpg.faults.history.Entry;
import dev.cpg.faults.history.History;
import dev.cpg.faults.history.Kind;

/**
 * One process of a member, from its start to its end.
 */
final class Life {

	private final History history;

	private final Map<Kind, List<Entry>> entries = new EnumMap<>(Kind.class);

	private final List<Stay> stays = new ArrayList<>();

	/**
	 * Creates it.
	 * @param history its history
	 * @param pool makes one object of equal texts
	 */
	Life(History history, UnaryOperator<String> pool) {
		this.history = history;
		Stay stay = new Stay(this, "");
		for (Entry entry : history.entries()) {
			this.entries.computeIfAbsent(entry.kind(), (kind) -> new ArrayList<>()).add(entry);
			switch (entry.kind()) {
				case START -> {
					stay.end(entry.time());
					stay = new Stay(this, entry.text("member"));
					this.stays.add(stay);
				}
				case DISCONNECTED, END -> stay.end(entry.time());
				case CONF -> stay.changed(entry);
				case TOTEM -> stay.ring(entry);
				case DELIVER -> {
					View view = stay.last();
					if (view != null) {
						view.add(pool.apply(entry.text("id")), entry);
					}
				}
				default -> {
				}
			}
		}
	}

	String name() {
		return this.history.name();
	}

	/** Returns all lines in their order. */
	List<Entry> entries() {
		return this.history.entries();
	}

	/** Returns the lines of a kind in their order. */
	List<Entry> entries(Kind kind) {
		return this.entries.getOrDefault(kind, List.of());
	}

	/** Returns whether it is a C program. */
	boolean isForeign() {
		return name().matches("n\\dc#.*");
	}

	List<Stay> stays() {
		return this.stays;
	}

	/** Returns whether the process has ended in order. */
	boolean isEnded() {
		return !entries(Kind.END).isEmpty();
	}

	@Override
	public String toString() {
		return name();
	}

}
