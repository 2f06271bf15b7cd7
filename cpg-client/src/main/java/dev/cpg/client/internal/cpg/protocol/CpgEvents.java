package dev.cpg.client.internal.cpg.protocol;

import java.util.ArrayList;
import java.util.List;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgReason;
import dev.cpg.client.RingId;
import dev.cpg.client.internal.ipc.memory.FrameHeader;
import dev.cpg.client.internal.ipc.memory.FrameReader;

/**
 * The events of corosync's CPG service: what is where in each. Offsets and lengths are in
 * bytes.
 *
 * <pre>
 *  4 configuration change  name @24, members @160, joined @168, left @176,
 *                          addresses @184: of members, left, joined
 *  5 deliver               name @24, length @160, node id @168, pid @176,
 *                          message @184
 * 13 totem configuration   ring: node id @24, sequence @32; count @40,
 *                          node ids of 4 bytes each @44
 * 17 partial deliver       name @24, whole length @160, length @168,
 *                          node id @176, pid @184, type @192, fragment @200
 *
 * address                  node id +0, pid +8, reason +16                  24
 * </pre>
 *
 * What the daemon itself must get right ends the connection if it is wrong: the length of
 * a frame, and the counts in it, of which the frame is the only limit. What another
 * member chose, and the daemon only passes on, is data: the lengths of a message and its
 * fragments, a fragment's type, a pid. It is read as it is, for whoever uses it to judge.
 */
public final class CpgEvents {

	public static final int CONFIGURATION_CHANGE = 4;

	public static final int DELIVER = 5;

	public static final int TOTEM_CONFIGURATION = 13;

	public static final int PARTIAL_DELIVER = 17;

	/** Where a delivered message begins. */
	public static final int MESSAGE = 184;

	private static final int MESSAGE_LENGTH = 160;

	private static final int MESSAGE_NODE = 168;

	private static final int MESSAGE_PID = 176;

	/** Where the bytes of a fragment begin. */
	public static final int FRAGMENT = 200;

	private static final int WHOLE_LENGTH = 160;

	private static final int FRAGMENT_LENGTH = 168;

	private static final int FRAGMENT_NODE = 176;

	private static final int FRAGMENT_PID = 184;

	private static final int FRAGMENT_TYPE = 192;

	private static final int MEMBERS = 160;

	private static final int JOINED = 168;

	private static final int LEFT = 176;

	private static final int ADDRESSES = 184;

	private static final int ADDRESS_LENGTH = 24;

	private static final int ADDRESS_PID = 8;

	private static final int ADDRESS_REASON = 16;

	private static final int RING_NODE = 24;

	private static final int RING_SEQUENCE = 32;

	private static final int NODE_COUNT = 40;

	private static final int NODES = 44;

	private CpgEvents() {
	}

	/** Requires a delivery to be whole, before anything is read of it. */
	public static void requireDelivery(FrameReader frame) {
		requireWhole(frame, MESSAGE);
	}

	public static long senderNodeId(FrameReader frame) {
		return frame.getUnsignedInt(MESSAGE_NODE);
	}

	public static long senderPid(FrameReader frame) {
		return frame.getUnsignedInt(MESSAGE_PID);
	}

	/**
	 * Returns the length of a delivered message, which begins at {@link #MESSAGE}, as its
	 * sender says it.
	 */
	public static long messageLength(FrameReader frame) {
		return frame.getUnsignedInt(MESSAGE_LENGTH);
	}

	/** Reads all of a fragment but its bytes, which begin at {@link #FRAGMENT}. */
	public static Fragment readFragment(FrameReader frame) {
		requireWhole(frame, FRAGMENT);
		return new Fragment(frame.getUnsignedInt(FRAGMENT_NODE), frame.getUnsignedInt(FRAGMENT_PID),
				frame.getInt(FRAGMENT_TYPE), frame.getUnsignedInt(WHOLE_LENGTH), frame.getUnsignedInt(FRAGMENT_LENGTH));
	}

	/** Requires as many bytes as the frame's header says, which the daemon wrote. */
	private static void requireWhole(FrameReader frame, int fixedLength) {
		FrameHeader.require(frame, fixedLength);
		FrameHeader.require(frame, FrameHeader.size(frame));
	}

	public static ConfigurationChange readConfigurationChange(FrameReader frame) {
		FrameHeader.require(frame, ADDRESSES);
		int members = readCount(frame, MEMBERS, ADDRESSES, ADDRESS_LENGTH);
		int joined = readCount(frame, JOINED, ADDRESSES, ADDRESS_LENGTH);
		int left = readCount(frame, LEFT, ADDRESSES, ADDRESS_LENGTH);
		int leftAt = ADDRESSES + members * ADDRESS_LENGTH;
		int joinedAt = leftAt + left * ADDRESS_LENGTH;
		FrameHeader.require(frame, joinedAt + joined * ADDRESS_LENGTH);
		return new ConfigurationChange(readAddresses(frame, ADDRESSES, members), readMembers(frame, leftAt, left),
				readMembers(frame, joinedAt, joined));
	}

	public static TotemConfiguration readTotemConfiguration(FrameReader frame) {
		FrameHeader.require(frame, NODES);
		int count = readCount(frame, NODE_COUNT, NODES, Integer.BYTES);
		List<Long> nodes = new ArrayList<>(count);
		for (int i = 0; i < count; i++) {
			nodes.add(frame.getUnsignedInt(NODES + i * Integer.BYTES));
		}
		return new TotemConfiguration(new RingId(frame.getUnsignedInt(RING_NODE), frame.getLong(RING_SEQUENCE)), nodes);
	}

	/**
	 * Reads the number of entries in a list.
	 * @param from where the list can begin at the earliest
	 * @param size the length of an entry
	 */
	private static int readCount(FrameReader frame, int offset, int from, int size) {
		int count = frame.getInt(offset);
		if (count < 0 || count > (frame.length() - from) / size) {
			throw FrameHeader.malformed("%d entries in %d bytes".formatted(count, frame.length()));
		}
		return count;
	}

	private static List<CpgAddress> readAddresses(FrameReader frame, int offset, int count) {
		List<CpgAddress> addresses = new ArrayList<>(count);
		for (int i = 0; i < count; i++) {
			addresses.add(readAddress(frame, offset + i * ADDRESS_LENGTH));
		}
		return addresses;
	}

	private static List<CpgMember> readMembers(FrameReader frame, int offset, int count) {
		List<CpgMember> members = new ArrayList<>(count);
		for (int i = 0; i < count; i++) {
			int at = offset + i * ADDRESS_LENGTH;
			members.add(new CpgMember(readAddress(frame, at), CpgReason.of(frame.getInt(at + ADDRESS_REASON))));
		}
		return members;
	}

	private static CpgAddress readAddress(FrameReader frame, int offset) {
		return new CpgAddress(frame.getUnsignedInt(offset), frame.getUnsignedInt(offset + ADDRESS_PID));
	}

	/** A configuration change as the daemon sends it, with the members after it. */
	public record ConfigurationChange(List<CpgAddress> members, List<CpgMember> left, List<CpgMember> joined) {

	}

	/**
	 * A part of a message, with its place in it and the length of the whole, as its
	 * sender says them: the lengths are unsigned 32-bit numbers that need not fit
	 * anything.
	 */
	public record Fragment(long nodeId, long pid, int type, long wholeLength, long length) {

	}

	/** The ring as the daemon sends it. */
	public record TotemConfiguration(RingId ring, List<Long> nodeIds) {

	}

}
