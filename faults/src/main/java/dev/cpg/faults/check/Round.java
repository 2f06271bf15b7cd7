package dev.cpg.faults.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.cpg.faults.history.Entry;
import dev.cpg.faults.history.History;
import dev.cpg.faults.history.Kind;
import org.jspecify.annotations.Nullable;

/**
 * All histories of a round, put together.
 */
final class Round {

	/** A larger message goes in fragments. */
	private static final long LARGEST_WHOLE = 1_047_552;

	/** How late it is noticed what a C program sees. */
	private static final long LOOK = 1_000_000_000L;

	private final List<Life> lives = new ArrayList<>();

	private final Map<String, Life> byName = new HashMap<>();

	private final Map<String, Entry> sends = new HashMap<>();

	private final Map<String, Entry> outcomes = new HashMap<>();

	private final Map<String, List<View>> views;

	private final Merges merges = new Merges();

	private final Map<Kind, List<Entry>> injected = new HashMap<>();

	private final List<Fault> faults = new ArrayList<>();

	private final long ambiguousMessages;

	Round(List<History> histories) {
		Map<String, String> pool = new HashMap<>();
		for (History history : histories) {
			if (history.name().equals(History.INJECTOR)) {
				history.entries()
					.forEach((entry) -> this.injected.computeIfAbsent(entry.kind(), (kind) -> new ArrayList<>())
						.add(entry));
			}
			else {
				Life life = new Life(history, (text) -> pool.computeIfAbsent(text, (same) -> same));
				this.lives.add(life);
				this.byName.put(life.name(), life);
				life.entries(Kind.SEND).forEach((send) -> this.sends.put(send.text("id"), send));
				life.entries(Kind.OUTCOME).forEach((outcome) -> this.outcomes.put(outcome.text("id"), outcome));
			}
		}
		ViewIndex index = new ViewIndex();
		this.lives.forEach((life) -> life.stays().forEach((stay) -> {
			index.add(stay);
			this.merges.add(stay);
		}));
		this.views = index.resolve();
		this.ambiguousMessages = index.ambiguous();
		injected(Kind.FAULT).forEach((fault) -> this.faults.add(new Fault(fault, injected(Kind.OVER))));
	}

	/** Returns the node of an address. */
	static String node(String address) {
		int colon = address.indexOf(':');
		return (colon < 0) ? address : address.substring(0, colon);
	}

	List<Life> lives() {
		return this.lives;
	}

	/** Returns the processes that write down what they send. */
	List<Life> senders() {
		return this.lives.stream().filter((life) -> !life.entries(Kind.SEND).isEmpty()).toList();
	}

	/** Returns who has sent a message, as its id says. */
	@Nullable Life sender(String message) {
		return this.byName.get(message.substring(0, Math.max(0, message.lastIndexOf('#'))));
	}

	/** Returns the line of a message that was sent, {@code null} if there is none. */
	@Nullable Entry send(String message) {
		return this.sends.get(message);
	}

	/** Returns the outcome of a message, {@code null} if there is none. */
	@Nullable Entry outcome(String message) {
		return this.outcomes.get(message);
	}

	/** Returns whether a message went in fragments. */
	boolean isLarge(String message) {
		Entry send = send(message);
		return send != null && send.number("size") > LARGEST_WHOLE;
	}

	/** Returns with which rings nodes came together. */
	Merges merges() {
		return this.merges;
	}

	/** Returns the views that several members can share, each with those who have it. */
	Map<String, List<View>> views() {
		return this.views;
	}

	/**
	 * Returns the key of the view that a message was reported delivered in, {@code null}
	 * if there are several, or if it went in fragments: then the report names who has all
	 * of them. Whether somebody has the view does not matter.
	 */
	@Nullable String key(String message, Entry report) {
		if (isLarge(message)) {
			return null;
		}
		String begin = View.key(report.text("ring"), report.list("view"));
		List<String> keys = this.views.keySet()
			.stream()
			.filter((key) -> key.equals(begin) || key.startsWith(begin + ", "))
			.toList();
		return (keys.size() == 1) ? keys.get(0) : (keys.isEmpty() && this.ambiguousMessages == 0) ? begin : null;
	}

