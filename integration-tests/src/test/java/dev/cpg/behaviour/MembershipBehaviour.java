package dev.cpg.behaviour;

import java.util.List;
import java.util.Map;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgNames;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.client.RingId;
import dev.cpg.test.TestCluster;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

/**
 * Joins, leaves and ends of processes, while all nodes stay in one ring.
 */
abstract class MembershipBehaviour extends Behaviour {

	MembershipBehaviour(TestCluster cluster) {
		super(cluster);
	}

	@Test
	void aMemberSeesItsJoinAndThenTheRing() {
		Member member = join(1);
		member.awaitStory("+ 1/11 JOIN: 1/11", "ring 1 2 3");
		CpgConfigurationChange join = member.changes().get(0);
		assertThat(join.view().ring()).isEqualTo(member.ring().ring()).isNotEqualTo(RingId.NONE);
		assertThat(member.connection().view()).isEqualTo(join.view()).isEqualTo(member.ring().view());
	}

	@Test
	void whenJoinReturnsTheMemberIsInItsView() {
		Member member = connect(2);
		assertThat(member.connection().view()).isEqualTo(CpgView.NONE);
		member.join(this.group);
		assertThat(member.connection().view().members()).containsExactly(new CpgAddress(2, 21));
		assertThat(member.connection().localNodeId()).isEqualTo(2);
	}

	@Test
	void allMembersSeeJoinsAndLeavesInOneOrderWithTheSameViews() {
		Member one = join(1);
		Member two = join(2);
		two.awaitStory("+ 2/21 JOIN: 1/11 2/21", "ring 1 2 3");
		Member three = join(3);
		three.leave();
		two.awaitStory("+ 2/21 JOIN: 1/11 2/21", "ring 1 2 3", "+ 3/31 JOIN: 1/11 2/21 3/31",
				"- 3/31 LEAVE: 1/11 2/21");
		one.awaitStory("+ 1/11 JOIN: 1/11", "ring 1 2 3", "+ 2/21 JOIN: 1/11 2/21", "+ 3/31 JOIN: 1/11 2/21 3/31",
				"- 3/31 LEAVE: 1/11 2/21");
		assertThat(one.connection().view()).isEqualTo(two.connection().view());
	}

	@Test
	void aMemberThatLeavesSeesItsLeaveLast() {
		Member one = join(1);
		Member two = join(2);
		one.awaitMembers(one, two);
		one.leave();
		assertThat(one.connection().view()).isEqualTo(CpgView.NONE);
		one.awaitStory("+ 1/11 JOIN: 1/11", "ring 1 2 3", "+ 2/21 JOIN: 1/11 2/21", "- 1/11 LEAVE: 2/21");
	}

	@Test
	void aProcessThatEndsWithoutALeaveIsProcdown() {
		Member one = join(1);
		Member two = join(2);
		Member onTheSameNode = join(1, 12);
		one.awaitMembers(one, two, onTheSameNode);
		one.forget();
		two.close();
		one.awaitStory("- 2/21 PROCDOWN: 1/11 1/12");
		onTheSameNode.close();
		one.awaitStory("- 2/21 PROCDOWN: 1/11 1/12", "- 1/12 PROCDOWN: 1/11");
	}

	@Test
	void aConnectionThatEndsAfterItsLeaveIsNotReportedAgain() {
		Member one = join(1);
		Member two = join(2);
		one.awaitMembers(one, two);
		one.forget();
		two.leave();
		two.close();
		join(3);
		one.awaitStory("- 2/21 LEAVE: 1/11", "+ 3/31 JOIN: 1/11 3/31");
	}

	@Test
	void membersAreSortedByNodeAndId() {
		join(3, 5);
		join(1, 4_000_000_000L);
		join(1, 7);
		Member last = join(2, 1);
		List<CpgAddress> sorted = List.of(new CpgAddress(1, 7), new CpgAddress(1, 4_000_000_000L), new CpgAddress(2, 1),
				new CpgAddress(3, 5));
		assertThat(last.connection().view().members()).isEqualTo(sorted);
		assertThat(last.connection().membership(this.group)).isEqualTo(sorted);
	}

	@Test
	void aGroupThatWasLeftIsJoinedAgainOnTheSameConnection() throws Exception {
		Member other = join(2);
		Member member = join(1);
		other.awaitMembers(member, other);
		other.forget();
		for (int i = 0; i < 3; i++) {
			member.leave();
			member.join(this.group);
			delivered(member.send("again " + i));
		}
		other.awaitStory("- 1/11 LEAVE: 2/21", "+ 1/11 JOIN: 1/11 2/21", "\"again 0\"", "- 1/11 LEAVE: 2/21",
				"+ 1/11 JOIN: 1/11 2/21", "\"again 1\"", "- 1/11 LEAVE: 2/21", "+ 1/11 JOIN: 1/11 2/21", "\"again 2\"");
		member.leave();
		member.join(newGroup());
		member.awaitMembers(member);
	}

