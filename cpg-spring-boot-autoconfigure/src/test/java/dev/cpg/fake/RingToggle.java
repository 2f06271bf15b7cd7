package dev.cpg.fake;

import java.util.List;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgReason;
import dev.cpg.client.RingId;

/**
 * Changes the ring of a connection again and again, for a test that reads meanwhile: on a
 * ring with an even sequence number there is the node 2 with one member, too.
 */
public final class RingToggle {

	private static final int RINGS = 5_000;

	private static final CpgAddress OTHER = new CpgAddress(2, 200);

	private final FakeConnection connection;

	private long sequence = FakeConnection.RING.sequence();

	private int rings;

	/**
	 * Creates one.
	 */
	public RingToggle(FakeConnection connection) {
		this.connection = connection;
	}

	/**
	 * Returns how many nodes, and members, a ring has.
	 */
	public static int nodes(long sequence) {
		return (sequence % 2 != 0) ? 1 : 2;
	}

	/** Changes the ring once more. */
	public void again() {
		this.rings++;
		RingId ring = new RingId(1, ++this.sequence);
		if (nodes(this.sequence) == 1) {
			this.connection.ringChanged(ring, List.of(FakeConnection.LOCAL),
					List.of(new CpgMember(OTHER, CpgReason.NODEDOWN)), List.of());
		}
		else {
			this.connection.ringChanged(ring, List.of(FakeConnection.LOCAL, OTHER), List.of(),
					List.of(new CpgMember(OTHER, CpgReason.NODEUP)));
		}
	}

	/** Returns whether the test is not through yet. */
	public boolean isRunning() {
		return this.rings < RINGS;
	}

}
