package dev.cpg.client.internal.quorum;

import dev.cpg.client.CsError;
import dev.cpg.client.RingId;
import dev.cpg.client.internal.ipc.memory.TestFrame;

/**
 * What the daemon's quorum service sends, for tests.
 */
public final class QuorumFrames {

	public static final int MODEL = QuorumProtocol.MODEL;

	public static final int TRACK_START = QuorumProtocol.TRACK_START;

	public static final RingId RING = new RingId(0xFFFF_FFFFL, 0x1_0000_0013L);

	private QuorumFrames() {
	}

	public static TestFrame model(CsError error, boolean provider) {
		return response(QuorumProtocol.model().responseId(), error, 32).with(24, provider ? 1 : 0);
	}

	public static TestFrame trackStarted(CsError error) {
		return response(QuorumProtocol.trackStart().responseId(), error, 24);
	}

	private static TestFrame response(int id, CsError error, int length) {
		return new TestFrame(length).with(0, id).with(8, length).with(16, error.code());
	}

	public static TestFrame quorum(int quorate, int... nodes) {
		TestFrame event = new TestFrame(52 + nodes.length * Integer.BYTES).with(0, QuorumProtocol.QUORUM)
			.with(24, quorate)
			.with(48, nodes.length);
		putRing(event, 32);
		for (int i = 0; i < nodes.length; i++) {
			event.with(52 + i * Integer.BYTES, nodes[i]);
		}
		return event;
	}

	/** Nodes 1 and 2, of which 2 has joined and 3 has left. */
	public static TestFrame nodeList() {
		TestFrame event = new TestFrame(76).with(0, QuorumProtocol.NODE_LIST).with(40, 2).with(48, 1).with(56, 1);
		putRing(event, 24);
		return event.with(60, 1).with(64, 2).with(68, 2).with(72, 3);
	}

	private static void putRing(TestFrame event, int offset) {
		event.with(offset, (int) RING.nodeId());
		event.putLong(offset + 8, RING.sequence());
	}

}
