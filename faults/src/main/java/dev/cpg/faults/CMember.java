package dev.cpg.faults;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import dev.cpg.faults.member.Places;
import dev.cpg.test.CorosyncClusterException;
import dev.cpg.test.CorosyncNode;
import dev.cpg.test.LibcpgPeer;

/**
 * A member that uses libcpg, as C programs do, beside the others: it sends and receives,
 * and takes no part in elections. When its daemon has ended it begins anew. It does not
 * end before its join was ordered: Corosync would count it as a member for ever.
 */
final class CMember implements AutoCloseable {

	private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

	/** How many looks there are to a message. */
	private static final int LOOKS = 5;

	private static final int LOOKS_OF_LEAVE = 60;

	/** For how long it stays in the group, or away from it. */
	private static final int LOOKS_OF_ROAMING = 100;

	private final CorosyncNode node;

	private final Journal journal;

	private final CHistory history = new CHistory();

	private final Thread thread;

	private volatile boolean stopped;

	private volatile boolean roaming;

	private volatile boolean joined;

	CMember(CorosyncNode node, Journal journal) {
		this.journal = journal;
		this.node = node;
		this.thread = new Thread(this::run, "c-member");
		this.thread.start();
	}

	/** Returns whether it is in the group, as far as it knows. */
	boolean isJoined() {
		return this.joined;
	}

	/** Sets whether it leaves after some seconds, and joins again after some. */
	void roam(boolean now) {
		this.roaming = now;
	}

	private void run() {
		while (!this.stopped) {
			try (LibcpgPeer peer = LibcpgPeer.start(this.node)) {
				follow(peer);
			}
			catch (CorosyncClusterException ex) {
				// Its daemon does not run, or does not answer.
				LockSupport.parkNanos(LOOK_NANOS * LOOKS);
			}
			for (int look = 0; look < LOOKS_OF_ROAMING && this.roaming; look++) {
				LockSupport.parkNanos(LOOK_NANOS);
			}
		}
	}

	private void follow(LibcpgPeer peer) {
		String name = "n" + this.node.nodeId() + "c#" + (this.history.incarnations() + 1);
		peer.join(Places.GROUP);
		CHistory.Incarnation incarnation = this.history.begin(name, peer.member());
		try {
			for (int look = 1; goesOn(look) && incarnation.add(peer.events()); look++) {
				this.joined = incarnation.hasJoined();
				if (this.joined && look % LOOKS == 0) {
					peer.send(name + "#" + look / LOOKS + " - c");
				}
				LockSupport.parkNanos(LOOK_NANOS);
			}
			this.journal.ended(name);
			peer.leave();
			awaitLeave(peer, incarnation);
		}
		catch (CorosyncClusterException ex) {
			this.journal.died(name);
			throw ex;
		}
		finally {
			this.joined = false;
			boolean unused = incarnation.add(peer.events());
		}
	}

	/** What comes before the leave in the group's order comes after the call. */
	private void awaitLeave(LibcpgPeer peer, CHistory.Incarnation incarnation) {
		for (int look = 0; look < LOOKS_OF_LEAVE && incarnation.add(peer.events()); look++) {
			LockSupport.parkNanos(LOOK_NANOS);
		}
		if (!incarnation.hasLeft()) {
			this.journal.died(incarnation.name());
		}
	}

	private boolean goesOn(int look) {
		return !this.stopped && !(this.roaming && this.joined && look > LOOKS_OF_ROAMING);
	}

	/** Ends it. */
	@Override
	public void close() {
		this.stopped = true;
		try {
			this.thread.join();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** Writes what it has seen, once the others have written what they sent. */
	void writeHistories(Path directory) {
		this.history.write(directory);
	}

}
