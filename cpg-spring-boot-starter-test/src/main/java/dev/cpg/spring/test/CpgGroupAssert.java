package dev.cpg.spring.test;

import java.time.Duration;
import java.util.function.BooleanSupplier;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgQuorumState;
import dev.cpg.spring.CpgGroup;
import dev.cpg.spring.CpgGroup.State;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions on the group as a service knows it. Each one waits until it is true.
 */
public final class CpgGroupAssert extends AbstractAssert<CpgGroupAssert, CpgGroup> {

	private final Waiting waiting;

	CpgGroupAssert(CpgGroup actual, Waiting waiting) {
		super(actual, CpgGroupAssert.class);
		this.waiting = waiting;
	}

	/**
	 * Sets how long the assertions that follow wait.
	 * @param limit the longest time; 10 seconds by default
	 * @return an assertion with this limit
	 */
	public CpgGroupAssert within(Duration limit) {
		return new CpgGroupAssert(this.actual, new Waiting(limit));
	}

	/**
	 * The service is a member.
	 * @return this assertion
	 */
	public CpgGroupAssert isJoined() {
		return check("this service to be a member", () -> this.actual.getState() == State.JOINED);
	}

	/**
	 * The service has no connection to the daemon of its node.
	 * @return this assertion
	 */
	public CpgGroupAssert isDisconnected() {
		return check("this service to have no connection", () -> this.actual.getState() == State.DISCONNECTED);
	}

	/**
	 * The group has a number of members, this service included.
	 * @param count how many
	 * @return this assertion
	 */
	public CpgGroupAssert hasMembers(int count) {
		return check(count + " members", () -> this.actual.getView().members().size() == count);
	}

	/**
	 * The group has a member.
	 * @param address its address
	 * @return this assertion
	 */
	public CpgGroupAssert hasMember(CpgAddress address) {
		return check("the member " + address, () -> this.actual.getView().members().contains(address));
	}

	/**
	 * The group does not have a member.
	 * @param address its address
	 * @return this assertion
	 */
	public CpgGroupAssert hasNoMember(CpgAddress address) {
		return check("no member " + address, () -> !this.actual.getView().members().contains(address));
	}

	/**
	 * This is known of the quorum of the group's ring.
	 * @param quorum what is known
	 * @return this assertion
	 */
	public CpgGroupAssert hasQuorum(CpgQuorumState quorum) {
		return check("the quorum " + quorum, () -> this.actual.getQuorum() == quorum);
	}

	private CpgGroupAssert check(String expected, BooleanSupplier condition) {
		isNotNull();
		this.waiting.until(condition,
				() -> "Expected %s of the group %s, which is %s with the view %s. Its changes: %s".formatted(expected,
						this.actual.getName(), this.actual.getState(), this.actual.getView(),
						this.actual.getSnapshot().changes()));
		return this;
	}

}
