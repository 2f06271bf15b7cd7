package dev.cpg.client.internal.cpg.protocol;

import java.util.Arrays;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.internal.ipc.Request;
import dev.cpg.client.internal.ipc.daemon.IpcService;
import dev.cpg.client.internal.ipc.memory.FrameHeader;
import dev.cpg.client.internal.ipc.memory.FrameReader;
import dev.cpg.client.internal.ipc.memory.FrameWriter;
import org.jspecify.annotations.Nullable;

/**
 * The requests of corosync's CPG service and their responses: what is where in each.
 * Offsets and lengths are in bytes.
 *
 * <pre>
 *  0 join               name @16, pid @152, flags @160                   168
 *  1 leave              name @16, pid @152                               160
 *  2 multicast          response header, guarantee @24, length @32,
 *                       message @40
 *  4 local node         header only                                       16
 *  5 iteration start    name @16, type @152                              160
 *  6 iteration next     handle @16                                        24
 *  7 iteration end      handle @16                                        24
 * 12 partial multicast  response header, guarantee @24, whole length @32,
 *                       length @40, type @48, fragment @56
 *
 *  0 joined             header only
 *  1 left               header only
 *  7 local node         node id @24
 *  9 iteration started  handle @24
 * 10 iteration member   name @24, node id @160, pid @164                 168
 * 11 iteration ended    header only
 * 18 fragment taken     header only
 *
 * name                  length +0, 128 bytes +8                          136
 * </pre>
 *
 * A multicast has no response. Responses carry no number of their request.
 */
public final class CpgRequests {

	public static final int JOIN = 0;

	public static final int LEAVE = 1;

	public static final int MULTICAST = 2;

	public static final int LOCAL_NODE = 4;

	public static final int ITERATION_START = 5;

	public static final int ITERATION_NEXT = 6;

	public static final int ITERATION_END = 7;

	public static final int PARTIAL_MULTICAST = 12;

	private static final int JOINED = 0;

	private static final int LEFT = 1;

	private static final int LOCAL_NODE_RESPONSE = 7;

	private static final int ITERATION_STARTED = 9;

	private static final int ITERATION_MEMBER = 10;

	private static final int ITERATION_ENDED = 11;

	public static final int PARTIAL_MULTICAST_RESPONSE = 18;

	/** The part of a frame that libcpg keeps for headers: no message may use it. */
	public static final int RESERVED = 1024;

	/** The service; its frames have room for a message of one byte at least. */
	public static final IpcService SERVICE = new IpcService("cpg", RESERVED + 1);

	/** Where a multicast's message begins. */
	public static final int MULTICAST_HEADER = 40;

	private static final int PARTIAL_HEADER = 56;

	private static final int GUARANTEE = 24;

	private static final int LENGTH = 32;

	private static final int FRAGMENT_LENGTH = 40;

	private static final int FRAGMENT_TYPE = 48;

	private static final int AGREED = 2;

	private static final int NAME = 16;

	private static final int PID = 152;

	private static final int LEAVE_LENGTH = 160;

	private static final int FLAGS = 160;

	private static final int DELIVER_INITIAL_TOTEM = 1;

	private static final int JOIN_LENGTH = 168;

	private static final int ITERATION_TYPE = 152;

	private static final int ONE_GROUP = 2;

	private static final int ALL_GROUPS = 3;

	private static final int ITERATION_START_LENGTH = 160;

	private static final int HANDLE = 16;

	private static final int ITERATION_LENGTH = 24;

	/** Where a response begins behind its header. */
	private static final int RESPONSE = 24;

	private static final int MEMBER_NODE = 160;

	private static final int MEMBER_PID = 164;

	private static final int MEMBER_LENGTH = 168;

	private static final byte[] NO_NAME = {};

	private CpgRequests() {
	}

	/** Returns a request to join a group as the member with an id. */
	public static Request<Boolean> join(CpgGroupName group, long pid) {
		return Request.toDo("join the group " + group, JOIN_LENGTH, (frame) -> {
			FrameHeader.write(frame, JOIN, JOIN_LENGTH);
			writeName(frame, group.toBytes());
			frame.putLong(PID, pid);
			frame.putLong(FLAGS, DELIVER_INITIAL_TOTEM);
		}, JOINED);
	}

	/** Returns a request to leave a group as the member with an id. */
	public static Request<Boolean> leave(CpgGroupName group, long pid) {
		return Request.toDo("leave the group " + group, LEAVE_LENGTH, (frame) -> {
			FrameHeader.write(frame, LEAVE, LEAVE_LENGTH);
			writeName(frame, group.toBytes());
			frame.putLong(PID, pid);
		}, LEFT);
	}

