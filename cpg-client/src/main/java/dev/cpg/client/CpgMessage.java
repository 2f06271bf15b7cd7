package dev.cpg.client;

/**
 * A message of the group, in the total order that all members of the view see.
 */
public final class CpgMessage {

	private final CpgGroupName group;

	private final CpgView view;

	private final CpgAddress sender;

	private final boolean local;

	private final byte[] payload;

	/**
	 * Creates a message.
	 * @param group the group it was sent to
	 * @param view the view it is delivered in
	 * @param sender who sent it
	 * @param local whether the member it is delivered to sent it
	 * @param payload the bytes that were sent; not copied
	 */
	public CpgMessage(CpgGroupName group, CpgView view, CpgAddress sender, boolean local, byte[] payload) {
		this.group = group;
		this.view = view;
		this.sender = sender;
		this.local = local;
		this.payload = payload;
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
	 * Returns the bytes that were sent, possibly none. The array is the message's own and
	 * is not copied: it belongs to whoever the message was delivered to.
	 */
	public byte[] payload() {
		return this.payload;
	}

	@Override
	public String toString() {
		return "message of " + this.payload.length + " bytes from " + this.sender + " in " + this.group;
	}

}
