package dev.cpg.spring;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgReason;
import dev.cpg.client.CpgView;
import dev.cpg.client.internal.log.CpgLog;
import dev.cpg.client.internal.log.Printable;
import org.jspecify.annotations.Nullable;

/**
 * Logs who joined and left: each change at once while they are few, one line for all of
 * an interval when they come fast. Any local process can join and leave a group a hundred
 * times a second.
 */
final class ChangeLog implements Upkeep.Task {

	/** The changes of an interval that have a line each. */
	static final int MAX_LINES = 10;

	static final Duration INTERVAL = Duration.ofSeconds(10);

	private static final int MAX_NAMES = 20;

	private final String group;

	private final LongSupplier clock;

	private final Runnable onWaiting;

	private long since;

	private int lines;

	private final Map<CpgReason, Integer> joined = new EnumMap<>(CpgReason.class);

	private final Map<CpgReason, Integer> left = new EnumMap<>(CpgReason.class);

	/** The latest of those that have no line yet, {@code null} if there are none. */
	private @Nullable CpgView latest;

	/**
	 * Creates a log.
	 * @param onWaiting called when a change begins to wait for {@link #perform()}
	 */
	ChangeLog(String group, LongSupplier clock, Runnable onWaiting) {
		this.group = group;
		this.clock = clock;
		this.onWaiting = onWaiting;
		this.since = clock.getAsLong() - INTERVAL.toNanos();
	}

	/**
	 * Members joined or left.
	 * @param joined the members that joined, as the log shows them
	 * @param left those that left
	 */
	synchronized void changed(CpgConfigurationChange change, List<String> joined, List<String> left) {
		beginInterval();
		if (this.lines < MAX_LINES) {
			this.lines++;
			CpgView view = change.view();
			CpgLog.MEMBERSHIP.info()
				.with("group", this.group)
				.with("joined", names(joined))
				.with("left", names(left))
				.with("members", view.members().size())
				.with("ring", view.ring())
				.log("Group '{}': joined {}, left {}, now {} on ring {}", this.group, names(joined), names(left),
						Printable.count(view.members().size(), "member"), view.ring());
			return;
		}
		boolean first = this.latest == null;
		change.joined().forEach((member) -> count(this.joined, member));
		change.left().forEach((member) -> count(this.left, member));
		this.latest = change.view();
		if (first) {
			this.onWaiting.run();
		}
	}

	/** An interval that follows one with too many changes has no lines of its own. */
	private void beginInterval() {
		long passed = this.clock.getAsLong() - this.since;
		if (passed >= INTERVAL.toNanos()) {
			boolean fast = this.latest != null && passed < 2 * INTERVAL.toNanos();
			sumUp();
			this.lines = fast ? MAX_LINES : 0;
			this.since += passed;
		}
	}

	/** Writes what is due. */
	@Override
	public synchronized long perform() {
		if (this.latest == null) {
			return Upkeep.NOTHING_DUE;
		}
		beginInterval();
		return (this.latest != null) ? Math.max(1, this.since + INTERVAL.toNanos() - this.clock.getAsLong())
				: Upkeep.NOTHING_DUE;
	}

	/** Writes what has no line yet: no change follows. */
	synchronized void sumUp() {
		CpgView view = this.latest;
		if (view == null) {
			return;
		}
		CpgLog.MEMBERSHIP.info()
			.with("group", this.group)
			.with("joined", sum(this.joined))
			.with("left", sum(this.left))
			.with("members", view.members().size())
			.with("ring", view.ring())
			.log("Group '{}': members came and went fast, summed up: joined {}, left {}, now {} on ring {}", this.group,
					text(this.joined), text(this.left), Printable.count(view.members().size(), "member"), view.ring());
		this.latest = null;
		this.joined.clear();
		this.left.clear();
	}

	private static void count(Map<CpgReason, Integer> counts, CpgMember member) {
		counts.merge(member.reason(), 1, Integer::sum);
	}

	private static int sum(Map<CpgReason, Integer> counts) {
		return counts.values().stream().mapToInt(Integer::intValue).sum();
	}

	private static String text(Map<CpgReason, Integer> counts) {
		return counts.entrySet()
			.stream()
			.map((entry) -> entry.getValue() + " " + entry.getKey())
			.collect(Collectors.joining(", ", "[", "]"));
	}

	/** A list of hundreds helps nobody. */
	static String names(List<String> names) {
		return (names.size() <= MAX_NAMES) ? names.toString()
				: names.subList(0, MAX_NAMES) + " and " + (names.size() - MAX_NAMES) + " more";
	}

}
