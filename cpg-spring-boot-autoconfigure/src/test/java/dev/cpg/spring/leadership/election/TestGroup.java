package dev.cpg.spring.leadership.election;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgQuorum;
import dev.cpg.client.CpgReason;
import dev.cpg.client.CpgTotemConfiguration;
import dev.cpg.client.CpgView;
import dev.cpg.client.RingId;

/**
 * Members of one ring that have the same order of events, by one clock. A member that
 * hangs does nothing.
 */
final class TestGroup {

	static final String ROLE = "billing";

	private static final CpgGroupName GROUP = CpgGroupName.of("grp");

	private final TestClock clock = new TestClock();

	private final TreeMap<CpgAddress, Member> members = new TreeMap<>();

	private final List<CpgAddress> addresses = new ArrayList<>();

	private RingId ring = new RingId(1, 4);

	private boolean quorate = true;

	private boolean provided = true;

	private boolean losing;

	private long lives;

	TestClock clock() {
		return this.clock;
	}

	/** A member joins, on the node of that id. */
	Member join(int nodeId, ElectionSettings settings) {
		Member member = joinUnready(nodeId, settings);
		member.election.ready(true);
		settle();
		return member;
	}

	/** A member joins whose application may not lead yet. */
	Member joinUnready(int nodeId, ElectionSettings settings) {
		Member member = new Member(new CpgAddress(nodeId, 1000 + nodeId), settings);
		this.members.put(member.address, member);
		add(member.address);
		member.election.connected(member.address);
		changed(List.of(), List.of(new CpgMember(member.address, CpgReason.JOIN)));
		member.election.totemChanged(new CpgTotemConfiguration(view(), nodes()));
		member.election.quorumChanged(quorum());
		settle();
		return member;
	}

	Member join(int nodeId) {
		return join(nodeId, TestActions.settings(ROLE));
	}

	/** A program joins that knows nothing of the election. */
	CpgAddress joinForeign(int nodeId) {
		CpgAddress address = new CpgAddress(nodeId, 2000);
		add(address);
		changed(List.of(), List.of(new CpgMember(address, CpgReason.JOIN)));
		settle();
		return address;
	}

	private void add(CpgAddress address) {
		this.addresses.add(address);
		this.addresses.sort(null);
	}

	void leave(CpgAddress address, CpgReason reason) {
		this.addresses.remove(address);
		this.members.remove(address);
		changed(List.of(new CpgMember(address, reason)), List.of());
		settle();
	}

	/** The node of a member dies, and the others know that they are quorate later. */
	void nodeDies(Member member, long quorumDelayMillis) {
		this.addresses.remove(member.address);
		this.members.remove(member.address);
		this.ring = new RingId(1, this.ring.sequence() + 4);
		changed(List.of(new CpgMember(member.address, CpgReason.NODEDOWN)), List.of());
		all((other) -> other.election.totemChanged(new CpgTotemConfiguration(view(), nodes())));
		settle();
		pass(quorumDelayMillis);
		all((other) -> other.election.quorumChanged(quorum()));
		settle();
	}

	/** Another ring with the same members. */
	void ringChanges(boolean nowQuorate) {
		this.ring = new RingId(1, this.ring.sequence() + 4);
		this.quorate = nowQuorate;
		all((member) -> member.election.totemChanged(new CpgTotemConfiguration(view(), nodes())));
		settle();
		all((member) -> member.election.quorumChanged(quorum()));
		settle();
	}

	void quorum(boolean nowProvided, boolean nowQuorate) {
		this.provided = nowProvided;
		this.quorate = nowQuorate;
		all((member) -> member.election.quorumChanged(quorum()));
		settle();
	}

	private void changed(List<CpgMember> left, List<CpgMember> joined) {
		CpgConfigurationChange change = new CpgConfigurationChange(GROUP, view(), left, joined);
		all((member) -> member.election.configurationChanged(change));
	}

	private CpgView view() {
		return new CpgView(this.ring, this.addresses);
	}

	private List<Long> nodes() {
		return List.of(1L, 2L, 3L);
	}

	private CpgQuorum quorum() {
		return new CpgQuorum(this.provided, this.quorate, this.ring, nodes());
	}

	/** What is sent next is not delivered. */
	void lose() {
		this.losing = true;
	}

	private void all(Consumer<Member> action) {
		List.copyOf(this.members.values()).forEach((member) -> member.happens(() -> action.accept(member)));
	}

	/** Delivers what was sent, and what is sent because of that. */
	void settle() {
		boolean any = true;
		while (any) {
			any = false;
			for (Member sender : List.copyOf(this.members.values())) {
				byte[] message = sender.hanging ? null : sender.actions.sent().poll();
				if (message != null) {
					any = true;
					if (this.losing) {
						this.losing = false;
						sender.election.sendFailed();
					}
					else {
						deliver(sender.address, message);
					}
				}
			}
		}
	}

	void deliver(CpgAddress sender, byte[] message) {
		all((member) -> member.election.delivered(sender, ByteBuffer.wrap(message)));
	}

	/** Time passes, alarms go off. */
	void pass(long millis) {
		for (long i = 0; i < millis; i++) {
			this.clock.advanceMillis(1);
			for (Member member : List.copyOf(this.members.values())) {
				if (!member.hanging && member.actions.alarm() - this.clock.nanoTime() <= 0) {
					member.election.timeReached();
				}
			}
			settle();
		}
	}

	List<CpgAddress> leaders() {
		return this.members.values()
			.stream()
			.filter((member) -> member.status().isLeader())
			.map(Member::address)
			.toList();
	}

	/** A member. */
	final class Member {

		private final CpgAddress address;

		private final TestActions actions = new TestActions();

		private final Election election;

		private final Deque<Runnable> missed = new ArrayDeque<>();

		private boolean hanging;

		private Member(CpgAddress address, ElectionSettings settings) {
			this.address = address;
			this.election = new Election(settings, TestGroup.this.clock, this.actions, ++TestGroup.this.lives);
		}

		CpgAddress address() {
			return this.address;
		}

		Election election() {
			return this.election;
		}

		RoleStatus status() {
			return this.election.status(ROLE);
		}

		List<String> events() {
			return this.actions.events();
		}

		private void happens(Runnable event) {
			if (this.hanging) {
				this.missed.add(event);
			}
			else {
				event.run();
			}
		}

		/** Returns the next message that it has sent, which is not delivered. */
		byte[] takeOne() {
			return this.actions.sent().remove();
		}

		/** Delivers the next message that it has sent. */
		void sendOne() {
			deliver(this.address, this.actions.sent().remove());
		}

		void hang() {
			this.hanging = true;
		}

		void goOn() {
			this.hanging = false;
			while (!this.missed.isEmpty()) {
				this.missed.remove().run();
			}
			settle();
		}

	}

}
