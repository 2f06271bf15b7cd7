package dev.cpg.client.internal.cmap;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import dev.cpg.client.CorosyncException;
import dev.cpg.client.CpgNames;
import dev.cpg.client.CsError;
import dev.cpg.client.internal.concurrent.Deadline;
import dev.cpg.client.internal.ipc.IpcConnection;
import dev.cpg.client.internal.ipc.Request;
import dev.cpg.client.internal.ipc.Requests;
import dev.cpg.client.internal.ipc.memory.FrameHeader;
import dev.cpg.client.internal.ipc.memory.FrameReader;
import dev.cpg.client.internal.ipc.memory.FrameWriter;
import org.jspecify.annotations.Nullable;

/**
 * Reads names from corosync's configuration map (service {@code cmap}).
 */
public final class NodeNameReader {

	/** The service that a link to it leads to. */
	public static final String SERVICE = "cmap";

	private static final int GET = 2;

	private static final int GET_RESPONSE = 2;

	private static final int GET_LENGTH = 288;

	/** Room for each request. */
	public static final int LEAST_FRAME_SIZE = GET_LENGTH;

	private static final int KEY_BYTES = 256;

	private static final int ROOM = 4096;

	private static final int TYPE_UINT32 = 6;

	private static final int TYPE_STRING = 11;

	private static final int MAX_NODES = 384;

	private final Requests requests;

	private final Deadline deadline;

	/**
	 * Creates a reader.
	 * @param timeout the limit of all that it asks for
	 */
	public NodeNameReader(IpcConnection link, Duration timeout) {
		this.requests = link.requests();
		this.deadline = Deadline.in(timeout);
	}

	public CpgNames read() {
		Map<Long, String> nodes = new HashMap<>();
		for (int i = 0; i < MAX_NODES; i++) {
			if (!(get("nodelist.node." + i + ".nodeid") instanceof Long id)) {
				break;
			}
			if (get("nodelist.node." + i + ".name") instanceof String name) {
				nodes.put(id, name);
			}
		}
		return new CpgNames((get("totem.cluster_name") instanceof String name) ? name : null, nodes);
	}

	/** Returns a string, a number, or {@code null} if there is none under the key. */
	private @Nullable Object get(String key) {
		try {
			return this.requests.ask(new Request<>("read " + key, GET_LENGTH, (frame) -> writeGet(frame, key),
					GET_RESPONSE, NodeNameReader::readValue), this.deadline);
		}
		catch (CorosyncException ex) {
			if (ex.error() == CsError.NOT_EXIST) {
				return null;
			}
			throw ex;
		}
	}

	private static void writeGet(FrameWriter frame, String key) {
		byte[] name = key.getBytes(StandardCharsets.US_ASCII);
		byte[] padded = new byte[KEY_BYTES];
		System.arraycopy(name, 0, padded, 0, name.length);
		FrameHeader.write(frame, GET, GET_LENGTH);
		frame.putLong(16, name.length);
		frame.putBytes(24, padded, 0, padded.length);
		frame.putLong(280, ROOM);
	}

	private static Object readValue(FrameReader frame) {
		int length = (frame.length() >= 40) ? frame.getInt(24) : -1;
		if (length < 0 || length > frame.length() - 40) {
			throw new CorosyncException(CsError.MESSAGE_ERROR,
					"The daemon sent a value of %d bytes in %d".formatted(length, frame.length()));
		}
		// One byte; what is behind it is not written.
		int type = frame.getInt(32) & 0xFF;
		if (type == TYPE_UINT32 && length == Integer.BYTES) {
			return frame.getUnsignedInt(40);
		}
		if (type != TYPE_STRING) {
			return "";
		}
		byte[] text = new byte[length];
		frame.getBytes(40, text);
		int end = 0;
		while (end < length && text[end] != 0) {
			end++;
		}
		return new String(text, 0, end, StandardCharsets.UTF_8);
	}

}