	/** Returns the lines of a kind of whoever made the faults. */
	List<Entry> injected(Kind kind) {
		return this.injected.getOrDefault(kind, List.of());
	}

	/** Returns when a process was killed on purpose, {@code null} if it was not. */
	@Nullable Long killed(Life life) {
		return injected(Kind.DIED).stream()
			.filter((died) -> died.is("name", life.name()))
			.map(Entry::time)
			.findFirst()
			.orElse(null);
	}

	/** Returns the faults that kept a process from going on. */
	List<Fault> pauses(Life life) {
		return this.faults.stream().filter((fault) -> fault.stops(life)).toList();
	}

	/** Returns whether a process may have been late between two times. */
	boolean isHeldUp(Life life, long from, long to) {
		return this.faults.stream().anyMatch((fault) -> fault.delays(life) && fault.isOpen(from, to));
	}

	/** Returns whether a process was held up all the time between two times. */
	private boolean isBehind(Life life, long from, long to) {
		return this.faults.stream()
			.anyMatch((fault) -> fault.delays(life) && fault.isOpen(from, from) && fault.isOpen(to, to));
	}

	/**
	 * Returns when a stay ended, as its connection was lost or its process killed,
	 * {@code null} if neither is known.
	 */
	@Nullable Long end(Stay stay) {
		Long daemonDied = stay.life().isForeign() ? daemonDied(stay) : null;
		return (daemonDied != null) ? daemonDied : (stay.end() != null) ? stay.end() : killed(stay.life());
	}

	/** It is noticed late, or not at all, that a C program has no daemon any more. */
	private @Nullable Long daemonDied(Stay stay) {
		return injected(Kind.DAEMONDIED).stream()
			.filter((died) -> died.is("node", stay.node()) && stay.begins(died.time()))
			.map(Entry::time)
			.filter((died) -> stay.end() == null || died < stay.end())
			.findFirst()
			.orElse(null);
	}

	/**
	 * Returns whether a stay ended before the member can have handled what came at a
	 * time.
	 * @param unhandled how long who is not held up takes for it
	 */
	boolean endsBefore(Stay stay, long time, long unhandled) {
		return endsBefore(stay.life(), end(stay), time + unhandled);
	}

	/**
	 * Returns whether a process was killed before it can have handled what came at a
	 * time.
	 * @param unhandled how long who is not held up takes for it
	 */
	boolean isKilledBefore(Life life, long time, long unhandled) {
		return endsBefore(life, killed(life), time + unhandled);
	}

	private boolean endsBefore(Life life, @Nullable Long end, long time) {
		return end != null && (end <= time || isBehind(life, time, end));
	}

	/** Returns whether a process was asked to end before a time. */
	boolean isAskedToEnd(Life life, long time) {
		return injected(Kind.ENDED).stream().anyMatch((ended) -> ended.is("name", life.name()) && ended.time() <= time);
	}

	/**
	 * Returns whether a C program has asked for its leave by a time. It is not notified
	 * of what comes then, and stays a member until the leave is ordered, which may be in
	 * a later ring.
	 */
	boolean isLeaving(Stay stay, long time) {
		return stay.life().isForeign() && isAskedToEnd(stay.life(), time + LOOK);
	}

	/**
	 * Returns whether a process on a node, that was not notified of anything, ended
	 * between two times.
	 */
	boolean endsUnseen(String node, long from, long to) {
		return Stream.of(Kind.DIED, Kind.ENDED)
			.flatMap((kind) -> injected(kind).stream())
			.filter((end) -> end.text("name").startsWith("n" + node) && end.time() >= from && end.time() <= to)
			.map((end) -> this.byName.get(end.text("name")))
			.anyMatch((life) -> life == null || life.stays().isEmpty());
	}

	/** Returns whether nodes are more than half of those that the round has. */
	boolean isMajority(List<String> nodes) {
		return injected(Kind.ROUND).stream().allMatch((round) -> 2L * nodes.size() > round.number("nodes"));
	}

	/** Returns all faults in their order. */
	List<Fault> faults() {
		return this.faults;
	}

	/** Returns how many messages are in views that cannot be compared. */
	long ambiguous() {
		return this.ambiguousMessages;
	}

}
