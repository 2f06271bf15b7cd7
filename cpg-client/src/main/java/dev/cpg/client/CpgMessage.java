package dev.cpg.client;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A message of the group, in the total order that all members of the view see.
 * <p>
 * The listener may keep and change its bytes, unless it
 * {@linkplain CpgListener#keepsMessages() keeps no messages}. Then they are in a buffer
 * of the connection, and lost when the listener returns without a call of
 * {@link #payload()}, which copies them.
 */
public class CpgMessage {

	private static final byte[] GONE = {};

	private final CpgGroupName group;

	private final CpgView view;

	private final CpgAddress sender;

	private final boolean local;

	private final int length;

	private byte[] bytes;

	/** Where they begin in the array. */
	private int from;

	/** Whether {@link #bytes} belong to the connection. */
	private boolean lent;

	/**
	 * Creates a message.
	 * @param group the group it was sent to
	 * @param view the view it is delivered in
	 * @param sender who sent it
	 * @param local whether the member it is delivered to sent it
	 * @param payload the bytes that were sent; not copied
	 */
	public CpgMessage(CpgGroupName group, CpgView view, CpgAddress sender, boolean local, byte[] payload) {
		this(group, view, sender, local, payload, 0, payload.length, false);
	}

	/**
	 * Creates a message whose bytes are lent to the listener, if it keeps none. For
	 * implementations of a connection.
	 * @param group the group it was sent to
	 * @param view the view it is delivered in
	 * @param sender who sent it
	 * @param local whether the member it is delivered to sent it
	 * @param bytes has the bytes that were sent; not copied
	 * @param from where they begin in it
	 * @param length how many they are
	 */
	protected CpgMessage(CpgGroupName group, CpgView view, CpgAddress sender, boolean local, byte[] bytes, int from,
			int length) {
		this(group, view, sender, local, bytes, from, length, true);
	}

	private CpgMessage(CpgGroupName group, CpgView view, CpgAddress sender, boolean local, byte[] bytes, int from,
			int length, boolean lent) {
		this.group = group;
		this.view = view;
		this.sender = sender;
		this.local = local;
		this.bytes = bytes;
		this.from = from;
		this.length = length;
		this.lent = lent;
	}

	/**
	 * Returns the group it was sent to.
	 */
	public CpgGroupName group() {
		return this.group;
	}

	/**
	 * Returns the view it is delivered in.
	 */
	public CpgView view() {
		return this.view;
	}

	/**
	 * Returns who sent it.
	 */
	public CpgAddress sender() {
		return this.sender;
	}

	/**
	 * Returns whether the member it is delivered to sent it.
	 */
	public boolean local() {
		return this.local;
	}

	/**
	 * Returns how many bytes were sent, possibly none.
	 */
	public int length() {
		return this.length;
	}

	/**
	 * Returns the bytes that were sent, possibly none. The array belongs to the listener,
	 * which may keep and change it; it is not copied again.
	 * @throws IllegalStateException if the listener keeps no messages, has returned and
	 * had not called this before
	 */
	public byte[] payload() {
		if (this.lent) {
			this.bytes = Arrays.copyOfRange(lentBytes(), this.from, this.from + this.length);
			this.from = 0;
			this.lent = false;
		}
		return this.bytes;
	}

	/**
	 * Returns the bytes that were sent without copying them, from position 0 to the
	 * limit, read-only, most significant byte first. If the listener keeps no messages it
	 * is not to be used after the listener returns: other messages are in it then.
	 * @throws IllegalStateException as {@link #payload()}
	 */
	public ByteBuffer buffer() {
		byte[] bytes = this.lent ? lentBytes() : this.bytes;
		ByteBuffer buffer = ByteBuffer.wrap(bytes, this.from, this.length);
		return ((this.from > 0) ? buffer.slice() : buffer).asReadOnlyBuffer();
	}

	private byte[] lentBytes() {
		if (this.bytes == GONE) {
			throw new IllegalStateException(
					"The message's bytes are gone: its listener keeps no messages, and did not ask for them");
		}
		return this.bytes;
	}

	/**
	 * Takes bytes that were lent back, unless they were copied. For implementations of a
	 * connection, after the listener has returned.
	 */
	protected void takeBack() {
		if (this.lent) {
			this.bytes = GONE;
		}
	}

	@Override
	public String toString() {
		return "message of " + this.length + " bytes from " + this.sender + " in " + this.group;
	}

}
