package dev.cpg.demo.cluster;

import java.nio.charset.StandardCharsets;
import java.util.List;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgQuorumState;
import dev.cpg.client.CpgSendException;
import dev.cpg.client.CpgView;
import dev.cpg.client.RingId;
import dev.cpg.demo.Lead;
import dev.cpg.demo.Standing;
import dev.cpg.demo.cluster.Notice.Content;
import dev.cpg.demo.cluster.Notice.Kind;
import dev.cpg.spring.event.CpgConfigurationChangeEvent;
import dev.cpg.spring.event.CpgEvent;
import dev.cpg.spring.event.CpgTotemConfigurationChangeEvent;
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

	private Standing standing = new Standing();

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

	/**
	 * The member was notified of an event of its group, other than a message or the end
	 * of its connection.
	 */
	void notified(CpgEvent event) {
		synchronized (this.timeline) {
			if (event instanceof CpgConfigurationChangeEvent change) {
				CpgView now = change.getView();
				record(now, Content.change(now.ring().toString(), change.getLeft(), change.getJoined(), now.members()));
			}
			else if (event instanceof CpgTotemConfigurationChangeEvent change) {
				this.ringNodeIds = change.getNodeIds();
				record(change.getView(), Content.ring(change.getRing().toString(), change.getNodeIds()));
			}
			else {
				standingChanged(event);
			}
		}
	}

	private void standingChanged(CpgEvent event) {
		Content content = this.standing.notified(event) ? Content.of(event) : null;
		if (content != null) {
			this.timeline.add(this, content);
		}
		else {
			this.timeline.sendStatus();
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
			this.standing = new Standing();
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

	/** Returns whether the member leads, as far as it was notified. */
	boolean isLeading() {
		synchronized (this.timeline) {
			return this.standing.isLeading();
		}
	}

	/** Returns who leads, as the member was last notified. */
	Lead lead() {
		synchronized (this.timeline) {
			return this.standing.lead();
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
					this.view.members().stream().map(CpgAddress::toString).toList(), this.standing.quorum(),
					this.standing.lead(), this.standing.isLeading(), this.dropNext, this.end);
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
	 * @param quorum what it was last notified of the ring's quorum
	 * @param lead who leads, as it was last notified
	 * @param leading whether it leads itself
	 * @param dropNext whether its next message will be dropped
	 * @param end why its connection ended
	 */
	record Status(String address, long nodeId, long pid, boolean service, boolean member, @Nullable String ring,
			List<String> view, CpgQuorumState quorum, Lead lead, boolean leading, boolean dropNext,
			@Nullable String end) {
	}

}
