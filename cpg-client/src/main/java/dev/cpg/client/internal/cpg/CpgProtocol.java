package dev.cpg.client.internal.cpg;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgReason;
import dev.cpg.client.CsError;
import dev.cpg.client.RingId;
import dev.cpg.client.internal.ipc.Request;
import dev.cpg.client.internal.ipc.memory.FrameHeader;
import dev.cpg.client.internal.ipc.memory.FrameReader;
import dev.cpg.client.internal.ipc.memory.FrameWriter;
import org.jspecify.annotations.Nullable;

/**
 * The messages of corosync's CPG service: what is where in each. Offsets are bytes; every
 * count that comes in is checked against the frame it came in, which is its only limit.
 * <p>
 * What the daemon itself must get right ends the connection if it is wrong: the length of
 * a frame, and the counts in it. What another member chose, and the daemon only passes
 * on, is data: the lengths of a message and its fragments, a fragment's type, a pid, a
 * group's name. It is read as it is, for whoever uses it to judge.
 *
 * <pre>
 * group name        length @0, 128 bytes @8                  136 bytes
 * address           node id @0, pid @8, reason @16            24 bytes
 * </pre>
 */
public final class CpgProtocol {

	public static final int JOIN = 0;

	public static final int LEAVE = 1;

	public static final int MULTICAST = 2;

	public static final int LOCAL_NODE = 4;

	public static final int ITERATION_START = 5;

	public static final int ITERATION_NEXT = 6;

	public static final int ITERATION_END = 7;

	public static final int PARTIAL_MULTICAST = 12;

	private static final int JOIN_RESPONSE = 0;

	private static final int LEAVE_RESPONSE = 1;

	private static final int LOCAL_NODE_RESPONSE = 7;

	private static final int ITERATION_START_RESPONSE = 9;

	private static final int ITERATION_NEXT_RESPONSE = 10;

	private static final int ITERATION_END_RESPONSE = 11;

	public static final int PARTIAL_MULTICAST_RESPONSE = 18;

	public static final int CONFIGURATION_CHANGE = 4;

	public static final int DELIVER = 5;

	static final int TOTEM_CONFIGURATION = 13;

	static final int PARTIAL_DELIVER = 17;

	private static final int NAME_AND_PID_LENGTH = 160;

	private static final int JOIN_LENGTH = 168;

	private static final int ITERATION_START_LENGTH = 160;

	private static final int ITERATION_LENGTH = 24;

	public static final int MULTICAST_HEADER = 40;

	private static final int PARTIAL_HEADER = 56;

	public static final int FIRST = 1;

	static final int MIDDLE = 2;

	public static final int LAST = 3;

	/** The part of a frame that libcpg keeps for headers: no message may use it. */
	public static final int RESERVED = 1024;

	/** One with room for a message of one byte. */
	public static final int LEAST_FRAME_SIZE = RESERVED + 1;

	private static final int DELIVER_INITIAL_TOTEM = 1;

	private static final int AGREED = 2;

	private static final int ITERATE_ONE_GROUP = 2;

	private static final int ITERATE_ALL = 3;

	public static final int DELIVERED = 184;

	static final int FRAGMENT = 200;

	private static final int NAME = 16;

	private static final int NAME_BYTES = NAME + 8;

	private static final int PID = 152;

	private static final int ADDRESS_LENGTH = 24;

	private static final byte[] NO_NAME = new byte[CpgGroupName.MAX_LENGTH];

	private CpgProtocol() {
	}

	public static Request<Boolean> join(CpgGroupName group, long pid) {
		return Request.toDo("join the group " + group, JOIN_LENGTH, (frame) -> {
			FrameHeader.write(frame, JOIN, JOIN_LENGTH);
			writeName(frame, group);
			frame.putLong(PID, pid);
			frame.putLong(160, DELIVER_INITIAL_TOTEM);
		}, JOIN_RESPONSE);
	}

	public static Request<Boolean> leave(CpgGroupName group, long pid) {
		return Request.toDo("leave the group " + group, NAME_AND_PID_LENGTH, (frame) -> {
			FrameHeader.write(frame, LEAVE, NAME_AND_PID_LENGTH);
			writeName(frame, group);
			frame.putLong(PID, pid);
		}, LEAVE_RESPONSE);
	}

