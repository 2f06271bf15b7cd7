package dev.cpg.client.internal.cpg.delivery;

import java.util.List;

import dev.cpg.client.CpgAddress;
import dev.cpg.client.CpgGroupName;
import dev.cpg.client.CpgMember;
import dev.cpg.client.CpgReason;
import dev.cpg.client.CsError;
import dev.cpg.client.RingId;
import dev.cpg.client.internal.cpg.protocol.CpgEvents;
import dev.cpg.client.internal.cpg.protocol.CpgRequests;
import dev.cpg.client.internal.ipc.memory.TestFrame;

/**
 * What the daemon says, as it is on the wire: true unless a test makes a lie of it.
 */
public final class Frames {

	public static final int ID = 0;

	public static final int SIZE = 8;

	public static final int ERROR = 16;

	public static final int LOCAL_NODE_RESPONSE = 7;

	private static final int ADDRESS = 24;

	private Frames() {
	}

	public static TestFrame response(int id, CsError error, int length) {
		return header(id, length).with(ERROR, error.code());
	}

	public static TestFrame localNode(long nodeId) {
		return response(LOCAL_NODE_RESPONSE, CsError.OK, 32).with(24, (int) nodeId);
	}

	public static TestFrame iterationStart() {
		return response(CpgRequests.iterationStart().responseId(), CsError.OK, 32).with(24, 1);
	}

	public static TestFrame iterationNext(CpgGroupName group, CpgAddress member) {
		TestFrame frame = response(CpgRequests.iterationNext(1).responseId(), CsError.OK, 168);
		putName(frame, group);
		return frame.with(160, (int) member.nodeId()).with(164, (int) member.pid());
	}

	/** The answer after the last member. */
	public static TestFrame iterationOver() {
		return response(CpgRequests.iterationNext(1).responseId(), CsError.NO_SECTIONS, 168);
	}

	public static TestFrame iterationEnd() {
		return response(CpgRequests.iterationEnd(1).responseId(), CsError.OK, 24);
	}

	public static TestFrame configurationChange(CpgGroupName group, List<CpgAddress> members, List<CpgMember> left,
			List<CpgMember> joined) {
		TestFrame frame = header(CpgEvents.CONFIGURATION_CHANGE,
				184 + (members.size() + left.size() + joined.size()) * ADDRESS);
		putName(frame, group);
		frame.with(160, members.size()).with(168, joined.size()).with(176, left.size());
		int at = 184;
		for (CpgAddress member : members) {
			at = putAddress(frame, at, member, CpgReason.UNDEFINED);
		}
		for (CpgMember member : left) {
			at = putAddress(frame, at, member.address(), member.reason());
		}
		for (CpgMember member : joined) {
			at = putAddress(frame, at, member.address(), member.reason());
		}
		return frame;
	}

	public static TestFrame totemConfiguration(RingId ring, int... nodeIds) {
		TestFrame frame = header(CpgEvents.TOTEM_CONFIGURATION, 44 + nodeIds.length * Integer.BYTES);
		frame.with(24, (int) ring.nodeId()).with(40, nodeIds.length);
		frame.putLong(32, ring.sequence());
		for (int i = 0; i < nodeIds.length; i++) {
			frame.with(44 + i * Integer.BYTES, nodeIds[i]);
		}
		return frame;
	}

	public static TestFrame deliver(CpgGroupName group, CpgAddress sender, byte[] message) {
		TestFrame frame = header(CpgEvents.DELIVER, 184 + message.length);
		putName(frame, group);
		frame.with(160, message.length).with(168, (int) sender.nodeId()).with(176, (int) sender.pid());
		frame.putBytes(184, message, 0, message.length);
		return frame;
	}

	/** A fragment: type 1 is the first, 2 a middle one, 3 the last. */
	public static TestFrame partialDeliver(CpgGroupName group, CpgAddress sender, int type, int wholeLength,
			byte[] fragment) {
		TestFrame frame = header(CpgEvents.PARTIAL_DELIVER, 200 + fragment.length);
		putName(frame, group);
		frame.with(160, wholeLength).with(168, fragment.length);
		frame.with(176, (int) sender.nodeId()).with(184, (int) sender.pid()).with(192, type);
		frame.putBytes(200, fragment, 0, fragment.length);
		return frame;
	}

	private static TestFrame header(int id, int length) {
		return new TestFrame(length).with(ID, id).with(SIZE, length).with(ERROR, CsError.OK.code());
	}

	private static void putName(TestFrame frame, CpgGroupName group) {
		byte[] name = group.toBytes();
		frame.with(24, name.length).putBytes(32, name, 0, name.length);
	}

	private static int putAddress(TestFrame frame, int at, CpgAddress address, CpgReason reason) {
		frame.with(at, (int) address.nodeId()).with(at + 8, (int) address.pid()).with(at + 16, reason.code());
		return at + ADDRESS;
	}

}
