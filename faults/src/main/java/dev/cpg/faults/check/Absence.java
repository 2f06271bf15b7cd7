package dev.cpg.faults.check;

import dev.cpg.faults.history.Entry;
import dev.cpg.faults.history.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Why one member of a view lacks messages that another one has in it. Corosync promises
 * the same messages to those who stay together from one view to the next, with two known
 * exceptions: the first messages after nodes came together again, and those that are in
 * fragments for who joined between these.
 */
final class Absence {

	private final Round round;

	private final View has;

	private final View lacks;

	/** The place of the first message that both have, and of the last. */
	private int firstCommon = Integer.MAX_VALUE;

	private int lastCommon = -1;

	Absence(Round round, View has, View lacks) {
		this.round = round;
		this.has = has;
		this.lacks = lacks;
		for (int i = 0; i < has.messages().size(); i++) {
			if (lacks.has(has.messages().get(i))) {
				this.firstCommon = Math.min(this.firstCommon, i);
				this.lastCommon = i;
			}
		}
	}

	/**
	 * Returns why a message may be absent, {@code null} if it may not.
	 * @param message a message
	 */
	@Nullable String excuse(String message) {
		Entry outcome = this.round.outcome(message);
		int position = this.has.position(message);
		if (this.round.isLarge(message)
				&& (outcome == null || !outcome.list("view").contains(this.lacks.stay().self()))) {
			return "fragments";
		}
		if (position < this.firstCommon && (this.lacks.isMerged() || this.has.isMerged())) {
			return "merged";
		}
		String excuse = (position < this.lastCommon) ? null : excuseOfEnd(this.lacks, this.has.stay().node());
		return (excuse != null) ? excuse : excuseOfStamped(this.lacks.stay().life(), this.round.send(message));
	}

	/** Who knows a larger token has dropped it; C programs do not write these down. */
	private static @Nullable String excuseOfStamped(Life life, @Nullable Entry send) {
		if (send == null || send.find("token") == null) {
			return null;
		}
		if (life.entries(Kind.SEND).isEmpty()) {
			return "unrecorded";
		}
		String role = send.find("role");
		boolean knowsLarger = life.entries(Kind.LEADER)
			.stream()
			.anyMatch((leader) -> (role == null || leader.is("role", role))
					&& leader.number("token") > send.number("token"));
		return knowsLarger ? "stale" : null;
	}

	/**
	 * Returns why a member may lack the last messages of a view, {@code null} if it may
	 * not.
	 * @param lacks what the member has
	 * @param node the node of who has more
	 */
	static @Nullable String excuseOfEnd(View lacks, String node) {
		View next = lacks.next();
		if (next == null) {
			return "died";
		}
		boolean inOrder = next.ring().equals(lacks.ring()) && !next.isOfRing();
		return (inOrder || next.keepsNode(node)) ? null : "separated";
	}

}