	/** Returns a request for the id of this node. */
	public static Request<Long> localNode() {
		return new Request<>("return the local node's id", FrameHeader.REQUEST,
				(frame) -> FrameHeader.write(frame, LOCAL_NODE, FrameHeader.REQUEST), LOCAL_NODE_RESPONSE,
				CpgRequests::readLocalNode);
	}

	static long readLocalNode(FrameReader frame) {
		FrameHeader.require(frame, RESPONSE + Integer.BYTES);
		return frame.getUnsignedInt(RESPONSE);
	}

	/**
	 * Returns a request to iterate over all groups and their members; its response is a
	 * handle.
	 */
	public static Request<Long> iterationStart() {
		return iterationStart("list the groups", NO_NAME, ALL_GROUPS);
	}

	/**
	 * Returns a request to iterate over the members of one group; its response is a
	 * handle.
	 */
	public static Request<Long> iterationStart(CpgGroupName group) {
		return iterationStart("list the members of the group " + group, group.toBytes(), ONE_GROUP);
	}

	private static Request<Long> iterationStart(String what, byte[] name, int type) {
		return new Request<>(what, ITERATION_START_LENGTH, (frame) -> {
			FrameHeader.write(frame, ITERATION_START, ITERATION_START_LENGTH);
			writeName(frame, name);
			frame.putLong(ITERATION_TYPE, type);
		}, ITERATION_STARTED, CpgRequests::readHandle);
	}

	private static long readHandle(FrameReader frame) {
		FrameHeader.require(frame, RESPONSE + Long.BYTES);
		return frame.getLong(RESPONSE);
	}

	/** Returns a request for the next member of an iteration. */
	public static Request<GroupMember> iterationNext(long handle) {
		return new Request<>("list the next member", ITERATION_LENGTH,
				(frame) -> writeIteration(frame, ITERATION_NEXT, handle), ITERATION_MEMBER,
				CpgRequests::readGroupMember);
	}

	/** Returns a request to end an iteration. */
	public static Request<Boolean> iterationEnd(long handle) {
		return Request.toDo("end the list of members", ITERATION_LENGTH,
				(frame) -> writeIteration(frame, ITERATION_END, handle), ITERATION_ENDED);
	}

	private static void writeIteration(FrameWriter frame, int id, long handle) {
		FrameHeader.write(frame, id, ITERATION_LENGTH);
		frame.putLong(HANDLE, handle);
	}

	private static GroupMember readGroupMember(FrameReader frame) {
		FrameHeader.require(frame, MEMBER_LENGTH);
		return new GroupMember(readName(frame, RESPONSE),
				new CpgAddress(frame.getUnsignedInt(MEMBER_NODE), frame.getUnsignedInt(MEMBER_PID)));
	}

	/** Writes all of a multicast but its message, which begins behind it. */
	public static void writeMulticastHeader(FrameWriter frame, int length) {
		FrameHeader.write(frame, MULTICAST, MULTICAST_HEADER + length);
		frame.putLong(FrameHeader.REQUEST, 0);
		frame.putLong(GUARANTEE, AGREED);
		frame.putLong(LENGTH, length);
	}

	/**
	 * Returns a request to multicast a fragment of a message.
	 * @param from where the fragment begins in the message
	 * @param type see {@link FragmentType}
	 */
	public static Request<Boolean> partialMulticast(byte[] message, int from, int length, int type) {
		return Request.toDo("send a fragment", PARTIAL_HEADER + length, (frame) -> {
			FrameHeader.write(frame, PARTIAL_MULTICAST, PARTIAL_HEADER + length);
			frame.putLong(FrameHeader.REQUEST, 0);
			frame.putLong(GUARANTEE, AGREED);
			frame.putLong(LENGTH, message.length);
			frame.putLong(FRAGMENT_LENGTH, length);
			frame.putLong(FRAGMENT_TYPE, type);
			frame.putBytes(PARTIAL_HEADER, message, from, length);
		}, PARTIAL_MULTICAST_RESPONSE);
	}

	private static void writeName(FrameWriter frame, byte[] name) {
		frame.putLong(NAME, name.length);
		frame.putBytes(NAME + Long.BYTES, Arrays.copyOf(name, CpgGroupName.MAX_LENGTH), 0, CpgGroupName.MAX_LENGTH);
	}

	/** Returns {@code null} for a length that no name has: any client may choose one. */
	private static @Nullable CpgGroupName readName(FrameReader frame, int offset) {
		int length = frame.getInt(offset);
		if (length < 1 || length > CpgGroupName.MAX_LENGTH) {
			return null;
		}
		byte[] name = new byte[length];
		frame.getBytes(offset + Long.BYTES, name);
		return CpgGroupName.of(name);
	}

	/**
	 * A member of any group.
	 *
	 * @param group the group, {@code null} if it has no valid name
	 * @param address the member
	 */
	public record GroupMember(@Nullable CpgGroupName group, CpgAddress address) {

	}

}
