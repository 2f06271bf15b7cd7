package dev.cpg.spring.test;

import dev.cpg.spring.CpgGroup;
import dev.cpg.test.TestMember;

/**
 * AssertJ's assertions for groups, members and events. Each of them waits until it is
 * true, for 10 seconds unless {@code within} sets another limit: what a cluster does, it
 * does after the call that causes it.
 */
public final class CpgAssertions {

	private CpgAssertions() {
	}

	/**
	 * Begins an assertion on the group as the service knows it.
	 * @param group the group
	 * @return the assertion
	 */
	public static CpgGroupAssert assertThat(CpgGroup group) {
		return new CpgGroupAssert(group, Waiting.DEFAULT);
	}

	/**
	 * Begins an assertion on what a test's member has seen.
	 * @param member the member
	 * @return the assertion
	 */
	public static TestMemberAssert assertThat(TestMember member) {
		return new TestMemberAssert(member, Waiting.DEFAULT, null);
	}

	/**
	 * Begins an assertion on the events that were published.
	 * @param events the record of events
	 * @return the assertion
	 */
	public static CpgEventsAssert assertThat(CpgEvents events) {
		return new CpgEventsAssert(events, Waiting.DEFAULT);
	}

}
