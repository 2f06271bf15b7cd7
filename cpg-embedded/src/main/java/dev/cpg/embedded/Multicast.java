package dev.cpg.embedded;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgConfigurationChange;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgSendException;
import dev.cpg.client.CpgSendException.Outcome;
import dev.cpg.client.CpgView;
import dev.cpg.client.CsError;
import dev.cpg.embedded.OrderedMessage.Piece;
import org.jspecify.annotations.Nullable;

/**
 * A message under way, from the call to its outcome. Used by the engine's thread, unless
 * a method says otherwise.
 */
final class Multicast {

	private final byte[] bytes;

	private final int pieceSize;

	private final long deadline;

	private final SerialTasks outcomes;

	private final CompletableFuture<CpgView> future;

	/** How many bytes the daemon has taken. */
	private int taken;

	private volatile boolean takenWhole;

	/** The group's number of changes when the first fragment was taken. */
	private long changes;

	/** The members that have all fragments so far. */
	private List<CpgAddress> recipients = List.of();

	private boolean decided;

	/**
	 * Creates one.
	 * @param bytes the message; not changed any more
	 * @param pieceSize how many bytes go in one piece
	 * @param deadline when its outcome becomes unknown
	 * @param outcomes where the future completes
	 * @param future the future of its outcome
	 */
	Multicast(byte[] bytes, int pieceSize, long deadline, SerialTasks outcomes, CompletableFuture<CpgView> future) {
		this.bytes = bytes;
		this.pieceSize = pieceSize;
		this.deadline = deadline;
		this.outcomes = outcomes;
		this.future = future;
	}

	/** Returns the message, which is not to be changed. For any thread. */
	byte[] bytes() {
		return this.bytes;
	}

	/** Returns the future of its outcome. For any thread. */
	CompletableFuture<CpgView> future() {
		return this.future;
	}

	long deadline() {
		return this.deadline;
	}

	/** Returns whether it goes in fragments. For any thread. */
	boolean isLarge() {
		return this.bytes.length > this.pieceSize;
	}

	/** Returns whether the daemon has taken all of it. For any thread. */
	boolean isTaken() {
		return this.takenWhole;
	}

	boolean isDecided() {
		return this.decided;
	}

	int offset() {
		return this.taken;
	}

	/**
	 * Begins again with the first fragment if the group has changed since that was taken.
	 * @param now the group's number of changes
	 */
	void checkChanges(long now) {
		if (this.taken == 0 || this.changes != now) {
			this.taken = 0;
			this.changes = now;
		}
	}

	/** Returns which piece is next. */
	Piece nextPiece() {
		if (!isLarge()) {
			return Piece.WHOLE;
		}
		if (this.taken == 0) {
			return Piece.FIRST;
		}
		return (this.taken + this.pieceSize < this.bytes.length) ? Piece.MIDDLE : Piece.LAST;
	}

	/**
	 * The daemon takes the next piece.
	 * @return its length
	 */
	int take() {
		int from = this.taken;
		this.taken = Math.min(from + this.pieceSize, this.bytes.length);
		this.takenWhole = this.taken == this.bytes.length;
		return this.taken - from;
	}

	/** The members change between the first fragment and the last. */
	void membersChanged(CpgConfigurationChange change) {
		if (!this.recipients.isEmpty()) {
			List<CpgAddress> left = change.left().stream().map(CpgMember::address).toList();
			this.recipients = this.recipients.stream().filter((member) -> !left.contains(member)).toList();
		}
	}

	/**
	 * A piece is delivered to the sender.
	 * @param view the view in which it is
	 */
	void delivered(Piece piece, CpgView view) {
		switch (piece) {
			case WHOLE -> decide(view, null);
			case FIRST -> this.recipients = view.members();
			case MIDDLE -> {
			}
			case LAST -> decide(new CpgView(view.ring(), this.recipients, view.quorum()), null);
		}
	}

	/** The daemon has dropped it: no member gets it. */
	void lost() {
		decide(null, new CpgSendException(Outcome.LOST, CsError.NO_SPACE,
				"The daemon dropped the message: no member received it, and it may be sent again", null));
	}

	/**
	 * Nobody can know what becomes of it.
	 * @param why what happened
	 * @param cause what that comes of, if anything
	 */
	void unknown(String why, @Nullable CorosyncException cause) {
		decide(null, new CpgSendException(Outcome.UNKNOWN, (cause != null) ? cause.error() : CsError.TIMEOUT,
				"It is not known whether the message was delivered: " + why, cause));
	}

	private void decide(@Nullable CpgView view, @Nullable CpgSendException failure) {
		if (this.decided) {
			return;
		}
		this.decided = true;
		if (failure != null) {
			this.outcomes.add(() -> this.future.completeExceptionally(failure));
		}
		else {
			this.outcomes.add(() -> this.future.complete(view));
		}
	}

}
