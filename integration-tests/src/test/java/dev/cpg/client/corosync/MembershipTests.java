package dev.cpg.client.corosync;

import java.time.Duration;
import java.util.List;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgReason;
import dev.cpg.client.CpgTotemConfiguration;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.client.RingId;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncTest;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Who is in the group, and which changes each member sees, on three nodes.
 */
@CorosyncTest(nodes = 3)
@Timeout(120)
class MembershipTests {

	private final CpgGroupName group = Member.newGroup();

	private final CorosyncCluster cluster;

	MembershipTests(CorosyncCluster cluster) {
		this.cluster = cluster;
	}

	@Test
	void aMemberSeesItsJoinAndTheRingBeforeAnythingElse() {
		try (Member member = Member.join(this.cluster.node(1), this.group)) {
			Awaitility.await().atMost(Member.LIMIT).until(() -> member.events().size() >= 2);
			CpgConfigurationChange join = (CpgConfigurationChange) member.events().get(0);
			CpgTotemConfiguration ring = (CpgTotemConfiguration) member.events().get(1);
			assertThat(join.joined()).containsExactly(new CpgMember(member.address(), CpgReason.JOIN));
			assertThat(join.left()).isEmpty();
			assertThat(join.view().members()).containsExactly(member.address());
			assertThat(ring.nodeIds()).containsExactly(1L, 2L, 3L);
			assertThat(join.view().ring()).isEqualTo(ring.ring()).isNotEqualTo(RingId.NONE);
			assertThat(member.connection().view()).isEqualTo(ring.view());
		}
	}

	@Test
	void whenJoinReturnsTheMemberIsInItsOwnView() {
		try (Member member = Member.connect(this.cluster.node(2))) {
			assertThat(member.connection().view()).isEqualTo(CpgView.NONE);
			member.connection().join(this.group, Member.LIMIT);
			assertThat(member.connection().view().members()).containsExactly(member.address());
			assertThat(member.connection().localNodeId()).isEqualTo(2);
		}
	}

	@Test
	void aLeaveIsReportedAsLeaveAndAProcessThatEndsWithoutOneAsProcdown() {
		try (Member watcher = Member.join(this.cluster.node(1), this.group)) {
			Member leaving = Member.join(this.cluster.node(2), this.group);
			Member ending = Member.join(this.cluster.node(3), this.group);
			watcher.awaitMembers(watcher, leaving, ending);
			leaving.connection().leave(Member.LIMIT);
			assertThat(leaving.connection().view()).isEqualTo(CpgView.NONE);
			leaving.close();
			ending.close();
			watcher.awaitChange(leaving.address(), CpgReason.LEAVE);
			watcher.awaitChange(ending.address(), CpgReason.PROCDOWN);
			watcher.awaitMembers(watcher);
			assertThat(watcher.changes())
				.noneMatch((change) -> change.left().contains(new CpgMember(leaving.address(), CpgReason.PROCDOWN)));
		}
	}

	@Test
	void aMemberOnANodeThatDiesIsNodedownOnTheNewRing() {
		try (Member watcher = Member.join(this.cluster.node(1), this.group);
				Member lost = Member.join(this.cluster.node(3), this.group)) {
			watcher.awaitMembers(watcher, lost);
			RingId before = watcher.connection().view().ring();
			this.cluster.node(3).kill();
			CpgConfigurationChange change = watcher.awaitChange(lost.address(), CpgReason.NODEDOWN);
			assertThat(change.view().members()).containsExactly(watcher.address());
			assertThat(change.view().ring()).isNotEqualTo(before);
			Awaitility.await()
				.atMost(Member.LIMIT)
				.untilAsserted(() -> assertThat(watcher.events(CpgTotemConfiguration.class)).anySatisfy((ring) -> {
					assertThat(ring.ring()).isEqualTo(change.view().ring());
					assertThat(ring.nodeIds()).containsExactly(1L, 2L);
				}));
		}
	}

