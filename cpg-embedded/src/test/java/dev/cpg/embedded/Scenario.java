package dev.cpg.embedded;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConnector;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgSendException;
import dev.cpg.client.CpgSendException.Outcome;
import dev.cpg.client.CpgView;
import dev.cpg.embedded.MemberHistory.Payload;
import org.jspecify.annotations.Nullable;

/**
 * Does operations to a cluster of a seed, then repairs all faults and lets it settle, and
 * keeps what all members were notified of.
 */
final class Scenario implements AutoCloseable {

	static final int NODES = 4;

	static final int MEMBERS = 8;

	private static final int PIECE_SIZE = 32;

	private static final int MAX_PIECES = 6;

	private static final Duration LIMIT = Duration.ofDays(1);

	private static final CpgGroupName[] GROUPS = { CpgGroupName.of("grp"), CpgGroupName.ofTerminated("grp") };

	private final EmbeddedCluster cluster;

	private final Member[] members = new Member[MEMBERS];

	private final List<Member> all = new ArrayList<>();

	private final List<Sent> sent = new ArrayList<>();

	private long nextMemberId = 1000;

	Scenario(long seed, Set<Mutation> mutations) {
		long[] delays = { 0, 100_000, 1_000_000 };
		this.cluster = EmbeddedCluster.builder()
			.nodes(NODES)
			.seed(seed)
			.formationDelay(Duration.ofNanos(delays[new Random(seed).nextInt(delays.length)]))
			.maxAtomicMessageSize(PIECE_SIZE)
			.mutations(mutations)
			.start();
	}

	List<Member> members() {
		return this.all;
	}

	List<Sent> sent() {
		return this.sent;
	}

	void run(List<Operation> operations) {
		for (Operation operation : operations) {
			apply(operation);
			this.cluster.run(operation.steps());
		}
		this.cluster.heal();
		for (EmbeddedNode node : this.cluster.nodes()) {
			node.resume();
			node.start();
			node.acceptMulticasts();
		}
		this.cluster.settle();
	}

	private void apply(Operation operation) {
		int target = operation.target();
		switch (operation.kind()) {
			case JOIN -> join(target, operation.detail());
			case LEAVE -> {
				if (this.members[target] != null) {
					this.members[target].connection.startLeave();
				}
			}
			case CLOSE -> {
				if (this.members[target] != null) {
					this.members[target].connection.close();
				}
			}
			case SEND -> send(target, operation.detail() % PIECE_SIZE);
			case SEND_LARGE -> send(target, PIECE_SIZE + 1 + operation.detail() % (MAX_PIECES * PIECE_SIZE));
			case CUT -> cut(operation.detail());
			case CUT_LINK -> cutLink(target, operation.detail());
			case FLAP -> flap(target, operation.detail());
			case HEAL -> this.cluster.heal();
			default -> fault(operation, this.cluster.nodes().get(target));
		}
	}

	private void fault(Operation operation, EmbeddedNode node) {
		switch (operation.kind()) {
			case KILL -> node.kill();
			case STOP -> node.stop();
			case START -> node.start();
			case PAUSE -> node.pause();
			case RESUME -> node.resume();
			case DROP -> node.dropNext();
			case DROP_LARGER -> this.cluster.dropNext((message) -> message.sender().nodeId() == node.nodeId()
					&& message.payload().length > operation.detail() % (2 * PIECE_SIZE));
			case REFUSE -> node.refuseMulticasts();
			case ACCEPT -> node.acceptMulticasts();
			default -> throw new IllegalArgumentException(operation.toString());
		}
	}

