package dev.cpg.test;

import java.util.ArrayList;
import java.util.List;

import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgGroupName;

/**
 * The members that a test has made in one cluster.
 */
final class TestMembers {

	private final List<TestMember> members = new ArrayList<>();

	TestMember join(CpgConnector connector, String group) {
		TestMember member = new TestMember(connector, CpgGroupName.of(group));
		synchronized (this.members) {
			this.members.add(member);
		}
		return member;
	}

	/** Returns the members that the next call of {@link #endAll()} ends. */
	List<TestMember> all() {
		synchronized (this.members) {
			return List.copyOf(this.members);
		}
	}

	void endAll() {
		synchronized (this.members) {
			this.members.forEach(TestMember::kill);
			this.members.clear();
		}
	}

}
