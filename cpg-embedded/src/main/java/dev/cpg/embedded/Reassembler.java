package dev.cpg.embedded;

import java.util.HashMap;
import java.util.Map;

import dev.cpg.client.CpgAddress;
import dev.cpg.embedded.OrderedMessage.Data;
import dev.cpg.embedded.OrderedMessage.Piece;

/**
 * Follows the messages that arrive at one member in fragments. The fragments of different
 * senders may come in turns, those of one sender do not.
 */
final class Reassembler {

	private final int maxMessageSize;

	/** The next fragment that is expected of each sender, as an offset. */
	private final Map<CpgAddress, Integer> expected = new HashMap<>();

	private volatile long bytes;

	private volatile long dropped;

	/**
	 * Creates one without messages.
	 * @param maxMessageSize the size of the largest message that is put together
	 */
	Reassembler(int maxMessageSize) {
		this.maxMessageSize = maxMessageSize;
	}

	/**
	 * A fragment is delivered.
	 * @return whether it is the last one and none is missing
	 */
	boolean completes(Data fragment) {
		CpgAddress sender = fragment.sender();
		if (fragment.piece() == Piece.FIRST) {
			remove(sender);
			if (fragment.multicast().bytes().length > this.maxMessageSize) {
				// It is dropped, and counted with its last fragment.
				return false;
			}
			this.expected.put(sender, 0);
		}
		boolean follows = this.expected.getOrDefault(sender, -1) == fragment.offset();
		if (follows && fragment.piece() != Piece.LAST) {
			this.expected.merge(sender, fragment.length(), Integer::sum);
			setBytes(this.bytes + fragment.length());
			return false;
		}
		remove(sender);
		if (!follows && fragment.piece() == Piece.LAST) {
			setDropped(this.dropped + 1);
		}
		return follows;
	}

	/** A member is gone, and its unfinished message with it. */
	void remove(CpgAddress sender) {
		Integer length = this.expected.remove(sender);
		if (length != null) {
			setBytes(this.bytes - length);
		}
	}

	/** The member joins anew. */
	void reset() {
		this.expected.clear();
		setBytes(0);
		setDropped(0);
	}

	/** Returns how many bytes unfinished messages have. For any thread. */
	long bytes() {
		return this.bytes;
	}

	/**
	 * Returns how many messages were too large or missed their first fragments. For any
	 * thread.
	 */
	long dropped() {
		return this.dropped;
	}

	private void setBytes(long bytes) {
		this.bytes = bytes;
	}

	private void setDropped(long dropped) {
		this.dropped = dropped;
	}

}
