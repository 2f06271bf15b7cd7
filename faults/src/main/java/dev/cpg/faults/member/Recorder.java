package dev.cpg.faults.member;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgQuorumState;
import dev.cpg.client.CpgView;
import dev.cpg.client.RingId;
import dev.cpg.faults.history.HistoryWriter;
import dev.cpg.spring.CpgGroup;
import dev.cpg.spring.event.CpgConfigurationChangeEvent;
import dev.cpg.spring.event.CpgConnectedEvent;
import dev.cpg.spring.event.CpgDeliverEvent;
import dev.cpg.spring.event.CpgDisconnectedEvent;
import dev.cpg.spring.event.CpgQuorumChangeEvent;
import dev.cpg.spring.event.CpgTotemConfigurationChangeEvent;
import dev.cpg.spring.leadership.CpgLeaderChangeEvent;
import dev.cpg.spring.leadership.CpgLeadershipEvent;
import dev.cpg.spring.leadership.CpgLeadershipGrantedEvent;
import dev.cpg.spring.leadership.CpgLeadershipRevokedEvent;
import dev.cpg.test.LibcpgPeer;

/**
 * Records the events of a group, on the thread that publishes them.
 */
final class Recorder {

	private final HistoryWriter history;

	private final String name;

	private final Consumer<CpgAddress> connected;

	private final AtomicInteger barriers = new AtomicInteger();

	private final AtomicLong pauseMillis = new AtomicLong();

	/**
	 * Creates a recorder.
	 * @param name the name of this process
	 * @param connected called with this member's address when it has a connection
	 */
	Recorder(HistoryWriter history, String name, Consumer<CpgAddress> connected) {
		this.history = history;
		this.name = name;
		this.connected = connected;
	}

	/** Keeps the next event waiting. */
	void pauseOnce(long millis) {
		this.pauseMillis.set(millis);
	}

	/** Returns how many closing messages have come. */
	int barriers() {
		return this.barriers.get();
	}

	void publish(Object event) {
		long pause = this.pauseMillis.getAndSet(0);
		if (pause > 0) {
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(pause));
		}
		if (event instanceof CpgDeliverEvent<?> delivered) {
			record(delivered);
		}
		else if (event instanceof CpgLeadershipEvent leadership) {
			record(leadership);
		}
		else if (event instanceof CpgConnectedEvent start) {
			this.history.write("start", "member", address(start.getLocalAddress()), "name", this.name);
			this.history.write("connected");
			this.connected.accept(start.getLocalAddress());
		}
		else if (event instanceof CpgDisconnectedEvent end) {
			this.history.write("disconnected", "cause", String.valueOf(end.getCause()));
		}
		else if (event instanceof CpgConfigurationChangeEvent change) {
			this.history.write("conf", "members", addresses(change.getView()), "left", members(change.getLeft()),
					"joined", members(change.getJoined()), "ring", ring(change.getView().ring()));
		}
		else if (event instanceof CpgTotemConfigurationChangeEvent totem) {
			this.history.write("totem", "ring", ring(totem.getRing()), "nodes", totem.getNodeIds());
		}
		else if (event instanceof CpgQuorumChangeEvent quorum) {
			this.history.write("quorum", "ring", ring(quorum.getView().ring()), "quorate", quorate(quorum.getQuorum()),
					"nodes", ((CpgGroup) quorum.getSource()).getRingNodeIds());
		}
	}

	private void record(CpgLeadershipEvent event) {
		if (event instanceof CpgLeadershipGrantedEvent granted) {
			this.history.write("granted", "role", granted.getRole(), "token", granted.getToken());
		}
		else if (event instanceof CpgLeadershipRevokedEvent revoked) {
			this.history.write("revoked", "role", revoked.getRole(), "token", revoked.getToken(), "reason",
					revoked.getReason());
		}
		else if (event instanceof CpgLeaderChangeEvent change) {
			CpgAddress leader = change.getLeader();
			this.history.write("leader", "role", change.getRole(), "token", change.getToken().orElse(0), "leader",
					(leader != null) ? address(leader) : "none", "why", String.valueOf(change.getVacancy()));
		}
	}

	private void record(CpgDeliverEvent<?> delivered) {
		byte[] bytes = (byte[]) delivered.getPayload();
		Content content = Content.read(bytes);
		String from = address(delivered.getSender());
		String hash = isIntact(content, bytes) ? LibcpgPeer.checksum(bytes) : "bad";
		if (content.note().equals(Content.NO_NOTE) || content.note().equals(Content.BARRIER)) {
			this.history.write("deliver", "from", from, "id", content.id(), "hash", hash, "size", bytes.length);
		}
		else {
			int slash = content.note().indexOf('/');
			this.history.write("deliver", "from", from, "id", content.id(), "hash", hash, "size", bytes.length, "role",
					content.note().substring(0, slash), "token", content.note().substring(slash + 1));
		}
		if (content.note().equals(Content.BARRIER)) {
			this.barriers.incrementAndGet();
		}
	}

	/** What a C member sends has no filler. */
	private static boolean isIntact(Content content, byte[] bytes) {
		return content.id().matches("n[0-9]c#.*") || Arrays.equals(bytes, content.bytes(bytes.length));
	}

	static String quorate(CpgQuorumState quorum) {
		return switch (quorum) {
			case QUORATE -> "true";
			case INQUORATE, NO_PROVIDER -> "false";
			case UNKNOWN -> "unknown";
		};
	}

	static List<String> addresses(CpgView view) {
		return view.members().stream().map(Recorder::address).toList();
	}

	private static List<String> members(Collection<CpgMember> members) {
		return members.stream().map((member) -> address(member.address()) + "/" + member.reason()).toList();
	}

	static String address(CpgAddress address) {
		return address.nodeId() + ":" + address.pid();
	}

	static String ring(RingId ring) {
		return ring.nodeId() + ":" + ring.sequence();
	}

}
