package dev.cpg.faults.check;

import java.util.HashMap;
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

	/** What is meant by "just then", on a machine that is busy. */
	private static final long MOMENT = 3_000_000_000L;

	/** How late processes are on a machine that is busy. */
	private static final long LATE = 6_000_000_000L;

	/** How long the last messages of a ring take to be written. */
	private static final long RECOVERY = 1_000_000_000L;

	/** How long a listener that was busy has something to catch up on. */
	private static final long BACKLOG = 20_000_000_000L;

	/** Within this time of a token's use its leader is known by name. */
	private static final long STALE_KNOWN = 5_000_000_000L;

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
				this.firstCommon.putIfAbsent(sender(message), i);
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
		Entry outcome = this.round.outcome(message);
		int position = this.has.position(message);
		if (this.round.isLarge(message)
				&& (outcome == null || !outcome.list("view").contains(this.lacks.stay().self()))) {
			return "fragments";
		}
		long sent = sent(message);
		boolean first = isBeforeFirst(message, position);
		if (first && this.lacks.isMerged() && sent - this.lacks.begin().time() <= MOMENT) {
			return "merged";
		}
		boolean atEnd = position >= this.lastCommon || isBeforeRecovery(position);
		String excuse = atEnd ? excuseOfEnd(node, delivered(message)) : null;
		return (excuse != null) ? excuse : excuseOfStamped(message, position);
	}

	/**
	 * What a node sends is dropped on a node that came until a packet does not begin amid
	 * a message. Of a message in fragments it may be the first that is missing.
	 */
	private boolean isBeforeFirst(String message, int position) {
		if (!this.has.has(message)) {
			return this.round.isLarge(message) || this.firstCommon.isEmpty();
		}
		return this.round.isLarge(message)
				|| position < this.firstCommon.getOrDefault(sender(message), Integer.MAX_VALUE);
	}

	/** Returns the node that a message came from. */
	private String sender(String message) {
		return Round.node(this.has.delivery(message).text("from"));
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
		if (life.entries(Kind.SEND).isEmpty()) {
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
			return diedThen(delivered) ? "died"
					: isEnding(delivered) ? "left" : isCutOff(delivered) ? "separated" : null;
		}
		boolean inOrder = next.ring().equals(this.lacks.ring()) && !next.isOfRing();
		return (inOrder || next.keepsNode(node)) ? null : "separated";
	}

	/**
	 * Returns whether the process was killed, or its connection lost, before it can have
	 * handled a message.
	 */
	private boolean diedThen(long delivered) {
		Life life = this.lacks.stay().life();
		Long end = this.lacks.stay().end();
		end = (end != null) ? end : this.round.killed(life);
		return end != null && (delivered >= end - LATE
				|| (delivered >= end - BACKLOG && this.round.isHeldUp(life, end - BACKLOG, end)));
	}

	/** A process that is asked to end before it has joined is not notified any more. */
	private boolean isEnding(long delivered) {
		String name = this.lacks.stay().life().name();
		return this.round.injected(Kind.ENDED)
			.stream()
			.anyMatch((ended) -> ended.is("name", name) && ended.time() <= delivered);
	}

	/** A daemon that is cut off may die before it has another ring. */
	private boolean isCutOff(long delivered) {
		Long end = this.lacks.stay().end();
		return end != null && this.round.faults()
			.stream()
			.anyMatch((fault) -> fault.kind().startsWith("cut") && fault.isOpen(delivered - MOMENT, end));
	}

}