	public static Request<Long> localNode() {
		return new Request<>("tell the local node's id", FrameHeader.REQUEST,
				(frame) -> FrameHeader.write(frame, LOCAL_NODE, FrameHeader.REQUEST), LOCAL_NODE_RESPONSE,
				CpgProtocol::readLocalNode);
	}

	/** To iterate over all groups and their members; its response is a handle. */
	public static Request<Long> iterationStart() {
		return iterationStart("iterate over the groups", NO_NAME, 0, ITERATE_ALL);
	}

	/** To iterate over the members of one group; its response is a handle. */
	public static Request<Long> iterationStart(CpgGroupName group) {
		byte[] name = group.toBytes();
		return iterationStart("tell the members of the group " + group, Arrays.copyOf(name, CpgGroupName.MAX_LENGTH),
				name.length, ITERATE_ONE_GROUP);
	}

	private static Request<Long> iterationStart(String what, byte[] name, int length, int type) {
		return new Request<>(what, ITERATION_START_LENGTH, (frame) -> {
			FrameHeader.write(frame, ITERATION_START, ITERATION_START_LENGTH);
			frame.putLong(NAME, length);
			frame.putBytes(NAME_BYTES, name, 0, name.length);
			frame.putLong(PID, type);
		}, ITERATION_START_RESPONSE, CpgProtocol::readIterationHandle);
	}

	public static Request<GroupMember> iterationNext(long handle) {
		return new Request<>("iterate over the groups", ITERATION_LENGTH,
				(frame) -> writeIteration(frame, ITERATION_NEXT, handle), ITERATION_NEXT_RESPONSE,
				CpgProtocol::readIterationMember);
	}

	public static Request<Boolean> iterationEnd(long handle) {
		return Request.toDo("end the iteration", ITERATION_LENGTH,
				(frame) -> writeIteration(frame, ITERATION_END, handle), ITERATION_END_RESPONSE);
	}

	/**
	 * A fragment of a message.
	 * @param type {@link #FIRST}, {@link #MIDDLE} or {@link #LAST}
	 */
	static Request<Boolean> partialMulticast(byte[] message, int from, int length, int type) {
		return Request.toDo("send a fragment", PARTIAL_HEADER + length, (frame) -> {
			FrameHeader.write(frame, PARTIAL_MULTICAST, PARTIAL_HEADER + length);
			frame.putLong(FrameHeader.REQUEST, 0);
			frame.putLong(24, AGREED);
			frame.putLong(32, message.length);
			frame.putLong(40, length);
			frame.putLong(48, type);
			frame.putBytes(PARTIAL_HEADER, message, from, length);
		}, PARTIAL_MULTICAST_RESPONSE);
	}

	/** Writes all of a multicast but its message, which begins behind it. */
	public static void writeMulticastHeader(FrameWriter frame, int length) {
		FrameHeader.write(frame, MULTICAST, MULTICAST_HEADER + length);
		frame.putLong(FrameHeader.REQUEST, 0);
		frame.putLong(24, AGREED);
		frame.putLong(32, length);
	}

	private static void writeIteration(FrameWriter frame, int id, long handle) {
		FrameHeader.write(frame, id, ITERATION_LENGTH);
		frame.putLong(16, handle);
	}

	private static void writeName(FrameWriter frame, CpgGroupName group) {
		byte[] name = group.toBytes();
		frame.putLong(NAME, name.length);
		byte[] padded = new byte[CpgGroupName.MAX_LENGTH];
		System.arraycopy(name, 0, padded, 0, name.length);
		frame.putBytes(NAME_BYTES, padded, 0, padded.length);
	}

	static long readLocalNode(FrameReader frame) {
		FrameHeader.require(frame, 28);
		return frame.getUnsignedInt(24);
	}

	private static long readIterationHandle(FrameReader frame) {
		FrameHeader.require(frame, 32);
		return frame.getLong(24);
	}

