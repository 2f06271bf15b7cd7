package dev.cpg.client.corosync;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.test.CorosyncCluster;
import dev.cpg.test.CorosyncNode;
import dev.cpg.test.CorosyncTest;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * A node has no more members of a group than the other nodes can lose at once: 128. With
 * 129, each corosync that sees them leave with their node writes beyond the end of its
 * list. The daemons are killed together afterwards.
 */
@CorosyncTest(nodes = 2)
@Timeout(120)
class NodeLimitTests {

	private final CpgGroupName group = Member.newGroup();

	private final CorosyncNode node;

	private final CorosyncCluster cluster;

	private RawMembers others;

	NodeLimitTests(CorosyncCluster cluster) {
		this.cluster = cluster;
		this.node = cluster.node(1);
		this.others = new RawMembers(this.node, this.group);
	}

	@BeforeEach
	void fillTheNode() {
		this.others.join(CpgView.MAX_MEMBERS_OF_NODE - 1, 1_000_000);
	}

	@AfterEach
	void killTheDaemons() {
		this.cluster.nodes().forEach(CorosyncNode::kill);
		this.others.close();
	}

	@Test
	void theLastPlaceIsTakenAndNobodyComesAfter() {
		try (Member last = Member.join(this.node, this.group);
				Member tooMany = Member.connect(this.node);
				Member elsewhere = Member.join(this.cluster.node(2), this.group)) {
			// The other node's daemon has the join of its own member first.
			Awaitility.await()
				.atMost(Member.LIMIT)
				.until(() -> last.connection().membership(this.group).size(), Integer.valueOf(129)::equals);
			assertThat(last.connection().view().membersOf(1)).isEqualTo(128);
			CorosyncException ex = catchThrowableOfType(CorosyncException.class,
					() -> tooMany.connection().join(this.group, Member.LIMIT));
			assertThat(ex.error()).isEqualTo(CsError.NO_RESOURCES);
			assertThat(ex).hasMessageContaining("128 members of the group " + this.group);
			assertThat(tooMany.connection().isOpen()).isTrue();
			this.others.endLast();
			Awaitility.await()
				.atMost(Member.LIMIT)
				.until(() -> elsewhere.connection().view().membersOf(1), Integer.valueOf(127)::equals);
			tooMany.connection().join(this.group, Member.LIMIT);
			assertThat(tooMany.connection().view().membersOf(1)).isEqualTo(128);
			assertThat(elsewhere.changes()).allMatch((change) -> change.view().membersOf(1) <= 128);
		}
	}

	@Test
	void ofSeveralThatTakeTheLastPlaceAtOnceOneStays() {
		ExecutorService threads = Executors.newCachedThreadPool();
		List<Member> members = Stream.generate(() -> Member.connect(this.node)).limit(5).toList();
		try {
			List<CompletableFuture<String>> joins = members.stream()
				.map((member) -> CompletableFuture.supplyAsync(() -> join(member), threads))
				.toList();
			assertThat(joins.stream().map(CompletableFuture::join)).containsOnlyOnce("joined")
				.containsOnly("joined", "CS_ERR_NO_RESOURCES");
			Member winner = members.stream().filter((member) -> !member.changes().isEmpty()).reduce((one, two) -> {
				throw new AssertionError("Two are notified of a join");
			}).orElseThrow();
			Awaitility.await()
				.atMost(Member.LIMIT)
				.until(() -> winner.connection().view().membersOf(1), Integer.valueOf(128)::equals);
			assertThat(winner.connection().membership(this.group)).hasSize(128);
		}
		finally {
			threads.shutdown();
			members.forEach(Member::close);
		}
	}

	private String join(Member member) {
		try {
			member.connection().join(this.group, Member.LIMIT);
			return "joined";
		}
		catch (CorosyncException ex) {
			return ex.error().toString();
		}
	}

}
