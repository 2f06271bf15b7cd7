package dev.cpg.faults.check;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

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

	/**
	 * A node that comes back drops what another one sends until that had nothing more to
	 * send for a moment: its first frames begin in the middle of a message. All that was
	 * seen had been sent before the nodes came together.
	 */
	private static final long MERGED = 3_000_000_000L;

	/** How long before a process ended something may have come that it did not handle. */
	private static final long UNHANDLED = 6_000_000_000L;

	/** How long the last messages of a ring take to be written. */
	private static final long RECOVERY = 1_000_000_000L;

	/**
	 * Whoever drops a stale message has the leader in its events before. A longer time
	 * would hide that it drops messages of the leader before an election.
	 */
	private static final long STALE_KNOWN = 1_000_000_000L;

	private final Round round;

	private final View has;

	private final View lacks;

	/** The place of the first message of each node that both have. */
	private final Map<String, Integer> firstCommon = new HashMap<>();

	/** The place of the last message that both have. */
	private int lastCommon = -1;

	Absence(Round round, View has, View lacks) {
		this.round = round;
		this.has = has;
		this.lacks = lacks;
		for (int i = 0; i < has.messages().size(); i++) {
			String message = has.messages().get(i);
			if (lacks.has(message)) {
				this.firstCommon.putIfAbsent(Round.node(has.delivery(message).text("from")), i);
				this.lastCommon = i;
			}
		}
	}

	/**
	 * Returns why a message may be absent, {@code null} if it may not.
	 * @param message a message
	 */
	@Nullable String excuse(String message) {
		return excuse(message, this.has.stay().node());
	}

	/**
	 * Returns why a message may be absent, {@code null} if it may not.
	 * @param message a message
	 * @param node a node that has sent or delivered it
	 */
	@Nullable String excuse(String message, String node) {
		if (this.round.isLarge(message) && joinsBetweenFragments(message)) {
			return "fragments";
		}
		if (comesBack(message)) {
			return "merged";
		}
		int position = this.has.position(message);
		boolean atEnd = position >= this.lastCommon || isBeforeRecovery(position);
		String excuse = atEnd ? excuseOfEnd(node, delivered(message)) : null;
		return (excuse != null) ? excuse : excuseOfStamped(message, position);
	}

	/** The outcome names who has all fragments, if there is one. */
	private boolean joinsBetweenFragments(String message) {
		Entry outcome = this.round.outcome(message);
		return (outcome == null || !outcome.list("view").contains(this.lacks.stay().self()))
				&& joined() >= sent(message);
	}

	/** Returns when the member, or others to it, came. */
	private long joined() {
		long joined = Long.MIN_VALUE;
		for (View view : this.lacks.stay().views()) {
			boolean comes = joined == Long.MIN_VALUE || view.isMerged();
			joined = comes ? view.begin().time() : joined;
			if (view.equals(this.lacks)) {
				break;
			}
		}
		return joined;
	}

	private boolean comesBack(String message) {
		Entry send = this.round.send(message);
		if (!this.has.has(message) || send == null) {
			return false;
		}
		String node = Round.node(this.has.delivery(message).text("from"));
		// Of a message in fragments it may be the first that is missing, and others come
		// before the last.
		boolean large = this.round.isLarge(message);
		boolean isFirst = this.has.position(message) < this.firstCommon.getOrDefault(node, Integer.MAX_VALUE);
		List<View> views = this.lacks.stay().until(this.lacks);
		for (int i = views.size() - 1; i >= 0 && (large || isFirst); i--) {
			Long merged = merged(views.get(i), node);
			if (merged != null && send.time() <= merged + MERGED) {
				return true;
			}
			isFirst = i > 0 && !views.get(i - 1).hasFrom(node);
		}
		return false;
	}

	/**
	 * Returns when the member's node came together with another one, if a view began with
	 * that. Whoever joins just after it is notified of its own join only.
	 */
	private @Nullable Long merged(View view, String node) {
		if (view.isMergedWith(node)) {
			return view.begin().time();
		}
		Stay stay = view.stay();
		boolean joins = view.equals(stay.views().get(0));
		return joins ? this.round.merges().time(view.ring(), stay.node(), node) : null;
	}

	/**
	 * When a ring breaks, nodes deliver what they have of it, and leave out what did not
	 * reach them, just before they are notified of the next one.
	 */
	private boolean isBeforeRecovery(int position) {
		View next = this.lacks.next();
		return next != null && !next.ring().equals(this.lacks.ring())
				&& nextCommon(position) >= next.begin().time() - RECOVERY;
	}

	/** A message may wait for long until it is ordered. */
	private long delivered(String message) {
		Entry outcome = this.round.outcome(message);
		return this.has.has(message) ? this.has.delivery(message).time()
				: (outcome != null) ? outcome.time() : sent(message);
	}

	/** What C programs send has no such line. */
	private long sent(String message) {
		Entry send = this.round.send(message);
		return (send != null) ? send.time() : this.has.has(message) ? this.has.delivery(message).time() : 0;
	}

	/** Who knows a larger token drops it; C programs do not write these down. */
	private @Nullable String excuseOfStamped(String message, int position) {
		Entry send = this.round.send(message);
		Life life = this.lacks.stay().life();
		if (send == null || send.find("token") == null) {
			return null;
		}
		if (life.isForeign()) {
			return "foreign";
		}
		long known = nextCommon(position) + STALE_KNOWN;
		String role = send.find("role");
		boolean knowsLarger = life.entries(Kind.LEADER)
			.stream()
			.anyMatch((leader) -> (role == null || leader.is("role", role)) && leader.time() <= known
					&& leader.number("token") > send.number("token"));
		return knowsLarger ? "stale" : null;
	}

	/** Returns when the next message was delivered that both have. */
	private long nextCommon(int position) {
		for (int i = position + 1; i <= this.lastCommon; i++) {
			String message = this.has.messages().get(i);
			if (this.lacks.has(message)) {
				return this.lacks.delivery(message).time();
			}
		}
		View next = this.lacks.next();
		return (next != null) ? next.begin().time() : Long.MAX_VALUE - STALE_KNOWN;
	}

	/** Why the member may lack the last messages of its view. */
	private @Nullable String excuseOfEnd(String node, long delivered) {
		View next = this.lacks.next();
		if (next == null) {
			return this.round.endsBefore(this.lacks.stay(), delivered, UNHANDLED + behind()) ? "died"
					: isEnding(delivered) ? "left" : isCutOff(node, delivered) ? "separated" : null;
		}
		boolean inOrder = next.ring().equals(this.lacks.ring()) && !next.isOfRing();
		return (inOrder || next.keepsNode(node)) ? null : "separated";
	}

	/** How much later than the other one the member had the last thing that both have. */
	private long behind() {
		String last = (this.lastCommon >= 0) ? this.has.messages().get(this.lastCommon) : null;
		long behind = (last != null) ? this.lacks.delivery(last).time() - this.has.delivery(last).time()
				: this.lacks.begin().time() - this.has.begin().time();
		return Math.max(0, behind);
	}

	/** A process that is asked to end before it has joined is not notified any more. */
	private boolean isEnding(long delivered) {
		Stay stay = this.lacks.stay();
		return stay.life().isForeign() ? this.round.isLeaving(stay, delivered)
				: this.round.isAskedToEnd(stay.life(), stay.views().get(0).begin().time());
	}

	/** A daemon that parts from others may end before it has another ring. */
	private boolean isCutOff(String node, long delivered) {
		Stay stay = this.lacks.stay();
		Long end = this.round.end(stay);
		return end != null && this.round.faults()
			.stream()
			.filter((fault) -> fault.isOpen(delivered, Math.min(end, delivered + UNHANDLED)))
			.anyMatch((fault) -> fault.parts(node) || fault.parts(stay.node()));
	}

}
