package dev.cpg.behaviour;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgSendException;
import dev.cpg.client.CpgSendException.Outcome;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.test.TestCluster;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What the parts of the suite have in common: a cluster of three nodes, a group that no
 * other test uses, and the members of this test.
 */
abstract class Behaviour {

	private static final AtomicInteger GROUPS = new AtomicInteger();

	final CpgGroupName group = newGroup();

	final TestCluster cluster;

	private final List<Member> members = new ArrayList<>();

	Behaviour(TestCluster cluster) {
		this.cluster = cluster;
	}

	@AfterEach
	void closeMembers() {
		this.members.forEach(Member::close);
	}

	static CpgGroupName newGroup() {
		return CpgGroupName.of("behaviour-" + GROUPS.incrementAndGet());
	}

	/** Connects to a node, under the member id 11 on node 1, 21 on node 2. */
	Member connect(int node) {
		return connect(node, 10 * node + 1);
	}

	Member connect(int node, long memberId) {
		return add(new Member(this.cluster.node(node).connector(memberId)));
	}

	/** Closes the member at the end of the test. */
	Member add(Member member) {
		this.members.add(member);
		return member;
	}

	Member join(int node) {
		return connect(node).join(this.group);
	}

	Member join(int node, long memberId) {
		return connect(node, memberId).join(this.group);
	}

	/** Joins on nodes 1, 2 and 3, and waits until each one sees all. */
	List<Member> joinAll() {
		List<Member> all = List.of(join(1), join(2), join(3));
		all.forEach((member) -> member.awaitMembers(all.toArray(Member[]::new)));
		return all;
	}

	static void assertError(CsError error, ThrowingCallable call) {
		assertThatExceptionOfType(CorosyncException.class).isThrownBy(call)
			.extracting(CorosyncException::error)
			.isEqualTo(error);
	}

	static CpgView delivered(CompletableFuture<CpgView> send) throws Exception {
		return send.get(Member.LIMIT.toSeconds(), TimeUnit.SECONDS);
	}

	/** Waits for the outcome of a send, {@code null} if it was delivered. */
	static @Nullable Outcome outcome(CompletableFuture<CpgView> send) throws Exception {
		try {
			delivered(send);
			return null;
		}
		catch (ExecutionException ex) {
			return ((CpgSendException) ex.getCause()).outcome();
		}
	}

}