	@Test
	void aNodeThatComesBackFromAPartitionIsReportedAsNodeup() {
		try (Member majority = Member.join(this.cluster.node(1), this.group);
				Member cutOff = Member.join(this.cluster.node(3), this.group)) {
			majority.awaitMembers(majority, cutOff);
			this.cluster.node(3).cut();
			majority.awaitChange(cutOff.address(), CpgReason.NODEDOWN);
			cutOff.awaitChange(majority.address(), CpgReason.NODEDOWN);
			this.cluster.node(3).heal();
			majority.awaitChange(cutOff.address(), CpgReason.NODEUP);
			cutOff.awaitChange(majority.address(), CpgReason.NODEUP);
			majority.awaitMembers(majority, cutOff);
			cutOff.awaitMembers(majority, cutOff);
			assertThat(majority.connection().view()).isEqualTo(cutOff.connection().view());
		}
	}

	@Test
	void anyGroupCanBeAskedForItsMembers() {
		try (Member member = Member.join(this.cluster.node(1), this.group);
				Member outsider = Member.connect(this.cluster.node(2))) {
			Awaitility.await()
				.atMost(Member.LIMIT)
				.untilAsserted(() -> assertThat(outsider.connection().membership(this.group))
					.containsExactly(member.address()));
			assertThat(outsider.connection().membership(Member.newGroup())).isEmpty();
		}
	}

	@Test
	void aNameWithItsTerminatorIsAnotherGroup() {
		CpgGroupName terminated = CpgGroupName.ofTerminated(this.group.text());
		try (Member plain = Member.join(this.cluster.node(1), this.group);
				Member counted = Member.join(this.cluster.node(1), terminated)) {
			assertThat(plain.connection().membership(this.group)).containsExactly(plain.address());
			assertThat(plain.connection().membership(terminated)).containsExactly(counted.address());
		}
	}

	@Test
	void theSameMemberIdTwiceOnOneNodeIsRefusedWithTheSettingToChange() {
		try (Member first = Member.join(this.cluster.node(1), this.group);
				Member second = Member.connect(this.cluster.node(1),
						(builder) -> builder.memberId(first.address().pid()))) {
			assertThatExceptionOfType(CorosyncException.class)
				.isThrownBy(() -> second.connection().join(this.group, Member.LIMIT))
				.satisfies((ex) -> assertThat(ex.error()).isEqualTo(CsError.EXIST))
				.withMessageContaining("(memberId)")
				.withMessageContaining("CS_ERR_EXIST");
			assertThat(second.connection().isOpen()).isTrue();
			try (Member otherNode = Member.connect(this.cluster.node(2),
					(builder) -> builder.memberId(first.address().pid()))) {
				otherNode.connection().join(this.group, Member.LIMIT);
				first.awaitMembers(first, otherNode);
			}
		}
	}

	@Test
	void whereTheProcessIdIsTakenAnotherNumberIsFound() {
		try (Member first = Member.joinUnderChosenId(this.cluster.node(1), this.group);
				Member second = Member.joinUnderChosenId(this.cluster.node(1), this.group);
				Member third = Member.joinUnderChosenId(this.cluster.node(1), this.group);
				Member otherGroup = Member.joinUnderChosenId(this.cluster.node(1), Member.newGroup());
				Member otherNode = Member.joinUnderChosenId(this.cluster.node(2), this.group)) {
			long pid = ProcessHandle.current().pid();
			first.awaitMembers(first, second, third, otherNode);
			assertThat(first.address().pid()).isEqualTo(pid);
			assertThat(List.of(second.address().pid(), third.address().pid())).containsExactly(pid + 4_194_304,
					pid + 2 * 4_194_304);
			assertThat(otherGroup.address().pid()).isEqualTo(pid);
			assertThat(otherNode.address().pid()).isEqualTo(pid);
			assertThat(second.send("hello").join().members()).contains(second.address());
			Awaitility.await().atMost(Member.LIMIT).until(() -> !second.messages().isEmpty());
			assertThat(second.events(CpgMessage.class).get(0).local()).isTrue();
			// Corosync keeps its id for as long as the connection is open.
			second.connection().leave(Member.LIMIT);
			try (Member fourth = Member.joinUnderChosenId(this.cluster.node(1), this.group)) {
				assertThat(fourth.address().pid()).isEqualTo(pid + 3 * 4_194_304);
			}
		}
	}

	@Test
	void aGroupThatWasLeftCanBeJoinedAgainAtOnceUnderTheSameMemberId() {
		long memberId;
		try (Member first = Member.join(this.cluster.node(1), this.group)) {
			memberId = first.address().pid();
			first.connection().leave(Member.LIMIT);
		}
		for (int i = 0; i < 5; i++) {
			try (Member again = Member.connect(this.cluster.node(1), (builder) -> builder.memberId(memberId))) {
				again.connection().join(this.group, Member.LIMIT);
				assertThat(again.connection().view().members()).containsExactly(again.address());
			}
		}
	}

