package dev.cpg.spring;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgNames;
import dev.cpg.client.CpgReason;
import dev.cpg.client.CpgView;
import dev.cpg.client.internal.log.CpgLog;
import dev.cpg.client.internal.log.Printable;
import org.jspecify.annotations.Nullable;

/**
 * Logs who joined and left: each change at once while there are few, one line for all
 * changes of an interval when there are many. Any local process can join and leave a
 * group a hundred times a second.
 */
final class ChangeLog implements Upkeep.Task {

	/** The changes of an interval that get a line each. */
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

	/** The latest view without a line yet, {@code null} if there is none. */
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

	/** This service joined, and the members were there before. */
	void joined(CpgAddress local, CpgView view, CpgNames names) {
		CpgLog.MEMBERSHIP.info()
			.with("group", this.group)
			.with("member", names.format(local))
			.with("members", view.members().size())
			.with("ring", view.ring())
			.log("Joined group '{}' as {}, members {} on ring {}", this.group, names.format(local),
					text(view.members().stream().map(names::format).toList()), view.ring());
	}

	/**
	 * Members joined or left.
	 * @param names the names of their nodes
	 */
	synchronized void changed(CpgConfigurationChange change, CpgNames names) {
		beginInterval();
		if (this.lines < MAX_LINES) {
			this.lines++;
			CpgView view = change.view();
			String joined = text(change.joined(), names);
			String left = text(change.left(), names);
			CpgLog.MEMBERSHIP.info()
				.with("group", this.group)
				.with("joined", joined)
				.with("left", left)
				.with("members", view.members().size())
				.with("ring", view.ring())
				.log("Group '{}': joined {}, left {}, now {} on ring {}", this.group, joined, left,
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

	/** An interval that follows one with too many changes gets one line only. */
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

	/** Writes what has no line yet, as no change follows. */
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

	private static String text(List<CpgMember> members, CpgNames names) {
		return text(members.stream().map((member) -> names.format(member.address()) + " " + member.reason()).toList());
	}

	/** A list of hundreds helps nobody. */
	static String text(List<String> members) {
		return (members.size() <= MAX_NAMES) ? members.toString()
				: members.subList(0, MAX_NAMES) + " and " + (members.size() - MAX_NAMES) + " more";
	}

}