	private void join(int target, int detail) {
		Member member = this.members[target];
		if (member == null || !member.connection.isOpen()) {
			EmbeddedNode node = this.cluster.nodes().get(target % NODES);
			if (!node.isRunning() || node.isPaused()) {
				return;
			}
			// Ids that are free are those of members that have left, too.
			boolean reused = detail % 8 == 7;
			MemberHistory history = new MemberHistory("member " + this.all.size());
			CpgConnector connector = reused ? node.connector() : node.connector(this.nextMemberId++);
			EmbeddedConnection connection = (EmbeddedConnection) connector.connect(history);
			history.of(connection);
			member = new Member(connection, history);
			this.members[target] = member;
			this.all.add(member);
		}
		member.join = member.connection.startJoin(GROUPS[(detail / 8) % 5 == 1 ? 1 : 0]);
	}

	private void send(int target, int size) {
		Member member = this.members[target];
		if (member != null && member.isJoined()) {
			int id = this.sent.size();
			byte[] message = Payload.of(id, size);
			this.sent.add(new Sent(id, member, message.length > PIECE_SIZE,
					member.connection.startMulticast(message, LIMIT)));
		}
	}

	/** Up to three sides, by two bits of each node: one may be on two. */
	private void cut(int detail) {
		List<Set<Integer>> sides = List.of(new HashSet<>(), new HashSet<>(), new HashSet<>());
		for (int i = 0; i < NODES; i++) {
			int bits = (detail >> (2 * i)) & 3;
			sides.get(bits % 3).add(i + 1);
			if (bits == 3) {
				sides.get(1).add(i + 1);
			}
		}
		this.cluster.partition(sides.get(0), sides.get(1), sides.get(2));
	}

	private void cutLink(int from, int detail) {
		int to = (from + 1 + detail % (NODES - 1)) % NODES;
		this.cluster.cut(from + 1, to + 1);
	}

	/** A link that comes and goes. */
	private void flap(int from, int detail) {
		for (int i = 0; i < 3; i++) {
			cutLink(from, detail);
			this.cluster.run(detail % 11);
			this.cluster.heal();
			this.cluster.run(detail % 7);
		}
	}

	@Override
	public void close() {
		this.cluster.close();
	}

	String history() {
		StringBuilder text = new StringBuilder();
		for (Member member : this.all) {
			for (MemberHistory.Membership membership : member.history.memberships()) {
				text.append(membership).append(membership.isEnded() ? ", ended" : "").append('\n');
				membership.events().forEach((event) -> text.append("    ").append(event).append('\n'));
			}
		}
		this.sent.forEach((message) -> text.append(message).append('\n'));
		return text.toString();
	}

	/** A connection, and what became of it. */
	static final class Member {

		private final EmbeddedConnection connection;

		private final MemberHistory history;

		private @Nullable CompletableFuture<?> join;

		private Member(EmbeddedConnection connection, MemberHistory history) {
			this.connection = connection;
			this.history = history;
		}

		MemberHistory history() {
			return this.history;
		}

		EmbeddedConnection connection() {
			return this.connection;
		}

		CpgAddress address() {
			return this.connection.localAddress();
		}

		/** Returns the group that it joined last. */
		CpgGroupName group() {
			List<MemberHistory.Membership> memberships = this.history.memberships();
			return memberships.get(memberships.size() - 1).group();
		}

		boolean isJoined() {
			return !this.connection.view().members().isEmpty();
		}

		boolean isWaiting() {
			return this.join != null && !this.join.isDone();
		}

	}

	/** A message, and its outcome. */
	record Sent(int id, Member sender, boolean large, Multicast multicast) {

		boolean isDone() {
			return this.multicast.future().isDone();
		}

		/** Returns the view in which it was delivered, if it was. */
		@Nullable CpgView delivered() {
			CompletableFuture<CpgView> future = this.multicast.future();
			return (isDone() && !future.isCompletedExceptionally()) ? future.join() : null;
		}

		/** Returns what is known of it, if it was not delivered. */
		@Nullable Outcome outcome() {
			return this.multicast.future()
				.handle((view, failure) -> (failure instanceof CpgSendException ex) ? ex.outcome() : null)
				.getNow(null);
		}

		@Override
		public String toString() {
			return "message " + this.id + ": " + ((delivered() != null) ? "delivered in " + delivered() : outcome());
		}

	}

}
