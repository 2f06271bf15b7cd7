package dev.cpg.client.corosync;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

import dev.cpg.client.CpgConnection;
import dev.cpg.client.CpgView;
import dev.cpg.client.internal.cpg.CpgProtocol;
import dev.cpg.client.internal.cpg.MessageTarget;

/**
 * Sends messages that a real daemon drops, as it drops those that it has no room for:
 * without an answer, and the connection goes on.
 * <p>
 * Before corosync looks at a request it reserves room for it in its queue, as much as the
 * request's header says. A request that claims to be larger than the whole queue is
 * invalid, and a multicast has no answer to say so: the daemon logs it and goes on with
 * the next. So a claimed size decides alone, on any machine and under any load, that this
 * message is dropped and no other. The message itself is whole and of its usual size, and
 * takes the way of all others: its writer only reaches in front of the message, into the
 * header that is written by then.
 * <p>
 * For messages that fit a frame, on shared memory: libqb's sockets read as much as the
 * header says. Of equal messages there must be fewer under way than may be undecided, as
 * what has to wait is written anew without the claim.
 */
final class DroppedSend {

	/** Where the size stands in a request's header. */
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
			((MessageTarget) target).write(SIZE - CpgProtocol.MULTICAST_HEADER, size, 0, size.length);
			target.put(message, 0, message.length);
		});
	}

}
