package dev.cpg.faults.history;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The kinds of lines in a history, with the fields that each of them has at least.
 */
public enum Kind {

	/** A member has a connection, and an address with it. */
	START("member", "name"),

	/** The members of the group have changed. */
	CONF("members", "left", "joined"),

	/** The ring has changed. */
	TOTEM("ring", "nodes"),

	/** The quorum has changed. */
	QUORUM("ring", "quorate", "nodes"),

	/** The member is in the group. */
	CONNECTED,

	/** The member is in the group no more. */
	DISCONNECTED,

	/** A message was delivered. */
	DELIVER("from", "id", "hash"),

	/** A message is about to be sent. */
	SEND("id", "size"),

	/** The future of a send has ended. */
	OUTCOME("id", "is"),

	/** The application was notified that it leads. */
	GRANTED("role", "token"),

	/** It was decided that the member leads no more; the notification follows. */
	REVOKING("role", "token"),

	/** The application was notified that it leads no more. */
	REVOKED("role", "token"),

	/** The application was notified of another leader, or of none. */
	LEADER("role", "leader"),

	/** A question for the leadership that was answered with yes. */
	LEADS("role", "token", "until"),

	/** A leader has written to the register. */
	WRITE("role", "token", "seq", "asked", "checked", "accepted"),

	/** What the process holds: futures, threads, descriptors, memory. */
	OPEN("phase", "futures", "threads", "descriptors", "heap", "names"),

	/** The process ends in order. */
	END,

	/** A round begins. */
	ROUND("nodes"),

	/** A fault begins. */
	FAULT("kind", "id"),

	/** A fault is over. */
	OVER("id"),

	/** All faults are over, and all members run. */
	CALM,

	/** All members agree on the leaders. */
	AGREED,

	/** A process is about to be killed. */
	DIED("name"),

	/** A daemon is about to be killed or stopped. */
	DAEMONDIED("node"),

	/** A process was asked to end. */
	ENDED("name");

	private static final Map<String, Kind> KINDS = new HashMap<>();

	static {
		for (Kind kind : values()) {
			KINDS.put(kind.text, kind);
		}
	}

	private final String text = name().toLowerCase(Locale.ROOT);

	@SuppressWarnings("ImmutableEnumChecker") // never changed
	private final List<String> fields;

	Kind(String... fields) {
		this.fields = List.of(fields);
	}

	/**
	 * Returns the names of the fields that a line of this kind has at least.
	 */
	List<String> fields() {
		return this.fields;
	}

	/**
	 * Returns the kind with a text, {@code null} if there is none.
	 * @param text the second word of a line
	 */
	static @Nullable Kind of(String text) {
		return KINDS.get(text);
	}

	@Override
	public String toString() {
		return this.text;
	}

}