	@Test
	void afterTheLeaveNothingOfTheGroupIsDelivered() {
		try (Member member = Member.join(this.cluster.node(1), this.group);
				Member other = Member.join(this.cluster.node(2), this.group)) {
			member.awaitMembers(member, other);
			member.connection().leave(Member.LIMIT);
			member.awaitChange(member.address(), CpgReason.LEAVE);
			int before = member.events().size();
			try (Member third = Member.join(this.cluster.node(1), this.group)) {
				third.send("after the leave").join();
				other.awaitMembers(third, other);
				other.send("another").join();
				// The events of one daemon come in one order: what the third one received
				// is past.
				Awaitility.await().atMost(Member.LIMIT).until(() -> third.messages().size() == 2);
			}
			assertThat(member.events()).hasSize(before);
			assertThat(member.connection().view()).isEqualTo(CpgView.NONE);
		}
	}

	@Test
	void aConnectionThatHasNotJoinedHasNoViewWhateverHappensToTheRing() {
		try (Member watcher = Member.join(this.cluster.node(1), this.group);
				Member outsider = Member.connect(this.cluster.node(1))) {
			RingId before = watcher.connection().view().ring();
			this.cluster.node(3).kill();
			Awaitility.await().atMost(Member.LIMIT).until(() -> !watcher.connection().view().ring().equals(before));
			assertThat(outsider.connection().membership(this.group)).containsExactly(watcher.address());
			assertThat(outsider.connection().view()).isEqualTo(CpgView.NONE);
			assertThat(outsider.events()).isEmpty();
			outsider.connection().join(this.group, Member.LIMIT);
			assertThat(outsider.connection().view().ring()).isEqualTo(watcher.connection().view().ring());
			Awaitility.await()
				.atMost(Member.LIMIT)
				.until(() -> outsider.events(CpgTotemConfiguration.class).size() == 1);
		}
	}

	@Test
	void leavingWhatWasNotJoinedIsAnError() {
		try (Member member = Member.connect(this.cluster.node(1))) {
			assertThatExceptionOfType(CorosyncException.class)
				.isThrownBy(() -> member.connection().leave(Duration.ofSeconds(1)))
				.satisfies((ex) -> assertThat(ex.error()).isEqualTo(CsError.NOT_EXIST));
		}
	}

	@Test
	void closeIsReportedOnceAndWithoutACause() throws Exception {
		Member member = Member.join(this.cluster.node(1), this.group);
		member.close();
		member.close();
		assertThat(member.awaitClosed()).isNull();
		assertThat(member.connection().isOpen()).isFalse();
		assertThat(member.connection().view()).isEqualTo(CpgView.NONE);
		assertThatExceptionOfType(CorosyncException.class).isThrownBy(() -> member.connection().membership(this.group))
			.satisfies((ex) -> assertThat(ex.error()).isEqualTo(CsError.BAD_HANDLE));
		assertThatExceptionOfType(CorosyncException.class).isThrownBy(() -> member.send("x"))
			.satisfies((ex) -> assertThat(ex.error()).isEqualTo(CsError.BAD_HANDLE));
	}

	@Test
	void aConnectionClosesItselfFromItsListener() throws Exception {
		Member[] holder = new Member[1];
		try (Member other = Member.join(this.cluster.node(2), this.group)) {
			holder[0] = Member.connect(this.cluster.node(1));
			holder[0].connection().join(this.group, Member.LIMIT);
			other.awaitMembers(holder[0], other);
			holder[0].onMessage = () -> holder[0].close();
			other.send("close");
			assertThat(holder[0].awaitClosed()).isNull();
			other.awaitChange(holder[0].address(), CpgReason.PROCDOWN);
		}
	}

	@Test
	void aListenerThatThrowsStillGetsTheNextEvent() {
		try (Member member = Member.join(this.cluster.node(1), this.group)) {
			member.onMessage = () -> {
				throw new IllegalStateException("thrown by the test");
			};
			member.send("first").join();
			member.send("second").join();
			Awaitility.await().atMost(Member.LIMIT).until(member::messages, List.of("first", "second")::equals);
		}
	}

}
