package dev.cpg.demo;

import java.util.Objects;

import dev.cpg.client.CpgQuorumState;
import dev.cpg.spring.event.CpgEvent;
import dev.cpg.spring.event.CpgQuorumChangeEvent;
import dev.cpg.spring.leadership.CpgLeaderChangeEvent;
import dev.cpg.spring.leadership.CpgLeaderChangeEvent.Vacancy;
import dev.cpg.spring.leadership.CpgLeadershipGrantedEvent;
import dev.cpg.spring.leadership.CpgLeadershipRevokedEvent;

/**
 * What a member was last notified of quorum and leader, on one connection. A lock of its
 * owner guards it.
 */
public final class Standing {

	private CpgQuorumState quorum = CpgQuorumState.UNKNOWN;

	private CpgQuorumState knownQuorum = CpgQuorumState.UNKNOWN;

	private Lead lead = Lead.DISCONNECTED;

	private boolean leading;

	/**
	 * Takes an event.
	 * @param event what the member was notified of
	 * @return whether it is worth showing among the changes
	 */
	public boolean notified(CpgEvent event) {
		if (event instanceof CpgQuorumChangeEvent change) {
			return quorumChanged(change.getQuorum());
		}
		if (event instanceof CpgLeaderChangeEvent change) {
			return leaderChanged(Lead.of(change));
		}
		this.leading = event instanceof CpgLeadershipGrantedEvent
				|| (this.leading && !(event instanceof CpgLeadershipRevokedEvent));
		return true;
	}

	/** After each change of the nodes the quorum is unknown for a moment. */
	private boolean quorumChanged(CpgQuorumState now) {
		this.quorum = now;
		if (now == CpgQuorumState.UNKNOWN || now == this.knownQuorum) {
			return false;
		}
		this.knownQuorum = now;
		return true;
	}

	/** While nobody leads, the reason may change several times. */
	private boolean leaderChanged(Lead now) {
		Lead before = this.lead;
		this.lead = now;
		return !Objects.equals(now.token(), before.token()) && now.vacancy() != Vacancy.DISCONNECTED;
	}

	/**
	 * Returns what is known of the ring's quorum.
	 */
	public CpgQuorumState quorum() {
		return this.quorum;
	}

	/**
	 * Returns who leads.
	 */
	public Lead lead() {
		return this.lead;
	}

	/**
	 * Returns whether the member leads itself.
	 */
	public boolean isLeading() {
		return this.leading;
	}

}
