package dev.cpg.demo.cluster;

import java.nio.charset.StandardCharsets;
import java.util.List;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgSendException;
import dev.cpg.client.CpgView;
import dev.cpg.client.RingId;
import dev.cpg.demo.cluster.Notice.Content;
import dev.cpg.demo.cluster.Notice.Kind;
import org.jspecify.annotations.Nullable;

/**
 * One member's part of the {@link Timeline}: what it was notified of, and the view that
 * follows from it. The time line's lock guards it.
 */
class Lane {

	private final CpgAddress address;

	private final boolean service;

	private final Timeline timeline;

	private CpgView view = CpgView.NONE;

	private List<Long> ringNodeIds = List.of();

	private boolean dropNext;

	private @Nullable String end;

	Lane(CpgAddress address, boolean service, Timeline timeline) {
		this.address = address;
		this.service = service;
		this.timeline = timeline;
	}

	CpgAddress address() {
		return this.address;
	}

	void changed(CpgView now, List<CpgMember> left, List<CpgMember> joined) {
		record(now, Content.change(now.ring().toString(), left, joined, now.members()));
	}

	void ringChanged(CpgView now, List<Long> nodeIds) {
		synchronized (this.timeline) {
			this.ringNodeIds = nodeIds;
			record(now, Content.ring(now.ring().toString(), nodeIds));
		}
	}

	void delivered(CpgView in, CpgAddress sender, byte[] message) {
		record(in, Content.message(in.ring().toString(), sender, new String(message, StandardCharsets.UTF_8)));
	}

	void notDelivered(CpgSendException.Outcome outcome, String text) {
		Kind kind = (outcome == CpgSendException.Outcome.LOST) ? Kind.LOST : Kind.UNKNOWN;
		synchronized (this.timeline) {
			this.timeline.add(this, Content.of(kind, text));
		}
	}

	void ended(String why) {
		synchronized (this.timeline) {
			this.view = CpgView.NONE;
			this.ringNodeIds = List.of();
			this.end = why;
			this.dropNext = false;
			this.timeline.add(this, Content.of(Kind.ENDED, why));
		}
	}

	private void record(CpgView now, Content content) {
		synchronized (this.timeline) {
			this.view = now;
			this.end = null;
			this.timeline.add(this, content);
		}
	}

	/** Has the member's next message dropped. */
	void dropNext() {
		synchronized (this.timeline) {
			this.dropNext = true;
		}
	}

	/** Returns whether the message that is sent now is to be dropped. */
	boolean takeDropNext() {
		synchronized (this.timeline) {
			boolean drop = this.dropNext;
			this.dropNext = false;
			return drop;
		}
	}

	boolean isMember() {
		synchronized (this.timeline) {
			return this.view.members().contains(this.address);
		}
	}

	/**
	 * Returns whether the member was notified of so many members and so many nodes.
	 * @param members how many members
	 * @param nodes how many nodes in the ring, which it is notified of after the members
	 */
	boolean sees(int members, int nodes) {
		synchronized (this.timeline) {
			return this.view.members().size() == members && this.ringNodeIds.size() == nodes;
		}
	}

	/** Returns the ring that the member was last notified of. */
	RingId ring() {
		synchronized (this.timeline) {
			return this.view.ring();
		}
	}

	Status status() {
		synchronized (this.timeline) {
			return new Status(this.address.toString(), this.address.nodeId(), this.address.pid(), this.service,
					isMember(), isMember() ? this.view.ring().toString() : null,
					this.view.members().stream().map(CpgAddress::toString).toList(), this.dropNext, this.end);
		}
	}

	/**
	 * A member in the form that the page receives.
	 *
	 * @param address its address
	 * @param nodeId its node
	 * @param pid its member id
	 * @param service whether it is the service itself
	 * @param member whether it is a member, as far as it knows
	 * @param ring the ring that it was last notified of
	 * @param view the members that it was last notified of
	 * @param dropNext whether its next message will be dropped
	 * @param end why its connection ended
	 */
	record Status(String address, long nodeId, long pid, boolean service, boolean member, @Nullable String ring,
			List<String> view, boolean dropNext, @Nullable String end) {
	}

}
