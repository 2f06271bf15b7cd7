package dev.cpg.client.corosync;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgMessage;
import dev.cpg.client.CpgReason;
import dev.cpg.client.CsError;
import dev.cpg.client.internal.cpg.protocol.CpgRequests;
import dev.cpg.client.internal.cpg.protocol.FragmentType;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncTest;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Hostile members, as far as a real daemon passes on what they send: fragments with false
 * lengths and types, leaves under the id of another member, and groups whose names differ
 * only by a NUL.
 */
@CorosyncTest(nodes = 2)
@Timeout(180)
class HostileMemberTests {

	private static final int MIB = 1 << 20;

	private static final long RAW_PID = 90_001;

	private static final long BOTH = 90_002;

	private final CpgGroupName group = Member.newGroup();

	private final CorosyncCluster cluster;

	HostileMemberTests(CorosyncCluster cluster) {
		this.cluster = cluster;
	}

	@ParameterizedTest
	@ValueSource(ints = { Integer.MIN_VALUE, -1, Integer.MAX_VALUE, 0 })
	void aFragmentOfAMessageThatCannotBeIsDroppedAndNobodyLosesTheConnection(int wholeLength) throws Exception {
		try (Member member = Member.join(this.cluster.node(1), this.group);
				Member far = Member.join(this.cluster.node(2), this.group);
				RawClient hostile = RawClient.join(this.cluster.node(1), this.group, RAW_PID)) {
			far.awaitChange(hostile.address(), CpgReason.JOIN);
			hostile.fragment(FragmentType.FIRST, wholeLength, new byte[1]);
			assertMessagesArrive(member, far);
			assertThat(member.connection().statistics().droppedMessages()).isOne();
			assertThat(far.connection().statistics().droppedMessages()).isOne();
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 4, -1, Integer.MIN_VALUE })
	void aFragmentOfAnUnknownTypeIsDroppedAndNobodyLosesTheConnection(int type) throws Exception {
		try (Member member = Member.join(this.cluster.node(1), this.group);
				Member far = Member.join(this.cluster.node(2), this.group);
				RawClient hostile = RawClient.join(this.cluster.node(1), this.group, RAW_PID)) {
			far.awaitChange(hostile.address(), CpgReason.JOIN);
			hostile.fragment(FragmentType.FIRST, 2, new byte[1]);
			hostile.fragment(type, 2, new byte[1]);
			assertMessagesArrive(member, far);
			assertThat(far.connection().statistics().droppedMessages()).isOne();
		}
	}

	@Test
	void unfinishedMessagesOfManyMembersDoNotPreventALargeMessage() throws Exception {
		List<RawClient> hostile = new ArrayList<>();
		try (Member member = Member.join(this.cluster.node(1), this.group);
				Member far = Member.connect(this.cluster.node(2),
						(builder) -> builder.maxMessageSize(4 * MIB).reassemblyCapacity(8 * MIB))) {
			far.connection().join(this.group, Member.LIMIT);
			for (int i = 0; i < 130; i++) {
				RawClient client = RawClient.join(this.cluster.node(1 + i % 2), this.group, RAW_PID + i);
				hostile.add(client);
				far.awaitChange(client.address(), CpgReason.JOIN);
				client.fragment(FragmentType.FIRST, 4 * MIB, new byte[(i < 20) ? MIB / 2 : 1]);
			}
			assertMessagesArrive(member, far);
			assertThat(far.connection().statistics().reassemblyBytes()).isBetween(1L * MIB, 8L * MIB);
			assertThat(far.connection().statistics().droppedMessages()).as("the oldest of those without end")
				.isBetween(10L, 20L);
		}
		finally {
			hostile.forEach(RawClient::close);
		}
	}

