package dev.cpg.spring.message;

import java.nio.ByteBuffer;

/**
 * What the messages begin with that starters send to each other, described in
 * {@code docs/envelope.md}: an envelope's magic, a version that no envelope has, and the
 * kind. Starters that do not know them skip them as envelopes of a newer version, and no
 * listener is notified of them.
 */
public final class ControlMessage {

	/** The version. */
	static final int VERSION = 2;

	/** The kind of the messages of the leader election. */
	public static final int ELECTION = 1;

	/** The length of what this class writes. */
	public static final int HEAD_LENGTH = Envelope.VERSION_OFFSET + 2;

	private ControlMessage() {
	}

	/**
	 * Returns the begin of a message.
	 * @param kind the kind
	 */
	public static byte[] head(int kind) {
		return ByteBuffer.allocate(HEAD_LENGTH).put(Envelope.magic()).put((byte) VERSION).put((byte) kind).array();
	}

	/**
	 * Returns whether a message is of a kind.
	 * @param message the message, from its position on, where it stays
	 * @param kind the kind
	 */
	public static boolean is(int kind, ByteBuffer message) {
		return message.remaining() >= HEAD_LENGTH
				&& message.slice(message.position(), HEAD_LENGTH).equals(ByteBuffer.wrap(head(kind)));
	}

	/** Returns whether a message is of any kind. */
	static boolean isControl(byte[] message) {
		return Envelope.isEnvelope(message) && message.length >= HEAD_LENGTH
				&& message[Envelope.VERSION_OFFSET] == VERSION;
	}

}
