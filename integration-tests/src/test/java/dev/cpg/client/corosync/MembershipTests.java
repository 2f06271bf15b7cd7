package dev.cpg.client.corosync;

import java.util.List;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CsError;
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

}
