package dev.cpg.embedded;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgConfigurationChange;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a session that have no outcome yet, and their time limits. Used by the
 * engine's thread, unless a method says otherwise.
 */
final class UnderWay {

	/** With more messages than that the daemon has not taken, a sender waits. */
	private static final int MAX_WAITING = 1000;

	private final Engine engine;

	private final Set<Multicast> multicasts = new LinkedHashSet<>();

	/**
	 * How many messages wait for the daemon, those that the engine has yet to see
	 * included.
	 */
	private final AtomicInteger waiting = new AtomicInteger();

	/** How many senders wait until there is room. */
	private final AtomicInteger senders = new AtomicInteger();

	/** When the next look for messages past their time limit is due. */
	private long nextExpiry = Timers.NEVER;

	UnderWay(Engine engine) {
		this.engine = engine;
	}

	/** Returns whether another message would wait for no other. For any thread. */
	boolean hasRoom() {
		return this.waiting.get() < MAX_WAITING;
	}

	/** Returns whether a sender waits for room. For any thread. */
	boolean isAwaited() {
		return this.senders.get() > 0;
	}

	/** A sender begins to wait for room. For any thread. */
	void beginToWait() {
		this.senders.incrementAndGet();
	}

	/** A sender has room, or has given up. For any thread. */
	void waited() {
		this.senders.decrementAndGet();
	}

	/** A message is sent, and the engine is about to see it. For any thread. */
	void sent() {
		this.waiting.incrementAndGet();
	}

	/** A message waits for the daemon no more. */
	void taken() {
		this.waiting.decrementAndGet();
	}

	void add(Multicast multicast) {
		this.multicasts.add(multicast);
		expireAt(multicast.deadline());
	}

	void remove(Multicast multicast) {
		this.multicasts.remove(multicast);
	}

	/** The members change, which concerns messages in fragments. */
	void membersChanged(CpgConfigurationChange change) {
		if (!this.multicasts.isEmpty()) {
			this.multicasts.forEach((multicast) -> multicast.membersChanged(change));
		}
	}

	/**
	 * The session ends, and all outcomes are unknown.
	 * @param cause why, {@code null} if the application closes the connection
	 */
	void end(@Nullable CorosyncException cause) {
		String why = (cause != null) ? "the connection ended" : "the connection was closed";
		this.multicasts.forEach((multicast) -> multicast.unknown(why, cause));
		this.multicasts.clear();
	}

	private void expireAt(long deadline) {
		if (deadline < this.nextExpiry) {
			this.nextExpiry = deadline;
			this.engine.schedule(deadline, this::expire);
		}
	}

	/** One timer for all that is under way: most of it is decided long before. */
	private void expire() {
		long now = this.engine.nanoTime();
		long next = Timers.NEVER;
		for (Multicast multicast : List.copyOf(this.multicasts)) {
			if (multicast.deadline() <= now) {
				multicast.unknown("the time limit passed", null);
				this.multicasts.remove(multicast);
			}
			else {
				next = Math.min(next, multicast.deadline());
			}
		}
		this.nextExpiry = Timers.NEVER;
		if (next != Timers.NEVER) {
			expireAt(next);
		}
	}

}
