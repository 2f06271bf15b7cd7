package dev.cpg.spring.test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.BooleanSupplier;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgReason;
import dev.cpg.spring.message.CpgMessageMapper;
import dev.cpg.test.TestMember;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/**
 * Assertions on what a test's member has seen. Each one waits until it is true.
 */
public final class TestMemberAssert extends AbstractAssert<TestMemberAssert, TestMember> {

	private final Waiting waiting;

	private final @Nullable CpgMessageMapper mapper;

	TestMemberAssert(TestMember actual, Waiting waiting, @Nullable CpgMessageMapper mapper) {
		super(actual, TestMemberAssert.class);
		this.waiting = waiting;
		this.mapper = mapper;
	}

	/**
	 * Sets how long the assertions that follow wait.
	 * @param limit the longest time; 10 seconds by default
	 * @return an assertion with this limit
	 */
	public TestMemberAssert within(Duration limit) {
		return new TestMemberAssert(this.actual, new Waiting(limit), this.mapper);
	}

	/**
	 * Has the assertions that follow read typed messages.
	 * @param mapper reads them, such as the bean of the service
	 * @return an assertion that compares objects
	 */
	public TestMemberAssert readBy(CpgMessageMapper mapper) {
		return new TestMemberAssert(this.actual, this.waiting, mapper);
	}

	/**
	 * The group has a number of members, as this member sees it.
	 * @param count how many
	 * @return this assertion
	 */
	public TestMemberAssert hasMembers(int count) {
		return check(count + " members", () -> this.actual.view().members().size() == count);
	}

	/**
	 * The member has received messages in this order. It may have received others before,
	 * between and after them.
	 * @param messages texts, or, {@linkplain #readBy(CpgMessageMapper) read by a mapper},
	 * objects
	 * @return this assertion
	 */
	public TestMemberAssert receivedInOrder(Object... messages) {
		List<Object> expected = Arrays.asList(messages);
		return check("the messages " + expected + " in this order", () -> {
			Iterator<Object> seen = read().iterator();
			return expected.stream().allMatch((message) -> skipTo(message, seen));
		});
	}

	private static boolean skipTo(Object message, Iterator<Object> seen) {
		while (seen.hasNext()) {
			if (seen.next().equals(message)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * The member was notified that another one left or died.
	 * @param address who
	 * @param reason why
	 * @return this assertion
	 */
	public TestMemberAssert hasSeenLeave(CpgAddress address, CpgReason reason) {
		CpgMember member = new CpgMember(address, reason);
		return check("that it was notified of the end of " + member,
				() -> this.actual.changes().stream().anyMatch((change) -> change.left().contains(member)));
	}

	/**
	 * The member was notified that another one joined, or came back.
	 * @param address who
	 * @param reason why
	 * @return this assertion
	 */
	public TestMemberAssert hasSeenJoin(CpgAddress address, CpgReason reason) {
		CpgMember member = new CpgMember(address, reason);
		return check("that it was notified of the join of " + member,
				() -> this.actual.changes().stream().anyMatch((change) -> change.joined().contains(member)));
	}

	private List<Object> read() {
		return this.actual.received().stream().map(this::read).toList();
	}

	private Object read(CpgMessage message) {
		byte[] bytes = message.payload();
		Object payload = (this.mapper != null) ? this.mapper.read(bytes).payload() : bytes;
		return (payload == null || payload instanceof byte[]) ? new String(bytes, StandardCharsets.UTF_8) : payload;
	}

	private TestMemberAssert check(String expected, BooleanSupplier condition) {
		isNotNull();
		this.waiting.until(condition, () -> "Expected %s of %s. It has received %s, its changes are %s, its view is %s"
			.formatted(expected, this.actual, read(), this.actual.changes(), this.actual.view()));
		return this;
	}

}