	@Test
	void aMemberMayFollowOneOfTheSameIdThatHasEnded() {
		Member observer = join(2);
		join(1).close();
		join(1);
		observer.awaitStory("+ 2/21 JOIN: 2/21", "ring 1 2 3", "+ 1/11 JOIN: 1/11 2/21", "- 1/11 PROCDOWN: 2/21",
				"+ 1/11 JOIN: 1/11 2/21");
	}

	@Test
	void afterTheLeaveNothingOfTheGroupIsDelivered() throws Exception {
		Member member = join(1);
		Member onTheSameNode = join(1, 12);
		member.awaitMembers(member, onTheSameNode);
		member.leave();
		member.awaitLine("- 1/11 LEAVE: 1/12");
		int before = member.story().size();
		delivered(onTheSameNode.send("after the leave"));
		join(2);
		onTheSameNode.awaitLine("+ 2/21 JOIN: 1/12 2/21");
		assertThat(member.story()).hasSize(before);
		assertThat(member.connection().view()).isEqualTo(CpgView.NONE);
	}

	@Test
	void aNameWithItsTerminatorIsAnotherGroup() throws Exception {
		CpgGroupName terminated = CpgGroupName.ofTerminated(this.group.text());
		Member plain = join(1);
		Member counted = connect(1).join(terminated);
		delivered(plain.send("plain"));
		delivered(counted.send("counted"));
		counted.awaitStory("+ 1/11 JOIN: 1/11", "ring 1 2 3", "\"counted\"");
		plain.awaitStory("+ 1/11 JOIN: 1/11", "ring 1 2 3", "\"plain\"");
	}

	@Test
	void groupsAreListedWithAllMembersWithoutJoiningAny() {
		CpgGroupName other = newGroup();
		CpgGroupName terminated = CpgGroupName.ofTerminated(this.group.text());
		Member first = join(1);
		Member second = join(2);
		Member third = connect(1).join(other);
		Member fourth = connect(3).join(terminated);
		Member outsider = connect(3, 33);
		Member.await("the groups")
			.untilAsserted(() -> assertThat(outsider.connection().groups()).contains(
					entry(this.group, List.of(first.address(), second.address())),
					entry(other, List.of(third.address())), entry(terminated, List.of(fourth.address()))));
		assertThat(outsider.connection().membership(other)).containsExactly(third.address());
		assertThat(outsider.connection().membership(newGroup())).isEmpty();
		assertThat(outsider.connection().view()).isEqualTo(CpgView.NONE);
		assertThat(outsider.story()).isEmpty();
	}

	@Test
	void aMemberIdIsTakenOnceInAGroupOnANodeAndFreeElsewhere() {
		Member first = join(1);
		Member second = connect(1);
		assertError(CsError.EXIST, () -> second.join(this.group));
		assertThat(second.connection().isOpen()).isTrue();
		join(2, 11);
		first.awaitLine("+ 2/11 JOIN: 1/11 2/11");
		second.join(newGroup());
	}

	@Test
	void aNodeHasAtMost128MembersOfAGroup() {
		for (int i = 1; i <= CpgView.MAX_MEMBERS_OF_NODE; i++) {
			join(1, 1000 + i);
		}
		Member another = connect(1);
		assertError(CsError.NO_RESOURCES, () -> another.join(this.group));
		Member elsewhere = join(2);
		assertThat(elsewhere.connection().view().membersOf(1)).isEqualTo(128);
		another.join(newGroup());
	}

	@Test
	void callsThatCannotBeSayWhy() {
		Member member = connect(1);
		assertError(CsError.NOT_EXIST, () -> member.send("x"));
		assertError(CsError.NOT_EXIST, member::leave);
		member.join(this.group);
		assertError(CsError.EXIST, () -> member.join(newGroup()));
		member.close();
		assertError(CsError.BAD_HANDLE, () -> member.join(this.group));
		assertError(CsError.BAD_HANDLE, () -> member.send("x"));
		assertError(CsError.BAD_HANDLE, () -> member.connection().groups());
	}

	@Test
	void anEndIsReportedOnceAndWithoutACause() {
		Member member = join(1);
		member.close();
		member.close();
		member.awaitLine("closed");
		assertThat(member.story()).containsOnlyOnce("closed").endsWith("closed");
		assertThat(member.connection().isOpen()).isFalse();
		assertThat(member.connection().failure()).isNull();
		assertThat(member.connection().view()).isEqualTo(CpgView.NONE);
	}

	@Test
	void theClusterAndItsNodesHaveNames() {
		CpgNames names = this.cluster.node(1).connector().names().join();
		assertThat(names.cluster()).isEqualTo("cpg-test");
		assertThat(names.nodes()).isEqualTo(Map.of(1L, "node1", 2L, "node2", 3L, "node3"));
	}

}
