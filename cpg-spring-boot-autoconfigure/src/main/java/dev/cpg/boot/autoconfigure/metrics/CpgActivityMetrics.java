package dev.cpg.boot.autoconfigure.metrics;

import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgReason;
import dev.cpg.spring.CpgObserver.Outcome;
import dev.cpg.spring.message.CpgMessageMapper.Problem;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;

/**
 * Meters of the activity of one group. All of them exist from the start, so that what has
 * not happened yet is zero and not missing.
 */
final class CpgActivityMetrics {

	private final OwnMeters meters;

	private final Map<Outcome, Counter> sent;

	private final Timer send;

	private final Counter delivered;

	private final DistributionSummary size;

	private final Map<Problem, Counter> unconverted;

	private final Map<CpgReason, Counter> changes;

	private final Counter reconnects;

	CpgActivityMetrics(MeterRegistry registry, String group) {
		this.meters = new OwnMeters(registry);
		Tags tags = Tags.of("group", group);
		this.sent = counters(Outcome.class,
				(outcome) -> this.meters.add(Counter.builder("cpg.messages.sent")
					.description("Messages sent, by what became of them")
					.tags(tags)
					.tag("outcome", lowerCase(outcome))
					.register(registry)));
		this.send = this.meters.add(Timer.builder("cpg.send")
			.description("Time from the call that sends a message to its delivery to this member")
			.tags(tags)
			.register(registry));
		this.delivered = this.meters.add(Counter.builder("cpg.messages.delivered")
			.description("Messages delivered to this member, own ones included")
			.tags(tags)
			.register(registry));
		this.size = this.meters.add(DistributionSummary.builder("cpg.messages.size")
			.description("Size of the messages delivered to this member")
			.baseUnit("bytes")
			.tags(tags)
			.register(registry));
		this.unconverted = counters(Problem.class,
				(problem) -> this.meters.add(Counter.builder("cpg.messages.unconverted")
					.description("Messages skipped, or delivered as bytes, instead of as what they were sent as")
					.tags(tags)
					.tag("reason", lowerCase(problem))
					.register(registry)));
		this.changes = counters(CpgReason.class,
				(reason) -> this.meters.add(Counter.builder("cpg.configuration.changes")
					.description("Changes of the group's members; one with several reasons counts for each")
					.baseUnit("changes")
					.tags(tags)
					.tag("reason", lowerCase(reason))
					.register(registry)));
		this.reconnects = this.meters.add(Counter.builder("cpg.reconnects")
			.description("Times this service was a member again after its connection was lost")
			.baseUnit("reconnects")
			.tags(tags)
			.register(registry));
	}

	private static <E extends Enum<E>> Map<E, Counter> counters(Class<E> type, Function<E, Counter> counter) {
		Map<E, Counter> counters = new EnumMap<>(type);
		EnumSet.allOf(type).forEach((constant) -> counters.put(constant, counter.apply(constant)));
		return counters;
	}

	private static String lowerCase(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT);
	}

	void sent(Outcome outcome, Duration took) {
		increment(this.sent, outcome);
		if (outcome == Outcome.DELIVERED) {
			this.send.record(took);
		}
	}

	void delivered(CpgMessage message) {
		this.delivered.increment();
		this.size.record(message.length());
	}

	void unconverted(Problem problem) {
		increment(this.unconverted, problem);
	}

	void configurationChanged(CpgConfigurationChange change) {
		Set<CpgReason> reasons = EnumSet.noneOf(CpgReason.class);
		change.joined().forEach((member) -> reasons.add(member.reason()));
		change.left().forEach((member) -> reasons.add(member.reason()));
		reasons.forEach((reason) -> increment(this.changes, reason));
	}

	void reconnected() {
		this.reconnects.increment();
	}

	void remove() {
		this.meters.remove();
	}

	private static <E extends Enum<E>> void increment(Map<E, Counter> counters, E key) {
		Counter counter = counters.get(key);
		if (counter != null) {
			counter.increment();
		}
	}

}
