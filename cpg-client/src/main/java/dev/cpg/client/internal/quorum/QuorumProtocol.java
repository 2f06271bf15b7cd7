package dev.cpg.client.internal.quorum;

import java.util.ArrayList;
import java.util.List;

import dev.cpg.client.CpgQuorum;
import dev.cpg.client.RingId;
import dev.cpg.client.internal.ipc.Request;
import dev.cpg.client.internal.ipc.daemon.IpcService;
import dev.cpg.client.internal.ipc.memory.FrameHeader;
import dev.cpg.client.internal.ipc.memory.FrameReader;

/**
 * The messages of corosync's quorum service. Offsets are bytes.
 *
 * <pre>
 * 4 model           model @16                                      24 bytes
 * 1 track start     flags @16                                      24 bytes
 *
 * 5 model           quorum type @24                                32 bytes
 * 1 track started   header only
 *
 * 6 quorum          quorate @24, ring: node id @32, sequence @40;
 *                   count @48, node ids of 4 bytes each @52
 * 7 node list       ring: node id @24, sequence @32; counts: members @40,
 *                   joined @48, left @56; node ids of 4 bytes each @60:
 *                   of members, joined, left
 * </pre>
 *
 * The header of a quorum event says a size of 4 bytes more than its list needs, so the
 * count decides.
 */
final class QuorumProtocol {

	static final int MODEL = 4;

	static final int TRACK_START = 1;

	static final int QUORUM = 6;

	static final int NODE_LIST = 7;

	private static final int MODEL_RESPONSE = 5;

	private static final int TRACK_STARTED = 1;

	private static final int REQUEST_LENGTH = 24;

	static final IpcService SERVICE = new IpcService("quorum", REQUEST_LENGTH);

	private static final int ARGUMENT = 16;

	/** The model that has node lists and rings. */
	private static final int MODEL_V1 = 1;

	private static final int TRACK_CURRENT_AND_CHANGES = 1 | 2;

	private static final int QUORUM_TYPE = 24;

	private static final int MODEL_RESPONSE_LENGTH = 32;

	private static final int NO_PROVIDER = 0;

	private static final int QUORATE = 24;

	private static final int QUORUM_RING = 32;

	private static final int QUORUM_COUNT = 48;

	private static final int QUORUM_NODES = 52;

	private static final int LIST_RING = 24;

	private static final int LIST_MEMBERS = 40;

	private static final int LIST_JOINED = 48;

	private static final int LIST_LEFT = 56;

	private static final int LIST_NODES = 60;

	private static final int RING_SEQUENCE = 8;

	private QuorumProtocol() {
	}

	/** Chooses the model, and asks whether there is a quorum provider. */
	static Request<Boolean> model() {
		return new Request<>("say whether there is a quorum provider", REQUEST_LENGTH, (frame) -> {
			FrameHeader.write(frame, MODEL, REQUEST_LENGTH);
			frame.putLong(ARGUMENT, MODEL_V1);
		}, MODEL_RESPONSE, (frame) -> {
			FrameHeader.require(frame, MODEL_RESPONSE_LENGTH);
			return frame.getInt(QUORUM_TYPE) != NO_PROVIDER;
		});
	}

	/**
	 * Asks for the present quorum and all changes. The present quorum comes as an event,
	 * before the response.
	 */
	static Request<Boolean> trackStart() {
		return Request.toDo("report the quorum", REQUEST_LENGTH, (frame) -> {
			FrameHeader.write(frame, TRACK_START, REQUEST_LENGTH);
			frame.putLong(ARGUMENT, TRACK_CURRENT_AND_CHANGES);
		}, TRACK_STARTED);
	}

	/** Reads a quorum event of a cluster that has a provider. */
	static CpgQuorum readQuorum(FrameReader frame) {
		FrameHeader.require(frame, QUORUM_NODES);
		int count = readCount(frame, QUORUM_COUNT, QUORUM_NODES);
		return new CpgQuorum(true, frame.getInt(QUORATE) != 0, readRing(frame, QUORUM_RING),
				readNodes(frame, QUORUM_NODES, count));
	}

	/** Reads a node list of a cluster that has no provider. */
	static CpgQuorum readNodeList(FrameReader frame) {
		FrameHeader.require(frame, LIST_NODES);
		int members = readCount(frame, LIST_MEMBERS, LIST_NODES);
		int joined = readCount(frame, LIST_JOINED, LIST_NODES);
		int left = readCount(frame, LIST_LEFT, LIST_NODES);
		FrameHeader.require(frame, LIST_NODES + (members + joined + left) * Integer.BYTES);
		return new CpgQuorum(false, false, readRing(frame, LIST_RING), readNodes(frame, LIST_NODES, members));
	}

	private static RingId readRing(FrameReader frame, int offset) {
		return new RingId(frame.getUnsignedInt(offset), frame.getLong(offset + RING_SEQUENCE));
	}

	private static int readCount(FrameReader frame, int offset, int from) {
		int count = frame.getInt(offset);
		if (count < 0 || count > (frame.length() - from) / Integer.BYTES) {
			throw FrameHeader.malformed("%d nodes in %d bytes".formatted(count, frame.length()));
		}
		return count;
	}

	private static List<Long> readNodes(FrameReader frame, int offset, int count) {
		List<Long> nodes = new ArrayList<>(count);
		for (int i = 0; i < count; i++) {
			nodes.add(frame.getUnsignedInt(offset + i * Integer.BYTES));
		}
		return nodes;
	}

}