	@Test
	void aLeaveThatAnotherClientMakesUnderThisMembersIdIsExplained() throws Exception {
		try (Member member = Member.join(this.cluster.node(1), this.group);
				Member far = Member.join(this.cluster.node(2), this.group);
				RawClient hostile = RawClient.join(this.cluster.node(1), Member.newGroup(), RAW_PID)) {
			far.awaitMembers(member, far);
			hostile.ask(CpgRequests.leave(this.group, member.address().pid()));
			CorosyncException cause = Objects.requireNonNull(member.awaitClosed());
			assertThat(cause.error()).isEqualTo(CsError.NOT_EXIST);
			assertThat(cause).hasMessageContaining("another program of this node left the group")
				.hasMessageContaining("'" + this.group + "'");
			far.awaitChange(member.address(), CpgReason.LEAVE);
			// The daemon ends the membership of that connection a second time.
			try (Member again = Member.connect(this.cluster.node(1),
					(builder) -> builder.memberId(member.address().pid()))) {
				again.connection().join(this.group, Member.LIMIT);
				far.awaitMembers(again, far);
				again.send("back").get(20, TimeUnit.SECONDS);
			}
			assertThat(far.changes().stream().flatMap((change) -> change.left().stream()))
				.filteredOn((left) -> left.reason() == CpgReason.LEAVE)
				.hasSize(1);
			assertOnlyMembersLeave(far);
		}
	}

	@Test
	void groupsThatDifferByANulLoseOnlyTheirOwnMembers() {
		CpgGroupName terminated = CpgGroupName.ofTerminated(this.group.text());
		try (Member plain = Member.join(this.cluster.node(1), this.group);
				Member counted = Member.join(this.cluster.node(1), terminated);
				Member plainAway = Member.join(this.cluster.node(2), this.group);
				Member countedAway = Member.join(this.cluster.node(2), terminated)) {
			plain.awaitMembers(plain, plainAway);
			counted.awaitMembers(counted, countedAway);
			this.cluster.node(2).kill();
			plain.awaitMembers(plain);
			counted.awaitMembers(counted);
			counted.awaitChange(countedAway.address(), CpgReason.NODEDOWN);
			plain.awaitChange(plainAway.address(), CpgReason.NODEDOWN);
			assertOnlyMembersLeave(plain);
			assertOnlyMembersLeave(counted);
		}
	}

	@Test
	void aMemberOfBothGroupsThatDifferByANulComesBackOnceInEach() {
		CpgGroupName terminated = CpgGroupName.ofTerminated(this.group.text());
		try (Member plain = Member.join(this.cluster.node(1), this.group);
				Member counted = Member.join(this.cluster.node(1), terminated);
				Member plainAway = Member.connect(this.cluster.node(2), (builder) -> builder.memberId(BOTH));
				Member countedAway = Member.connect(this.cluster.node(2), (builder) -> builder.memberId(BOTH))) {
			plainAway.connection().join(this.group, Member.LIMIT);
			countedAway.connection().join(terminated, Member.LIMIT);
			plain.awaitMembers(plain, plainAway);
			counted.awaitMembers(counted, countedAway);
			this.cluster.node(2).cut();
			plain.awaitMembers(plain);
			counted.awaitMembers(counted);
			this.cluster.node(2).heal();
			plain.awaitMembers(plain, plainAway);
			counted.awaitMembers(counted, countedAway);
			plainAway.awaitMembers(plain, plainAway);
			countedAway.awaitMembers(counted, countedAway);
			for (Member member : List.of(plain, counted)) {
				assertThat(member.changes()).flatExtracting(CpgConfigurationChange::joined)
					.filteredOn((joined) -> joined.reason() == CpgReason.NODEUP)
					.extracting(CpgMember::address)
					.containsExactly(plainAway.address());
			}
		}
	}

	private static void assertMessagesArrive(Member sender, Member receiver) throws Exception {
		byte[] large = new byte[3 * MIB];
		large[0] = 7;
		sender.connection().multicast(large).get(20, TimeUnit.SECONDS);
		sender.send("next").get(20, TimeUnit.SECONDS);
		for (Member member : List.of(sender, receiver)) {
			Awaitility.await().atMost(Member.LIMIT).until(() -> member.events(CpgMessage.class).size() == 2);
			assertThat(member.events(CpgMessage.class).get(0).payload()).isEqualTo(large);
			assertThat(member.connection().isOpen()).isTrue();
		}
	}

	/** Only members of the previous view leave. */
	private static void assertOnlyMembersLeave(Member member) {
		List<CpgConfigurationChange> changes = member.changes();
		for (int i = 1; i < changes.size(); i++) {
			assertThat(changes.get(i - 1).view().members())
				.containsAll(changes.get(i).left().stream().map(CpgMember::address).toList());
		}
	}

}
