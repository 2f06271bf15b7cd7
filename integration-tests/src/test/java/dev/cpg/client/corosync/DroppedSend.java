package dev.cpg.client.corosync;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgView;
import dev.cpg.client.internal.cpg.protocol.CpgRequests;
import dev.cpg.client.internal.cpg.send.MessageTarget;

/**
 * Sends messages that a real daemon drops in the same way as messages that it has no room
 * for: it gives no answer, and the connection goes on.
 * <p>
 * Before corosync looks at a request it reserves room in its queue, as much as the
 * request's header claims. A request that claims to be larger than the whole queue is
 * invalid. A multicast has no answer that could say so, so the daemon logs it and goes on
 * with the next one. The claimed size alone therefore decides that this message is
 * dropped and no other, on any machine and under any load. The message itself is whole
 * and of its usual size, and takes the usual path: its writer only overwrites the size in
 * the header, which is in front of the message.
 * <p>
 * This works for messages that fit a frame, on shared memory: libqb's sockets read as
 * much as the header says. Fewer equal messages must be under way than may be undecided:
 * a message that has to wait is written again, without the claim.
 */
final class DroppedSend {

	/** The offset of the size in a request's header. */
	private static final int SIZE = 8;

	private DroppedSend() {
	}

	static CompletableFuture<CpgView> of(CpgConnection connection, String text) {
		byte[] message = text.getBytes(StandardCharsets.ISO_8859_1);
		byte[] size = ByteBuffer.allocate(Integer.BYTES)
			.order(ByteOrder.nativeOrder())
			.putInt(Integer.MAX_VALUE)
			.array();
		return connection.multicast(message.length, (target) -> {
			((MessageTarget) target).write(SIZE - CpgRequests.MULTICAST_HEADER, size, 0, size.length);
			target.put(message, 0, message.length);
		});
	}

}
