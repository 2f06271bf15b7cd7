package dev.cpg.client;

/**
 * Names one totem ring. Both parts are needed: the two sides of a partition may count to
 * the same sequence, and only the representative's node id distinguishes them.
 *
 * @param nodeId the id of the node that represents the ring, an unsigned 32-bit number
 * @param sequence the ring's sequence number
 */
public record RingId(long nodeId, long sequence) {

	/**
	 * Stands where no ring is known: on a connection that has not joined.
	 */
	public static final RingId NONE = new RingId(0, 0);

	/**
	 * Node id and sequence as corosync logs them: {@code 1.2f}, the sequence in
	 * hexadecimal.
	 */
	@Override
	public String toString() {
		return this.nodeId + "." + Long.toHexString(this.sequence);
	}

}
