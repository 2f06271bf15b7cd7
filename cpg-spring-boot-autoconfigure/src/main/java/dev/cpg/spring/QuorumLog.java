package dev.cpg.spring;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgQuorum;
import dev.cpg.client.CpgQuorumState;
import dev.cpg.client.internal.log.CpgLog;
import dev.cpg.client.internal.log.LogLine;
import org.jspecify.annotations.Nullable;

/**
 * Logs what becomes of the quorum: when it is lost and when it is back, and once why it
 * is not known.
 */
final class QuorumLog {

	private CpgQuorumState logged = CpgQuorumState.UNKNOWN;

	private @Nullable Object failure;

	/** The quorum changed, or is reported for another ring. */
	synchronized void changed(CpgQuorum quorum) {
		CpgQuorumState before = this.logged;
		CpgQuorumState now = quorum.stateOf(quorum.ring(), quorum.nodeIds());
		this.failure = null;
		this.logged = now;
		if (now == before) {
			return;
		}
		String nodes = ChangeLog.text(quorum.nodeIds().stream().map(String::valueOf).toList());
		switch (now) {
			case QUORATE -> about(quorum,
					(before == CpgQuorumState.INQUORATE) ? CpgLog.MEMBERSHIP.info() : CpgLog.MEMBERSHIP.debug())
				.log("There is a quorum: ring {} with the nodes {} may act for the cluster", quorum.ring(), nodes);
			case INQUORATE -> about(quorum, CpgLog.MEMBERSHIP.warn()).log(
					"There is no quorum: ring {} has only the nodes {}, and the cluster may go on without them",
					quorum.ring(), nodes);
			case NO_PROVIDER -> CpgLog.MEMBERSHIP.info()
				.log("The cluster counts no votes, so nothing is ever quorate: corosync.conf names no quorum provider");
			case UNKNOWN -> {
				// An engine may report what it does not know.
			}
		}
	}

	private static LogLine about(CpgQuorum quorum, LogLine line) {
		return line.with("ring", quorum.ring()).with("nodes", quorum.nodeIds().size());
	}

	/** There is no connection to the quorum service; attempts go on, unless in vain. */
	synchronized void failed(Throwable failure, boolean unsupported) {
		Object reason = FailureLog.reasonOf(failure);
		if (reason.equals(this.failure)) {
			return;
		}
		this.failure = reason;
		(unsupported ? CpgLog.MEMBERSHIP.info() : CpgLog.MEMBERSHIP.warn()).with("reason", reason)
			.cause((failure instanceof CorosyncException) ? null : failure)
			.log("Whether the ring is quorate is not known{}. Members and messages are not affected: {}",
					unsupported ? "" : ", will keep trying in the background", FailureLog.message(failure));
	}

}
