package dev.cpg.spring.test;

import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgReason;
import dev.cpg.spring.event.CpgConfigurationChangeEvent;
import dev.cpg.spring.event.CpgEvent;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions on the events that were published since the test began. Each one waits until
 * it is true.
 */
public final class CpgEventsAssert extends AbstractAssert<CpgEventsAssert, CpgEvents> {

	private final Waiting waiting;

	CpgEventsAssert(CpgEvents actual, Waiting waiting) {
		super(actual, CpgEventsAssert.class);
		this.waiting = waiting;
	}

	/**
	 * Sets how long the assertions that follow wait.
	 * @param limit the longest time; 10 seconds by default
	 * @return an assertion with this limit
	 */
	public CpgEventsAssert within(Duration limit) {
		return new CpgEventsAssert(this.actual, new Waiting(limit));
	}

	/**
	 * Events of these types were published in this order. Others may have been published
	 * before, between and after them.
	 * @param types the types, those of events or their superclasses
	 * @return this assertion
	 */
	public CpgEventsAssert haveInOrder(Class<?>... types) {
		List<Class<?>> expected = Arrays.asList(types);
		return check("events of the types " + expected + " in this order", () -> {
			Iterator<CpgEvent> seen = this.actual.all().iterator();
			return expected.stream().allMatch((type) -> skipTo(type, seen));
		});
	}

	private static boolean skipTo(Class<?> type, Iterator<CpgEvent> seen) {
		while (seen.hasNext()) {
			if (type.isInstance(seen.next())) {
				return true;
			}
		}
		return false;
	}

	/**
	 * An event of a type was published that meets a condition.
	 * @param type the type
	 * @param condition the condition
	 * @param <T> the type
	 * @return this assertion
	 */
	public <T extends CpgEvent> CpgEventsAssert have(Class<T> type, Predicate<? super T> condition) {
		return check("a %s that meets the condition".formatted(type.getSimpleName()),
				() -> this.actual.of(type).stream().anyMatch(condition));
	}

	/**
	 * It was published that a member left or died.
	 * @param address who
	 * @param reason why
	 * @return this assertion
	 */
	public CpgEventsAssert haveLeave(CpgAddress address, CpgReason reason) {
		CpgMember member = new CpgMember(address, reason);
		return check("a change in which %s has left".formatted(member),
				() -> this.actual.of(CpgConfigurationChangeEvent.class)
					.stream()
					.anyMatch((event) -> event.getLeft().contains(member)));
	}

	/**
	 * A message with this payload was delivered.
	 * @param payload the payload
	 * @return this assertion
	 */
	public CpgEventsAssert havePayload(Object payload) {
		return check("the payload " + payload, () -> this.actual.payloads(Object.class).contains(payload));
	}

	private CpgEventsAssert check(String expected, BooleanSupplier condition) {
		isNotNull();
		this.waiting.until(condition, () -> "Expected %s. The events are %s".formatted(expected, this.actual.all()));
		return this;
	}

}