	private static GroupMember readIterationMember(FrameReader frame) {
		FrameHeader.require(frame, 168);
		return new GroupMember(readName(frame, 24),
				new CpgAddress(frame.getUnsignedInt(160), frame.getUnsignedInt(164)));
	}

	/** Returns {@code null} for a length that no name has: any client may choose one. */
	private static @Nullable CpgGroupName readName(FrameReader frame, int offset) {
		int length = frame.getInt(offset);
		if (length < 1 || length > CpgGroupName.MAX_LENGTH) {
			return null;
		}
		byte[] name = new byte[length];
		frame.getBytes(offset + 8, name);
		return CpgGroupName.of(name);
	}

	public static ConfigurationChange readConfigurationChange(FrameReader frame) {
		FrameHeader.require(frame, 184);
		int members = readCount(frame, 160, 184, ADDRESS_LENGTH);
		int joined = readCount(frame, 168, 184, ADDRESS_LENGTH);
		int left = readCount(frame, 176, 184, ADDRESS_LENGTH);
		int leftAt = 184 + members * ADDRESS_LENGTH;
		int joinedAt = leftAt + left * ADDRESS_LENGTH;
		FrameHeader.require(frame, joinedAt + joined * ADDRESS_LENGTH);
		return new ConfigurationChange(readAddresses(frame, 184, members), readMembers(frame, leftAt, left),
				readMembers(frame, joinedAt, joined));
	}

	static TotemConfiguration readTotemConfiguration(FrameReader frame) {
		FrameHeader.require(frame, 44);
		int count = readCount(frame, 40, 44, Integer.BYTES);
		List<Long> nodes = new ArrayList<>(count);
		for (int i = 0; i < count; i++) {
			nodes.add(frame.getUnsignedInt(44 + i * Integer.BYTES));
		}
		return new TotemConfiguration(new RingId(frame.getUnsignedInt(24), frame.getLong(32)), nodes);
	}

	public static long deliverNodeId(FrameReader frame) {
		requireWhole(frame, DELIVERED);
		return frame.getUnsignedInt(168);
	}

	public static long deliverPid(FrameReader frame) {
		return frame.getUnsignedInt(176);
	}

	/**
	 * Returns the length of a delivered message, which begins at {@link #DELIVERED}, as
	 * its sender says it.
	 */
	public static long deliverLength(FrameReader frame) {
		return frame.getUnsignedInt(160);
	}

	/** Reads all of a fragment but its bytes, which begin at {@link #FRAGMENT}. */
	static Fragment readFragment(FrameReader frame) {
		requireWhole(frame, FRAGMENT);
		return new Fragment(frame.getUnsignedInt(176), frame.getUnsignedInt(184), frame.getInt(192),
				frame.getUnsignedInt(160), frame.getUnsignedInt(168));
	}

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
			members.add(new CpgMember(readAddress(frame, at), CpgReason.of(frame.getInt(at + 16))));
		}
		return members;
	}

	private static CpgAddress readAddress(FrameReader frame, int offset) {
		return new CpgAddress(frame.getUnsignedInt(offset), frame.getUnsignedInt(offset + 8));
	}

	/**
	 * Requires as many bytes as the frame's header says, which the daemon wrote.
	 */
	private static void requireWhole(FrameReader frame, int fixedLength) {
		FrameHeader.require(frame, fixedLength);
		FrameHeader.require(frame, FrameHeader.size(frame));
	}

	/** A configuration change as it is on the wire, with the members after it. */
	record ConfigurationChange(List<CpgAddress> members, List<CpgMember> left, List<CpgMember> joined) {

	}

	/**
	 * A member of any group, as an iteration gives it.
	 *
	 * @param group the group, {@code null} if its name is none
	 * @param address the member
	 */
	record GroupMember(@Nullable CpgGroupName group, CpgAddress address) {

	}

	/**
	 * A part of a message, with its place in it and the length of the whole, as its
	 * sender says them: the lengths are unsigned 32-bit numbers that need not fit
	 * anything.
	 */
	record Fragment(long nodeId, long pid, int type, long wholeLength, long length) {

	}

	/** The ring as it is on the wire. */
	record TotemConfiguration(RingId ring, List<Long> nodeIds) {

	}

}
