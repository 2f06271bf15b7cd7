package dev.cpg.client.internal.ipc.setup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The daemon's answer to the set-up request, libqb's {@code qb_ipc_connection_response}.
 *
 * <pre>
 *       0 +------------------------+
 *         | id, size               |
 *      16 +------------------------+
 *         | error (minus errno)    |  0 if the connection is accepted
 *      24 +------------------------+
 *         | transport              |
 *      28 +------------------------+
 *         | largest frame (bytes)  |
 *      32 +------------------------+
 *         | a pointer of its own   |
 *      40 +------------------------+
 *         | request name           |  4,096 bytes each,
 *    4136 +------------------------+  with a NUL at the end
 *         | response name          |
 *    8232 +------------------------+
 *         | event name             |
 *   12328 +------------------------+
 * </pre>
 */
final class SetupResponse {

	static final int LENGTH = 12_328;

	static final int SOCKETS = 0;

	static final int SHARED_MEMORY = 1;

	private static final int ERROR = 16;

	private static final int TRANSPORT = 24;

	private static final int FRAME_SIZE = 28;

	private static final int REQUEST_NAME = 40;

	private static final int RESPONSE_NAME = 4136;

	private static final int EVENT_NAME = 8232;

	private static final int NAME_LENGTH = 4096;

	private final ByteBuffer bytes;

	SetupResponse(byte[] bytes) {
		this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
	}

	/** Returns the number of Linux's error, 0 for none. */
	int errno() {
		return -this.bytes.getInt(ERROR);
	}

	/** Returns {@link #SOCKETS}, {@link #SHARED_MEMORY}, or what this side cannot use. */
	int transport() {
		return this.bytes.getInt(TRANSPORT);
	}

	int frameSize() {
		return this.bytes.getInt(FRAME_SIZE);
	}

	String requestName() throws IOException {
		return name(REQUEST_NAME);
	}

	String responseName() throws IOException {
		return name(RESPONSE_NAME);
	}

	String eventName() throws IOException {
		return name(EVENT_NAME);
	}

	private String name(int offset) throws IOException {
		int length = 0;
		while (length < NAME_LENGTH && this.bytes.get(offset + length) != 0) {
			length++;
		}
		if (length == 0 || length == NAME_LENGTH) {
			throw new IOException("a name that it offers has no end, or is empty");
		}
		byte[] name = new byte[length];
		this.bytes.get(offset, name);
		// No byte is lost: those that are no ASCII are refused where the name is used.
		return new String(name, StandardCharsets.ISO_8859_1);
	}

}
